"""``python -m ops``: an error that we know is one sentence and exit code 1."""

from __future__ import annotations

import sys

from chalicelib.errors import FormpostError
from ops.cli import cli


def main() -> None:
    """Run the command line."""
    try:
        cli(prog_name="python -m ops")
    except FormpostError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


main()
