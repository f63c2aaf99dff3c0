"""One name for every way in which DynamoDB does not answer."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def store_errors() -> Iterator[None]:
    """Say that the store is unavailable, whatever its client calls that.

    A request that DynamoDB calls invalid is a fault of ours and stays what it is.
    """
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationException":
            raise
        raise StoreUnavailable from error
    except BotoCoreError as error:
        raise StoreUnavailable from error
