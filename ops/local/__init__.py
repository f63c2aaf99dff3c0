"""Local mode: the whole system on one machine, without an AWS account.

    gateway     Chalice's local server, mended where API Gateway differs
    dynamodb    an embedded DynamoDB that keeps its data on disk
    outbox      stream and queue pumped into relay and deliver, mail as files, secrets in a file
    site        the static site, and a page of the mails

chalicelib knows this package in one place, wiring.py, and only when
``FORMPOST_STORE`` is ``embedded``.
"""
