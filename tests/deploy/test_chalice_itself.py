"""Plain ``chalice deploy`` and ``chalice delete``, after the first ``python -m ops deploy``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from ops.deploying.commands import deploy_steps
from ops.deploying.steps import run_all
from tests.deploy.account import ids

if TYPE_CHECKING:
    from ops.deploying.steps import Context


def test_chalice_deploys_twice_and_deletes_what_was_deployed(context: Context) -> None:
    run_all(deploy_steps(), context)
    before = ids(context)

    for _ in range(2):
        said = _chalice(context, "deploy", "--stage", "prod")
        assert f"https://{before['apis'][0]}.execute-api.eu-west-1.amazonaws.com/prod/" in said
        assert ids(context) == before
    _chalice(context, "delete", "--stage", "prod")
    assert ids(context) == {name: [] for name in before}


def _chalice(context: Context, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from chalice.cli import main; main()", *arguments],
        cwd=context.project_dir,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
