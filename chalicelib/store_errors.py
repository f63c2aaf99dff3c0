"""One name for every way in which DynamoDB does not answer, and how long one waited for it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import store_time
from chalicelib.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def store_errors() -> Iterator[None]:
    """Say that the store is unavailable, whatever its client calls that.

    A request that DynamoDB calls invalid is a fault of ours and stays what it is.
    """
    started = time.perf_counter()
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationException":
            raise
        raise StoreUnavailable from error
    except BotoCoreError as error:
        raise StoreUnavailable from error
    finally:
        store_time.add(time.perf_counter() - started)
