"""``python -m ops run``: from the first line to the goodbye."""

from __future__ import annotations

import json
import shutil
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from tests.functional.local.running import (
    PROJECT_DIR,
    free_port,
    listed,
    local_environment,
    ops,
    post,
    request,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.local.conftest import StartLocal


def test_it_says_where_everything_is(start_local: StartLocal, environment: dict[str, str]) -> None:
    running = start_local(environment)

    assert f"http://localhost:{running.site_port}/contact.html\n" in running.output
    assert f"http://localhost:{running.api_port}\n" in running.output
    assert f"{environment['FORMPOST_DATA_DIR']}\n" in running.output
    assert "-m ops submissions list" in running.output


def test_with_a_dynamodb_that_the_environment_names_it_serves_and_tells_nobody(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    """The real one, DynamoDB Local or, here, that of another process."""
    start_local(environment)
    own_ports = local_environment(tmp_path / "unused")
    running = start_local(
        {
            **own_ports,
            "AWS_ENDPOINT_URL_DYNAMODB": (tmp_path / "data" / "dynamodb.url").read_text(),
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        }
    )

    sent = json.loads(post(running.api_port).body)

    assert [submission["id"] for submission in listed(environment)] == [sent["id"]]
    assert "table formpost-local; owners are not told from here" in running.output
    assert "Mail" not in running.output
    assert request(running.site_port, "/mail/").status == 404
    assert not (tmp_path / "unused").exists()


def test_nothing_is_logged_but_one_json_line_a_request(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    greeting = len(running.lines)

    post(running.api_port)
    request(running.api_port, "/nothing")
    request(running.site_port, "/contact.html")
    running.stop()

    first, second, goodbye = running.lines[greeting:]
    assert [json.loads(line)["status"] for line in (first, second)] == [201, 404]
    assert goodbye == "Stopped. What was sent is kept.\n"


def test_what_was_sent_is_there_after_a_restart(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    first = start_local(environment)
    sent = json.loads(post(first.api_port).body)
    first.stop()

    start_local(environment)

    assert [submission["id"] for submission in listed(environment)] == [sent["id"]]


def test_killing_it_loses_nothing_that_was_acknowledged(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    sent = [json.loads(post(running.api_port, f"Message {n}").body)["id"] for n in range(20)]
    running.stop(signal.SIGKILL)

    start_local(environment)

    assert [submission["id"] for submission in reversed(listed(environment))] == sent


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked(
    start_local: StartLocal, environment: dict[str, str], number: signal.Signals
) -> None:
    running = start_local(environment)

    assert running.stop(number) == 0
    assert running.lines[-1] == "Stopped. What was sent is kept.\n"


@pytest.mark.parametrize("variable", ["API_PORT", "SITE_PORT"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_taken_port_is_one_sentence_before_anything_starts(
    environment: dict[str, str], tmp_path: Path, variable: str, host: str
) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as taken:
        try:
            taken.bind((host, int(environment[variable])))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        taken.listen()

        failed = ops("run", environment=environment)

    assert failed.returncode == 1
    assert failed.stderr == (
        f"Port {environment[variable]} ({variable}) cannot be used: Address already in use. "
        f"Stop what uses it, or set {variable} to another port.\n"
    )
    assert failed.stdout == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_PORT", "http"),
        ("FORMPOST_STORE", "paper"),
        ("FORMPOST_STORE_TIMEOUT_SECONDS", "soon"),
        ("FORMPOST_FORMS", "/nowhere/forms.toml"),
        ("FORMPOST_DATA_DIR", "/dev/null/data"),
    ],
)
def test_wrong_setting_is_one_sentence(environment: dict[str, str], name: str, value: str) -> None:
    failed = ops("run", environment={**environment, name: value})

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr.count("\n") == 1
    assert value in failed.stderr


def test_damaged_data_are_one_sentence_and_stay_as_they_are(
    environment: dict[str, str], tmp_path: Path
) -> None:
    journal = tmp_path / "data" / "dynamodb.jsonl"
    journal.parent.mkdir()
    journal.write_text("damaged\n")

    failed = ops("run", environment=environment)

    assert failed.returncode == 1
    assert f"{journal}, line 1 is damaged" in failed.stderr
    assert failed.stderr.count("\n") == 1
    assert journal.read_text() == "damaged\n"


def test_edits_restart_it_in_place_and_mistakes_are_waited_out(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    project_dir = copied_project(tmp_path)
    app, forms = project_dir / "app.py", project_dir / "chalicelib" / "forms.toml"
    good = app.read_text()
    running = start_local(environment, project_dir)
    sent = json.loads(post(running.api_port).body)

    app.write_text(good + "\ndef broken(:\n")
    running.wait_for("app.py changed: restarting")
    running.wait_for("waiting for the next change")
    app.write_text(good)
    running.wait_for("Running again")
    forms.write_text(forms.read_text() + '\n[jobs]\ntitle = "Jobs"\n')
    running.wait_for("Running again", times=2)

    assert "SyntaxError" in running.output
    assert "Traceback" not in running.output
    assert "chalicelib/forms.toml changed: restarting" in running.output
    assert request(running.api_port, "/f/jobs").status == 200
    assert [submission["id"] for submission in listed(environment)] == [sent["id"]]
    assert running.stop() == 0


def test_wrong_form_at_the_first_start_is_one_sentence(
    environment: dict[str, str], tmp_path: Path
) -> None:
    forms = tmp_path / "forms.toml"
    forms.write_text('[contact]\ntitle = "Contact"\ncolour = "red"\n')

    failed = ops("run", environment={**environment, "FORMPOST_FORMS": str(forms)})

    assert failed.returncode == 1
    assert "colour" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_post_of_the_site_is_taken(start_local: StartLocal, environment: dict[str, str]) -> None:
    """The allowed origins follow SITE_PORT."""
    running = start_local({**environment, "SITE_PORT": str(free_port())})

    page = request(running.site_port, "/contact.html").body.decode()

    assert f'action="http://localhost:{running.api_port}/contact"' in page
    assert "http://localhost:8000" not in page


def copied_project(tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    for name in ("chalicelib", "ops", ".chalice", "static_site"):
        shutil.copytree(
            PROJECT_DIR / name, copy / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT_DIR / "app.py", copy)
    return copy
