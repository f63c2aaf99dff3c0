"""Chalice's own deployment and deletion, each in a process of its own.

It imports app.py with the stage's environment, which this process must not get.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from ops.deploying.problems import StepProblem
from ops.deploying.state import api_url

if TYPE_CHECKING:
    from ops.deploying.steps import Context

# The last lines of a traceback or of Chalice's own message; the rest is on its way there.
_TOLD_LINES = 12


class DeployApp:
    """Run ``chalice deploy`` with our package."""

    title = "Functions and API"

    def plan(self, context: Context) -> str:
        """Say what Chalice deploys."""
        return f"chalice deploy --stage {context.stage}, with the functions' roles and policies"

    def run(self, context: Context) -> str:
        """Deploy, and say where the API is."""
        arguments = ["deploy", context.stage]
        if context.package:
            arguments.append(str(context.package))
        _run_chalice(context, arguments)
        return api_url(context)


class DeleteApp:
    """Run ``chalice delete``."""

    title = "Functions and API"

    def plan(self, context: Context) -> str:
        """Say what Chalice deletes."""
        return f"chalice delete --stage {context.stage}"

    def run(self, context: Context) -> str:
        """Delete what Chalice's state names."""
        _run_chalice(context, ["delete", context.stage])
        return "deleted"


def _run_chalice(context: Context, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops.deploying.chalice_process", *arguments],
        cwd=context.project_dir,
        env={
            **os.environ,
            "AWS_REGION": context.aws.region,
            "AWS_DEFAULT_REGION": context.aws.region,
            # app.py is imported; it must not start the embedded store's mends.
            "FORMPOST_STORE": "aws",
        },
        # Apart: together, what it did stands behind why it stopped, and pushes that out.
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        last = "\n".join(said.splitlines()[-_TOLD_LINES:])
        raise StepProblem(f"Chalice stopped:\n{last}\n")
