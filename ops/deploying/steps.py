"""Run steps one after the other, and name the one that fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from ops.deploying.names import Names
from ops.deploying.problems import StepFailed, StepProblem, sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console

    from ops.deploying.aws import Aws


@dataclass
class Context:
    """What the steps of one run share.

    Attributes:
        project_dir: the folder of app.py.
        stage: a stage of .chalice/config.json.
        aws: the account.
        console: where progress is shown.
        alarm_email: who is told of alarms; None leaves it as it is.
        package: the zip for Lambda; None until there is one.
        outputs: what the data stack says about its resources.
    """

    project_dir: Path
    stage: str
    aws: Aws
    console: Console
    alarm_email: str | None = None
    package: Path | None = None
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        """The names of the stage's resources."""
        return Names(self.stage)

    @property
    def mail_events_topic_arn(self) -> str:
        """The topic that invokes feedback, as SNS and SES want it named."""
        aws = self.aws
        return f"arn:{aws.partition}:sns:{aws.region}:{aws.account}:{self.names.mail_events_topic}"


class Step(Protocol):
    """One thing that is done to a stage."""

    title: str

    def plan(self, context: Context) -> str:
        """Say what ``run`` would do, and change nothing."""

    def run(self, context: Context) -> str:
        """Do it, and say what was done in a line.

        Raises:
            StepProblem: it cannot be done.
        """


def run_all(steps: Iterable[Step], context: Context, *, dry_run: bool = False) -> None:
    """Run each step, or only say what it would do.

    Raises:
        StepFailed: a step could not be done; the later ones were not begun.
    """
    for step in steps:
        try:
            if dry_run:
                context.console.print(f"[bold]{step.title}[/]: {step.plan(context)}")
                continue
            with context.console.status(f"{step.title} ..."):
                done = step.run(context)
        except StepProblem as problem:
            raise StepFailed(step.title, str(problem)) from problem
        except ClientError as error:
            raise StepFailed(step.title, sentence_of(error)) from error
        except BotoCoreError as error:
            raise StepFailed(step.title, f"AWS could not be asked: {error}.") from error
        except OSError as error:
            raise StepFailed(step.title, f"{error}.") from error
        context.console.print(f"[green]✓[/] [bold]{step.title}[/]: {done}", highlight=False)


def stage_settings(config: dict[str, Any], stage: str) -> dict[str, Any]:
    """Return what config.json says of a stage.

    Raises:
        StepProblem: it does not know the stage.
    """
    stages: dict[str, dict[str, Any]] = config["stages"]
    deployable = {name: settings for name, settings in stages.items() if name != "local"}
    if stage not in deployable:
        raise StepProblem(
            f'There is no stage "{stage}" in .chalice/config.json to deploy;'
            f" it has {', '.join(deployable)}."
        )
    return deployable[stage]
