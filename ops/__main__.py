"""``python -m ops``: an error that we know is one sentence and exit code 1."""

from __future__ import annotations

import sys

from chalicelib.errors import FormpostError, StoreUnavailable
from ops.cli import cli


def main() -> None:
    """Run the command line."""
    try:
        cli(prog_name="python -m ops")
    except StoreUnavailable as error:
        # Its own words are for visitors.
        print(f"The table does not answer: {error.__cause__}", file=sys.stderr)
        sys.exit(1)
    except FormpostError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


main()
