"""Where a command writes what it was asked for: to stdout, or to a file, whole or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What visitors wrote is nobody else's business on a shared machine.
_OWNER_ONLY = 0o600


@contextmanager
def written(file: Path | None) -> Iterator[BinaryIO]:
    """Yield what to write to; a file has its name once all of it is written.

    Args:
        file: None is stdout. An older one stays as it is until the new one is whole.

    Raises:
        click.ClickException: the file cannot be written.
    """
    if file is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = file.with_name(f"{file.name}.new")
    try:
        with _opened(beside) as new:
            yield new
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        # Nothing is left of one that did not become whole.
        beside.unlink(missing_ok=True)


def _opened(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "wb")
