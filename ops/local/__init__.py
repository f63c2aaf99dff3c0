"""Local mode: the whole system on one machine, without an AWS account.

    gateway     Chalice's local server, mended where API Gateway differs
    dynamodb    an embedded DynamoDB that keeps its data on disk
    site        the static site

chalicelib knows this package in one place, wiring.py, and only when
``FORMPOST_STORE`` is ``embedded``.
"""
