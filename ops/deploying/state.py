"""Chalice's memory, .chalice/deployed/<stage>.json: noticed when lost, and written anew.

Chalice writes that file only after a whole deployment. Without it, its next one
makes a second API, and asks for event sources that exist. So what the account
has is compared with the file before each deployment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.deploying.names import API_HANDLER, APP, DELIVER, RELAY
from ops.deploying.problems import StepProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.deploying.steps import Context

Entry = dict[str, Any]


class RecoverState:
    """Make Chalice remember everything of this stage that the account has."""

    title = "Chalice's state"

    def plan(self, context: Context) -> str:
        """Say whether something is missing in the file."""
        missing = _missing(context)
        return f"remember {_names(missing)}" if missing else "nothing, the file is complete"

    def run(self, context: Context) -> str:
        """Add to the file what it lacks."""
        missing = _missing(context)
        if not missing:
            return "complete"
        path = state_path(context.project_dir, context.stage)
        was_there = path.exists()
        path.parent.mkdir(exist_ok=True)
        known = [entry for entry in read_state(context) if entry["name"] not in missing]
        document = {
            "resources": [*known, *missing.values()],
            "schema_version": "2.0",
            "backend": "api",
        }
        path.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
        what = "lacked" if was_there else "was lost, or the first deployment stopped half-way:"
        return (
            f".chalice/deployed/{path.name} {what} {_names(missing)}, which the account has."
            " It has them now, so nothing is made twice. Commit the file"
        )


def state_path(project_dir: Path, stage: str) -> Path:
    """Return where Chalice keeps its memory of a stage."""
    return project_dir / ".chalice" / "deployed" / f"{stage}.json"


def read_state(context: Context) -> list[Entry]:
    """Return the file's entries; none where there is no file."""
    path = state_path(context.project_dir, context.stage)
    if not path.exists():
        return []
    entries: list[Entry] = json.loads(path.read_text("utf-8"))["resources"]
    return entries


def api_id(context: Context) -> str:
    """Return the id of the stage's API.

    Raises:
        StepProblem: the stage has none yet.
    """
    return str(_api_entry(context)["rest_api_id"])


def api_url(context: Context) -> str:
    """Return where the stage's API answers, without a slash at its end.

    Raises:
        StepProblem: the stage has none yet.
    """
    return str(_api_entry(context)["rest_api_url"]).rstrip("/")


def event_sources(context: Context, handler: str) -> list[Entry]:
    """Return what invokes a handler's function."""
    suffix = f":function:{context.names.function_by_handler[handler]}"
    pages = context.aws.functions.get_paginator("list_event_source_mappings").paginate()
    return [
        dict(mapping)
        for page in pages
        for mapping in page["EventSourceMappings"]
        if mapping["FunctionArn"].endswith(suffix)
    ]


def _api_entry(context: Context) -> Entry:
    for entry in read_state(context):
        if entry["resource_type"] == "rest_api":
            return entry
    raise StepProblem(
        f"The stage {context.stage} has no API yet."
        f" Run python -m ops deploy --stage {context.stage}."
    )


def _missing(context: Context) -> dict[str, Entry]:
    """Return, by name, what the account has and the file does not."""
    known = {(entry["name"], _identity(entry)) for entry in read_state(context)}
    return {
        entry["name"]: entry
        for entry in _found(context)
        if (entry["name"], _identity(entry)) not in known
    }


def _identity(entry: Entry) -> Any:
    return entry.get("rest_api_id") or entry.get("event_uuid") or entry.get("lambda_arn")


def _found(context: Context) -> Iterator[Entry]:
    """Yield an entry, as Chalice writes it, for each thing of the stage in the account."""
    arns = dict(_functions(context))
    for handler, arn in arns.items():
        yield {"name": handler, "resource_type": "lambda_function", "lambda_arn": arn}
    if API_HANDLER in arns:
        yield from _api(context, arns[API_HANDLER])
    if RELAY in arns:
        for mapping in event_sources(context, RELAY):
            yield {
                "name": "relay-dynamodb-event-source",
                "resource_type": "dynamodb_event",
                "stream_arn": mapping["EventSourceArn"],
                "event_uuid": mapping["UUID"],
                "lambda_arn": arns[RELAY],
            }
    if DELIVER in arns:
        for mapping in event_sources(context, DELIVER):
            yield {
                "name": "deliver-sqs-event-source",
                "resource_type": "sqs_event",
                "queue_arn": mapping["EventSourceArn"],
                "event_uuid": mapping["UUID"],
                "queue": context.names.delivery_queue,
                "lambda_arn": arns[DELIVER],
            }


def _functions(context: Context) -> Iterator[tuple[str, str]]:
    client = context.aws.functions
    for handler, name in context.names.function_by_handler.items():
        try:
            yield handler, client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
        except client.exceptions.ResourceNotFoundException:
            continue


def _api(context: Context, function_arn: str) -> Iterator[Entry]:
    apis = [found for found in _apis_by_name(context) if _invokes(context, found, function_arn)]
    if len(apis) > 1:
        raise StepProblem(
            f"There are {len(apis)} APIs of the stage {context.stage}: {', '.join(apis)}. Find out"
            " which one your pages use, and delete the other in the API Gateway console."
        )
    for found in apis:
        url = f"https://{found}.execute-api.{context.aws.region}.amazonaws.com/{context.stage}/"
        yield {
            "name": "rest_api",
            "resource_type": "rest_api",
            "rest_api_id": found,
            "rest_api_url": url,
        }


def _apis_by_name(context: Context) -> list[str]:
    pages = context.aws.apigateway.get_paginator("get_rest_apis").paginate()
    return [api["id"] for page in pages for api in page["items"] if api["name"] == APP]


def _invokes(context: Context, rest_api_id: str, function_arn: str) -> bool:
    """Tell whether an API is this stage's: each stage's has the same name, Chalice's."""
    pages = context.aws.apigateway.get_paginator("get_resources").paginate(
        restApiId=rest_api_id, embed=["methods"]
    )
    return any(
        f"{function_arn}/" in method.get("methodIntegration", {}).get("uri", "")
        for page in pages
        for resource in page["items"]
        for method in resource.get("resourceMethods", {}).values()
    )


def _names(entries: dict[str, Entry]) -> str:
    return ", ".join(entries)
