"""``python -m ops doctor``: is a Formpost as it should be? Each failure says what to do."""
