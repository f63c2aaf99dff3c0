"""A captcha's secret on one machine is in the file where all secrets are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.functional.local.running import DEADLINE_SECONDS, PROJECT_DIR
from tests.functional.local.stored import forms_file

if TYPE_CHECKING:
    from pathlib import Path

FORMS = """
[contact]
[guarded.spam.captcha]
service = "turnstile"
secret = "ssm:/formpost/captcha/guarded"
"""
# One post, as app.py takes it in; then which of our modules it needed.
SCRIPT = """
import json, sys
from chalicelib import wiring
from chalicelib.intake import accept_submission
from tests.builders import a_post

form, fields = json.loads(sys.argv[1])
accept_submission(a_post(fields, form=form), wiring.from_env().intake)
print(json.dumps(sorted(name for name in sys.modules if name.startswith("chalicelib."))))
"""


def sent(
    form: str, environment: dict[str, str], folder: Path, **fields: str
) -> tuple[list[Any], list[str]]:
    """Post to a form; return what was logged and the modules that were needed."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([form, fields])],
        cwd=PROJECT_DIR,
        env={**os.environ, **environment, "FORMPOST_FORMS": forms_file(folder, FORMS)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=True,
    )
    *log, modules = [json.loads(line) for line in run.stdout.splitlines()]
    return log, modules


def test_a_secret_that_is_not_in_the_file_is_told_with_the_line_to_write(
    environment: dict[str, str], tmp_path: Path
) -> None:
    token = {"cf-turnstile-response": "token"}

    log, _ = sent("guarded", environment, tmp_path, message="Hello", **token)

    [line] = log
    file = f"{environment['FORMPOST_DATA_DIR']}/secrets.toml"
    assert line["event"] == "captcha"
    assert line["outcome"] == (
        f"{file} has no secret for this. "
        'Write a line there: "ssm:/formpost/captcha/guarded" = "..."'
    )


def test_a_form_without_a_captcha_imports_nothing_that_asks(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _, modules = sent("contact", environment, tmp_path, message="Hello")

    assert "chalicelib.intake" in modules
    assert not {"chalicelib.captchas", "chalicelib.https_post"} & {*modules}
