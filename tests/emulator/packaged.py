"""The deployment package and the template of a whole stage, as CI/CD would make them."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalice.package import TemplateDeepMerger

from chalicelib.config import PROJECT_DIR
from ops.packaging.build import build

STAGE = "prod"
FORMS_FILE = Path(__file__).parent / "forms.toml"
BUCKET = "formpost-packages"
_COPIED = ("app.py", "chalicelib", ".chalice", "requirements.txt", "requirements-dev.txt")

Template = dict[str, Any]
"""A CloudFormation template with SAM's transform."""


@dataclass(frozen=True)
class Packaged:
    """What a deployment needs."""

    zip_path: Path
    template: Template


def package(folder: Path) -> Packaged:
    """Package a copy of the project whose form tells its owner by mail."""
    project = folder / "project"
    project.mkdir()
    for name in _COPIED:
        source = PROJECT_DIR / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "deployed", "deployments", "venv")
            shutil.copytree(source, project / name, ignore=ignored)
        else:
            shutil.copy(source, project)
    shutil.copy(FORMS_FILE, project / "chalicelib")
    made = build(project, folder / "package", stage=STAGE, full_certificates=False)
    whole = TemplateDeepMerger().merge(
        json.loads((project / ".chalice" / "merge-template.json").read_bytes()),
        json.loads(made.template_path.read_bytes()),
    )
    return Packaged(made.zip_path, _fitted(whole, made.zip_path.name))


def _fitted(template: Template, zip_name: str) -> Template:
    """Change what the emulator needs otherwise than AWS; everything else is what ships."""
    resources = template["Resources"]
    for resource in resources.values():
        if resource.get("Type") == "AWS::Serverless::Function":
            properties = resource["Properties"]
            # What `aws cloudformation package` does.
            properties["CodeUri"] = {"Bucket": BUCKET, "Key": zip_name}
            # One process is all of AWS here, and it shares the machine with other tests.
            variables = properties["Environment"]["Variables"]
            variables["FORMPOST_STORE_TIMEOUT_SECONDS"] = "5"
            # The receiver of webhooks is a server of the tests'.
            variables["FORMPOST_ALLOW_LOOPBACK"] = "true"
    return template


def as_asked(template: Template) -> Template:
    """Return the template with what the emulator asks for in the place of what AWS asks for."""
    changed = copy.deepcopy(template)
    for resource in changed["Resources"].values():
        if resource.get("Type") != "AWS::IAM::Role":
            continue
        for policy in resource["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                _ask(statement)
    return changed


def _ask(statement: dict[str, Any]) -> None:
    actions = statement["Action"]
    actions = [actions] if isinstance(actions, str) else actions
    # To AWS, sending a batch is sqs:SendMessage, too. The emulator has a name for it.
    # Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    if "sqs:SendMessage" in actions:
        statement["Action"] = [*actions, "sqs:SendMessageBatch"]
    # AWS asks for it on the sender's identity and on the configuration set. The emulator
    # reads no sender in raw mail and asks for it on "*".
    if "ses:SendEmail" in actions:
        statement["Resource"] = "*"
