"""What the commands are made of: which steps, in which order, and what is shown at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.deploying import aws, stage_file
from ops.deploying.chalice import DeleteApp, DeployApp
from ops.deploying.data_stack import DeployDataStack
from ops.deploying.event_sources import SetEventSourceOptions
from ops.deploying.gateway_responses import PutGatewayResponses
from ops.deploying.logs import KeepLogs
from ops.deploying.package import MakePackage
from ops.deploying.problems import StepFailed, StepProblem
from ops.deploying.removal import DeleteData, DeleteLogs, LeaveOnlyData, ReadDataStack
from ops.deploying.site import EmptySite, UploadSite
from ops.deploying.state import RecoverState, api_url
from ops.deploying.steps import Context, stage_settings
from ops.deploying.throttling import ThrottleStage

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from ops.deploying.steps import Step


def begin(project_dir: Path, stage: str, console: Console) -> Context:
    """Return the context of a run.

    Raises:
        StepFailed: the stage is unknown, or the account cannot be reached.
    """
    try:
        stage_settings(stage_file.read(project_dir), stage)
        context = Context(project_dir, stage, aws.connect(), console)
    except StepProblem as problem:
        raise StepFailed("Start", str(problem)) from problem
    console.print(
        f"Stage [bold]{stage}[/], account {context.aws.account}, region {context.aws.region}",
        highlight=False,
    )
    return context


def deploy_steps() -> list[Step]:
    """Return the steps of a deployment, in order.

    The package comes before anything that visitors notice. What follows the API is
    what Chalice has just replaced, so it comes at once.
    """
    return [
        DeployDataStack(),
        stage_file.WriteStageFile(),
        MakePackage(),
        RecoverState(),
        DeployApp(),
        PutGatewayResponses(),
        ThrottleStage(),
        SetEventSourceOptions(),
        KeepLogs(),
        UploadSite(),
    ]


def destroy_steps(*, with_data: bool) -> list[Step]:
    """Return the steps of a removal, in order: what visitors reach goes first."""
    steps: list[Step] = [
        ReadDataStack(),
        RecoverState(),
        DeleteApp(),
        EmptySite(),
        DeleteLogs(),
        LeaveOnlyData(),
    ]
    return [*steps, DeleteData()] if with_data else steps


def examine(context: Context) -> bool:
    """Have the doctor look at the stage; return whether all is well."""
    from ops.examining import report
    from ops.examining.examination import examine_stage

    context.console.print("\nThe doctor:")
    return report.show(examine_stage(context), context.console)


def show_result(context: Context) -> None:
    """Print what to paste into a page, and where the site is."""
    from chalicelib.config import Settings
    from chalicelib.forms import load_forms
    from chalicelib.pages import snippet

    form = next(iter(load_forms(Settings.from_env({}).forms_file).values()))
    address = api_url(context)
    path = "/contact" if form.id == "contact" else f"/f/{form.id}"
    console = context.console
    console.print(f"\nThe API   {address}", highlight=False)
    console.print(f"The site  {context.outputs['SiteUrl']}", highlight=False)
    console.print(
        f"\nPaste this into a page:\n\n{snippet(form, address + path)}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
