"""The data folder of one machine, filled and looked at without a server."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from chalicelib.config import Settings
from chalicelib.forms import load_forms
from chalicelib.items import places
from chalicelib.lesson_items import taught_value
from chalicelib.model import Folder
from chalicelib.wiring import delivery_store, submission_store
from ops.local import dynamodb
from tests.builders import a_claim, a_submission
from tests.functional.local.running import DEADLINE_SECONDS, PROJECT_DIR

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.delivery import Delivery
    from chalicelib.model import Submission


class Stored:
    """What one data folder holds; it is free for a command whenever a method has ended.

    Args:
        environment: names the folder and the forms.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.settings = Settings.from_env(environment)

    def add(self, *submissions: Submission, deliveries: tuple[Delivery, ...] = ()) -> None:
        """Store submissions as posts do, and deliveries as relay does."""
        forms = load_forms(self.settings.forms_file)
        try:
            store = submission_store(self.settings, publish=False)
            for submission in submissions:
                claim = a_claim(f"claim-of-{submission.id}")
                store.add(submission, forms[submission.form], claim)
            for delivery in deliveries:
                delivery_store(self.settings, publish=False).open(delivery)
        finally:
            dynamodb.close()

    def add_one(self, **changes: Any) -> Submission:
        submission = a_submission(**changes)
        self.add(submission)
        return submission

    def mark(self, *submissions: Submission) -> None:
        """Note in submissions that their owner's move has been learned."""
        try:
            client = submission_store(self.settings, publish=False).client
            forms = load_forms(self.settings.forms_file)
            for submission in submissions:
                for _, key in places(forms[submission.form], submission.id):
                    client.update_item(
                        TableName=self.settings.table,
                        Key=key,
                        UpdateExpression="SET taught = :what",
                        ExpressionAttributeValues={
                            ":what": taught_value(is_spam=submission.folder == Folder.SPAM)
                        },
                    )
        finally:
            dynamodb.close()

    def items(self) -> list[dict[str, Any]]:
        """Return everything in the table, in wire types."""
        try:
            client = submission_store(self.settings, publish=False).client
            pages = client.get_paginator("scan").paginate(TableName=self.settings.table)
            return [dict(item) for page in pages for item in page["Items"]]
        finally:
            dynamodb.close()


def answered(
    *arguments: str, answer: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command that asks something, and answer it."""
    return subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=PROJECT_DIR,
        env={**os.environ, **environment},
        input=f"{answer}\n",
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def forms_file(folder: Path, text: str) -> str:
    """Write a forms.toml and return where it is."""
    file = folder / "forms.toml"
    file.write_text(text, "utf-8")
    return str(file)
