"""What runs on the owner's machine: ``python -m ops ...``. Nothing here ships to Lambda."""
