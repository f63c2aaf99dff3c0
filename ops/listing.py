"""How submissions look in the terminal: a table for people, JSON for programs.

Visitors' text is data here as well: control characters, markup and escape
sequences in it are shown, never obeyed.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chalicelib.config import DEFAULT_SITE_PORT
from chalicelib.documents import submission_document
from chalicelib.model import reference
from ops.terminal import escaped_json, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.model import Submission


def as_json(submissions: Iterable[Submission]) -> str:
    """Return a JSON array of everything that is kept of each submission."""
    documents = [submission_document(submission) for submission in submissions]
    return escaped_json(json.dumps(documents, indent=2, ensure_ascii=False))


def print_table(
    submissions: Sequence[Submission], limit: int, folder: str, form_count: int
) -> None:
    """Print one line for each of the first ``limit`` submissions."""
    console = Console(highlight=False)
    if not submissions:
        console.print(_empty(folder), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Reference", no_wrap=True)
    table.add_column("Received", no_wrap=True)
    if form_count > 1:
        table.add_column("Form", no_wrap=True, overflow="ellipsis", max_width=16)
    table.add_column("From", no_wrap=True, overflow="ellipsis", ratio=2)
    table.add_column("Message", no_wrap=True, overflow="ellipsis", ratio=3)
    table.expand = True
    for submission in submissions[:limit]:
        cells = [reference(submission.id), f"{submission.received_at.astimezone():%Y-%m-%d %H:%M}"]
        if form_count > 1:
            cells.append(submission.form)
        cells += [_sender(submission), _message(submission)]
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    console.print(table)
    if len(submissions) > limit:
        console.print(f"The newest {limit}; --limit shows more, --json everything.")


def _sender(submission: Submission) -> str:
    """Return who wrote: every name there is, else the e-mail address."""
    texts = dict(_texts(submission))
    names = [text for name, text in texts.items() if name == "name" or name.endswith("_name")]
    email = submission.reply_to or texts.get("email", "")
    if names and email:
        return f"{' '.join(names)} <{email}>"
    return " ".join(names) or email


def _message(submission: Submission) -> str:
    """Return the message, else the longest text."""
    texts = dict(_texts(submission))
    return texts.get("message") or max(texts.values(), key=len, default="")


def _texts(submission: Submission) -> list[tuple[str, str]]:
    return [(name.lower(), ", ".join(values)) for name, values in submission.answers]


def _empty(folder: str) -> str:
    if folder != "inbox":
        return f"Nothing in {folder}."
    port = os.environ.get("SITE_PORT") or DEFAULT_SITE_PORT
    return f"Nothing yet. Post the form on http://localhost:{port}/contact.html"
