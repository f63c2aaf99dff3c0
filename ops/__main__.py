"""``python -m ops``: an error that we know is one sentence and exit code 1."""

from __future__ import annotations

import sys

from chalicelib.errors import FormpostError, StoreUnavailable


def main() -> None:
    """Run the command line."""
    try:
        # Here, since a Python without our packages ends with this line.
        from ops.cli import cli

        cli(prog_name="python -m ops")
    except StoreUnavailable as error:
        # Its own words are for visitors.
        sys.exit(f"The table does not answer: {error.__cause__}")
    except FormpostError as error:
        sys.exit(str(error))
    except ModuleNotFoundError as error:
        sys.exit(
            f"This Python has no {error.name}. The one that make run sets up has it: "
            ".venv/bin/python -m ops"
        )


main()
