"""``python -m ops tokens`` on a data folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR, Settings
from chalicelib.tokens import Scope, Token
from ops.tokens import shown_once, sign_in_link
from tests.builders import NOON

if TYPE_CHECKING:
    from pathlib import Path


def ops(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops", "tokens", *arguments],
        cwd=PROJECT_DIR,
        env={
            **os.environ,
            "FORMPOST_STORE": "embedded",
            "FORMPOST_DATA_DIR": str(data_dir),
            "COLUMNS": "120",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(tmp_path: Path) -> None:
    made = ops(tmp_path, "create", "Ada's laptop", "--scope", "read", "--days", "30")
    found = re.search(r"fpt_([a-z2-7]{16})_([a-z2-7]{52})\n", made.stdout)
    assert found, made.stderr
    token_id, secret = found.groups()
    listed = ops(tmp_path, "list")
    revoked = ops(tmp_path, "revoke", found[0].strip())

    assert f"http://localhost:8080/inbox.html#token={found[0]}" in made.stdout
    assert re.search(rf"{token_id} +Ada's laptop +read +\S+ +\S+", listed.stdout)
    assert secret not in listed.stdout
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert token_id.encode() in kept
    assert secret.encode() not in kept
    assert revoked.returncode == 0
    assert ops(tmp_path, "list").stdout.startswith("No tokens.")
    again = ops(tmp_path, "revoke", token_id)
    assert (again.returncode, f'no token "{token_id}"' in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("variables", "page"),
    [
        ({}, "http://localhost:8080/inbox.html"),
        ({"FORMPOST_INBOX_URL": "https://x.example/inbox.html"}, "https://x.example/inbox.html"),
        ({"FORMPOST_STORE": "aws"}, None),
    ],
)
def test_the_link_has_the_token_where_no_server_sees_it(
    variables: dict[str, str], page: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SITE_PORT", raising=False)

    link = sign_in_link("fpt_x_y", Settings.from_env(variables))

    assert link == (f"{page}#token=fpt_x_y" if page else None)


@pytest.mark.parametrize(("stage", "option"), [(None, ""), ("prod", " --stage prod")])
def test_the_command_that_revokes_a_token_is_one_for_its_stage(
    stage: str | None, option: str
) -> None:
    """Without the stage it would look on this machine, and find no such token."""
    token = Token("abc", "Ada", Scope.READ, "0" * 64, NOON)

    shown = shown_once(token, "fpt_abc_y", Settings.from_env({}), stage)

    revoke = f"Revoke it with: .venv/bin/python -m ops tokens revoke abc{option}"
    assert shown.splitlines()[-1] == revoke
