"""From a post to the owner, on one machine: stream and queue pumped, mail as files, webhooks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from ops.local import journal
from tests.builders import ADA
from tests.functional.local.hooks import receiving
from tests.functional.local.running import (
    JSON,
    PROJECT_DIR,
    free_port,
    listed,
    local_environment,
    ops,
    post,
    request,
    wait_until,
)
from tests.functional.local.test_chalice_local import start_chalice
from tests.functional.local.test_run import copied_project
from tests.standard_webhooks import verify_with_pypi

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.functional.local.conftest import Start, StartLocal
    from tests.functional.local.running import Running

EMAIL = """
[contact.notify.email]
to = ["owner@example.com"]
from = "Contact form <forms@example.com>"
"""
REFERENCE = "ssm:/formpost/local/webhook"
# 32 bytes, as Standard Webhooks wants them.
SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
# Stores a post as the API does, in a process that ends before anything else can happen: at once,
# after relay has opened the delivery, or after that was noted, too.
DYING = """
import os, sys
import app
from ops.local import dynamodb
from ops.local.handlers import Handlers
from ops.local.lambda_events import stream_event
from tests.gateway import Gateway

headers = {"Content-Type": "application/x-www-form-urlencoded"}
answer = Gateway(app.app, app.app.routes).request(
    "POST", "/contact", headers=headers, body=sys.argv[2].encode()
)
assert answer.status == 303, answer
database = dynamodb.held(app.settings.data_dir)
batch = database.stream.wait_for_batch(100)
if sys.argv[1] in ("opened", "noted"):
    Handlers.of(app.app).relay(stream_event(batch.records, ""), None)
if sys.argv[1] == "noted":
    database.mark_relayed(batch.writes)
os._exit(9)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings whose contact form tells its owner by mail."""
    environment = local_environment(tmp_path / "data")
    declare(environment, tmp_path, EMAIL)
    return environment


def declare(environment: dict[str, str], folder: Path, targets: str) -> None:
    """Let the shipped forms have these targets, too."""
    forms = folder / "forms.toml"
    forms.write_text((PROJECT_DIR / "chalicelib" / "forms.toml").read_text() + targets)
    environment["FORMPOST_FORMS"] = str(forms)


def webhook(url: str) -> str:
    return f'[contact.notify.webhook]\nurl = "{url}"\nsecrets = ["{REFERENCE}"]\n'


def keep_secret(environment: dict[str, str]) -> None:
    folder = Path(environment["FORMPOST_DATA_DIR"])
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "secrets.toml").write_text(f'"{REFERENCE}" = "{SECRET}"\n')


def files(environment: dict[str, str]) -> list[Path]:
    return sorted((Path(environment["FORMPOST_DATA_DIR"]) / "mail").glob("*.eml"))


def mails(environment: dict[str, str], count: int) -> list[EmailMessage]:
    """Wait for so many mails, oldest first."""
    wait_until(lambda: len(files(environment)) >= count, lambda: f"{count} mails")
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in files(environment)]
    assert len(found) == count
    return found


def told(running: Running) -> list[tuple[str, str]]:
    """Return target and outcome of every attempt in the log."""
    lines = [json.loads(line) for line in running.lines if line.startswith("{")]
    return [(line["target"], line["outcome"]) for line in lines if line.get("event") == "deliver"]


def wait_until_told(running: Running, count: int = 1) -> list[tuple[str, str]]:
    wait_until(lambda: len(told(running)) >= count, lambda: f"{count} in:\n{running.output}")
    return told(running)


def deliveries(environment: dict[str, str], submission_id: str) -> list[dict[str, Any]]:
    listing = ops("deliveries", "list", submission_id, "--json", environment=environment)
    assert listing.returncode == 0, listing.stderr
    return list(json.loads(listing.stdout))


def die(environment: dict[str, str], when: str, **fields: str) -> None:
    """Let a process end right after it has stored a post."""
    body = urlencode({**ADA, **fields})
    ended = subprocess.run(
        [sys.executable, "-c", DYING, when, body],
        cwd=PROJECT_DIR,
        env={**environment, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 9, ended.stderr


def test_post_becomes_a_mail_that_the_owner_can_answer(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)

    sent = json.loads(post(running.api_port, "Please call me.").body)

    [mail] = mails(environment, 1)
    assert mail["To"] == "owner@example.com"
    assert mail["From"] == "Contact form <forms@example.com>"
    assert mail["Reply-To"] == "ann@site.example"
    assert mail["X-Formpost-Submission"] == sent["id"]
    body = mail.get_body(("plain",))
    assert body
    assert "Please call me." in body.get_content()
    assert wait_until_told(running) == [("email", "delivered")]


def test_mail_is_on_the_page_that_the_start_prints(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    fields = {**ADA, "_subject": "<b>Buy</b> & sell"}
    form = {**JSON, "Content-Type": "application/x-www-form-urlencoded"}
    request(
        running.api_port, "/contact", method="POST", body=urlencode(fields).encode(), headers=form
    )
    mails(environment, 1)
    [file] = files(environment)

    page = request(running.site_port, "/mail/").body.decode()
    mail = request(running.site_port, f"/mail/{file.stem}").body.decode()
    style = request(running.site_port, "/mail/style.css")

    assert f"  Mail            http://localhost:{running.site_port}/mail/\n" in running.output
    assert f"{file.parent}\n" in running.output
    assert f'href="/mail/{file.stem}"' in page
    for html in (page, mail):
        assert "&lt;b&gt;Buy&lt;/b&gt; &amp; sell" in html
        assert "<b>Buy" not in html
    assert request(running.site_port, f"/mail/{file.stem}.eml").body == file.read_bytes()
    assert (style.status, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_html_of_a_mail_comes_with_a_policy_of_its_own_and_no_other(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    post(running.api_port)
    mails(environment, 1)
    [file] = files(environment)

    policies = request(running.site_port, f"/mail/{file.stem}.html").headers.get_all(
        "Content-Security-Policy"
    )

    assert policies
    [policy] = policies
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; sandbox;")


def test_mails_are_not_shown_to_a_name_that_is_not_this_machine_s(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    rebound = {"Host": f"evil.example:{running.site_port}"}

    assert request(running.site_port, "/mail/", headers=rebound).status == 404
    assert request(running.site_port, "/mail/").status == 200


def test_repeated_post_is_one_mail(start_local: StartLocal, environment: dict[str, str]) -> None:
    running = start_local(environment)
    first, repeat = post(running.api_port), post(running.api_port)
    post(running.api_port, "Something else")

    told_about = {mail["X-Formpost-Submission"] for mail in mails(environment, 2)}

    assert (first.status, repeat.status) == (201, 200)
    assert told_about == {submission["id"] for submission in listed(environment)}


def test_nobody_is_told_of_spam(start_local: StartLocal, environment: dict[str, str]) -> None:
    running = start_local(environment)
    spam = urlencode({**ADA, "_gotcha": "filled in"}).encode()
    form = {**JSON, "Content-Type": "application/x-www-form-urlencoded"}
    request(running.api_port, "/contact", method="POST", body=spam, headers=form)

    sent = json.loads(post(running.api_port).body)

    [mail] = mails(environment, 1)
    assert mail["X-Formpost-Submission"] == sent["id"]


@pytest.mark.parametrize("when", ["stored", "opened", "noted"])
def test_what_a_killed_process_did_not_tell_is_told_once_after_the_next_start(
    start_local: StartLocal, environment: dict[str, str], when: str
) -> None:
    die(environment, when, message="Before the end")
    assert files(environment) == []

    running = start_local(environment)
    post(running.api_port, "After it")

    texts = [mail.as_string() for mail in mails(environment, 2)]
    assert ["Before the end" in text for text in texts].count(True) == 1
    assert wait_until_told(running, 2) == [("email", "delivered")] * 2


def test_killed_process_does_not_tell_again_what_it_told(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    first = start_local(environment)
    post(first.api_port, "Told")
    wait_until_told(first)
    first.process.kill()
    first.wait()

    again = start_local(environment)
    post(again.api_port, "New")

    assert len(mails(environment, 2)) == 2
    assert wait_until_told(again) == [("email", "delivered")]


def test_command_that_opens_the_data_for_a_moment_tells_nobody(
    environment: dict[str, str], start_local: StartLocal
) -> None:
    """And what it leaves is still to be told, though it has written the journal anew."""
    die(environment, "stored")

    assert len(listed(environment)) == 1
    assert files(environment) == []

    start_local(environment)
    mails(environment, 1)


def test_target_that_is_added_later_is_not_told_of_old_submissions(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    declare(environment, tmp_path, "")
    before = start_local(environment)
    post(before.api_port, "Old")
    path = Path(environment["FORMPOST_DATA_DIR"]) / "dynamodb.jsonl"
    wait_until(
        lambda: journal.relayed_writes(path) == len(list(journal.read(path))), path.read_text
    )
    before.stop()

    declare(environment, tmp_path, EMAIL)
    running = start_local(environment)
    new = json.loads(post(running.api_port, "New").body)

    [mail] = mails(environment, 1)
    assert mail["X-Formpost-Submission"] == new["id"]


def test_plain_chalice_local_tells_as_well(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    running = start_chalice(start, copied_project(tmp_path), environment)

    post(running.api_port)

    mails(environment, 1)
    assert wait_until_told(running) == [("email", "delivered")]


def test_of_two_servers_on_the_same_data_one_tells(
    start: Start, start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    """The one that holds them, whichever took the post."""
    holder = start_local(environment)
    other = start_chalice(
        start, copied_project(tmp_path), {**environment, "API_PORT": str(free_port())}
    )

    post(other.api_port, "To the other")
    post(holder.api_port, "To the holder")

    mails(environment, 2)
    assert wait_until_told(holder, 2) == [("email", "delivered")] * 2
    assert told(other) == []
    assert "Traceback" not in other.output


def test_webhook_on_this_machine_gets_a_signed_post(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    with receiving() as receiver:
        declare(environment, tmp_path, webhook(receiver.url))
        keep_secret(environment)
        running = start_local({**environment, "FORMPOST_ALLOW_LOOPBACK": "true"})

        sent = json.loads(post(running.api_port).body)

        assert wait_until_told(running) == [("webhook", "delivered")]
        [received] = receiver.received
    assert verify_with_pypi(received.headers, received.body, SECRET)
    assert json.loads(received.body)["data"]["id"] == sent["id"]


def test_webhook_may_not_go_to_this_machine_without_the_setting(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    with receiving() as receiver:
        declare(environment, tmp_path, webhook(receiver.url))
        keep_secret(environment)
        running = start_local(environment)

        post(running.api_port)

        assert wait_until_told(running) == [("webhook", "refused")]
    assert receiver.received == []


def test_secret_that_is_missing_is_told_with_the_line_to_write(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    declare(environment, tmp_path, webhook("https://hooks.example/in"))
    running = start_local(environment)

    sent = json.loads(post(running.api_port).body)

    assert wait_until_told(running) == [("webhook", "pending")]
    [delivery] = deliveries(environment, sent["id"])
    file = Path(environment["FORMPOST_DATA_DIR"]) / "secrets.toml"
    assert delivery["attempts"][0]["outcome"] == (
        f'{file} has no secret for this. Write a line there: "{REFERENCE}" = "..."'
    )


def test_owner_who_asks_again_is_heard_by_the_process_that_runs(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    """The command's own process ends with its queue; what it writes to the table is seen here."""
    with receiving(status=410) as receiver:
        declare(environment, tmp_path, webhook(receiver.url))
        keep_secret(environment)
        running = start_local({**environment, "FORMPOST_ALLOW_LOOPBACK": "true"})
        sent = json.loads(post(running.api_port).body)
        wait_until_told(running)
        receiver.status = 200

        asked = ops("deliveries", "retry", sent["id"], environment=environment)

        assert asked.returncode == 0, asked.stderr
        assert wait_until_told(running, 2) == [("webhook", "refused"), ("webhook", "delivered")]
    assert SECRET not in running.output


def test_receiver_that_fails_is_asked_again_also_after_a_restart(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    """Ten seconds later, as retries.py says; that is how long this test takes."""
    with receiving(status=500) as receiver:
        declare(environment, tmp_path, webhook(receiver.url))
        keep_secret(environment)
        environment["FORMPOST_ALLOW_LOOPBACK"] = "true"
        first = start_local(environment)
        post(first.api_port)
        assert wait_until_told(first) == [("webhook", "pending")]
        failed_at = time.monotonic()
        first.stop()

        receiver.status = 200
        again = start_local(environment)

        assert wait_until_told(again) == [("webhook", "delivered")]
        waited_seconds = time.monotonic() - failed_at
    ids = [received.headers["webhook-id"] for received in receiver.received]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert waited_seconds > 9


@pytest.mark.parametrize("command", [("list",), ("retry", "--failed")], ids=" ".join)
def test_of_an_unknown_form_it_does_not_say_that_all_is_delivered(
    environment: dict[str, str], command: tuple[str, ...]
) -> None:
    unknown = ops("deliveries", *command, "--form", "jobs", environment=environment)

    assert unknown.returncode == 2
    assert 'There is no form "jobs"; forms.toml has: contact' in unknown.stderr
