"""Mail of local mode is a file with the bytes that SES would be handed."""

from __future__ import annotations

import stat
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.channels import Sent, channel
from chalicelib.config import PROJECT_DIR
from chalicelib.errors import DeliveryFailed
from chalicelib.outbound import Outbound
from ops.local.mail import MailFolder
from tests.builders import a_notice, a_submission
from tests.fakes import Clock, RecordedOutbound

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = {"to": ["Öwner <owner@example.com>"], "from": "forms@example.com"}
# The end of the id of a submission of noon without any randomness.
REFERENCE = "0000-0000"


class SesThatKeeps:
    """Stands for boto3's client; keeps what it is asked to send."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        self.raw.append(request["Content"]["Raw"]["Data"])
        return {"MessageId": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "mail"


def a_mail() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message.set_content("Hello Ä\n")
    return message


def send(folder: Path, message: EmailMessage | None = None, **tags: str) -> Sent:
    mails = MailFolder(folder, now=Clock(), outbound=RecordedOutbound())
    return mails.send_mail(message or a_mail(), recipients=["owner@example.com"], tags=tags)


def test_name_begins_with_the_time_and_ends_with_what_the_visitor_quotes(folder: Path) -> None:
    sent = send(folder, submission=a_submission().id)

    file = folder / f"2026-11-23T12-00-00-000Z-{REFERENCE}.eml"
    assert list(folder.iterdir()) == [file]
    assert sent == Sent(f"written to {file}")


def test_mails_of_one_moment_are_all_kept(folder: Path) -> None:
    """The notice to the owner and the answer to the visitor may be."""
    for _ in range(3):
        send(folder, submission=a_submission().id)
    send(folder)

    assert sorted(file.name for file in folder.iterdir()) == [
        f"2026-11-23T12-00-00-000Z-{REFERENCE}-2.eml",
        f"2026-11-23T12-00-00-000Z-{REFERENCE}-3.eml",
        f"2026-11-23T12-00-00-000Z-{REFERENCE}.eml",
        "2026-11-23T12-00-00-000Z.eml",
    ]


def test_only_the_owner_may_read_mails(folder: Path) -> None:
    send(folder)

    [file] = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_file_is_byte_for_byte_what_ses_would_be_handed(folder: Path) -> None:
    """Parts are divided by random text, so both get the same message."""
    ses: Any = SesThatKeeps()
    real = Outbound(lambda: ses, lambda: pytest.fail("nothing is posted"))
    mails = MailFolder(folder, now=Clock(), outbound=real)

    class Both(RecordedOutbound):
        def send_mail(self, message: EmailMessage, **how: Any) -> Sent:
            real.send_mail(message, **how)
            return mails.send_mail(message, **how)

    channel("email").send(a_notice("email", SETTINGS), Both())

    [file] = folder.iterdir()
    assert [file.read_bytes()] == ses.raw
    assert b"\r\n" in file.read_bytes()


def test_folder_in_the_project_is_shown_in_short() -> None:
    with pytest.raises(DeliveryFailed) as failed:
        # A file stands where the folder would be.
        send(PROJECT_DIR / "app.py" / "mail")

    assert str(failed.value) == "The mail cannot be written to app.py/mail: Not a directory."


def test_mail_that_cannot_be_written_is_tried_again(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file")

    with pytest.raises(DeliveryFailed, match=f"cannot be written to {folder}: File exists"):
        send(folder)


def test_posts_leave_for_real(folder: Path) -> None:
    real = RecordedOutbound()
    mails = MailFolder(folder, now=Clock(), outbound=real)

    sent = mails.post("https://hooks.example/in", body=b"{}", headers={"a": "1"})

    assert real.posts == [("https://hooks.example/in", b"{}", {"a": "1"})]
    assert sent.status == 200
