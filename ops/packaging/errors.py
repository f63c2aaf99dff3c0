"""What can keep a package from being made.

Not in chalicelib's tree: it happens on the owner's machine, and no visitor ever meets it.
"""

from __future__ import annotations

import click


class PackagingError(click.ClickException):
    """No package was made; the message says what to change."""
