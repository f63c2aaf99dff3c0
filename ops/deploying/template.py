"""One CloudFormation template for the whole stage: what ``chalice package`` has, and all else.

``.chalice/merge-template.json`` is merged over Chalice's own template. It is made
from resources.json and from the numbers that ``python -m ops deploy`` sets, so that
both ways lead to the same stage. Never put ``Queue`` into it: Chalice has an
intrinsic function there, and two in one place are invalid.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.deploying import stage_file
from ops.deploying.event_sources import event_source_options
from ops.deploying.gateway_responses import GATEWAY_RESPONSES
from ops.deploying.logs import LOGGING
from ops.deploying.names import API_HANDLER, APP, DELIVER, FEEDBACK, RELAY, SUMMARIZE, Names

if TYPE_CHECKING:
    from pathlib import Path

    from ops.deploying.gateway_responses import GatewayResponse

FILE = "merge-template.json"
# What Chalice calls the functions and their event sources in its template.
_RESOURCE_BY_HANDLER = {
    API_HANDLER: "APIHandler",
    RELAY: "Relay",
    DELIVER: "Deliver",
    FEEDBACK: "Feedback",
    SUMMARIZE: "Summarize",
}
_EVENT_BY_HANDLER = {RELAY: "RelayDynamodbEventSource", DELIVER: "DeliverSqsEventSource"}
_PROD = "prod"
# Names for every stage: CloudFormation puts the parameter's value there.
_NAMES = Names("${Stage}")


def merge_template(project_dir: Path) -> dict[str, Any]:
    """Return the content of the file."""
    limits = stage_file.limits(project_dir, _PROD)
    content: dict[str, Any] = json.loads(
        (project_dir / ".chalice" / "resources.json").read_text("utf-8")
    )
    content["Description"] = "A whole stage of Formpost: functions, API, data, site and alarms."
    _leave_out_extent(content)
    content["Parameters"] |= {
        "ThrottleRate": _number(limits.throttle_rate_per_second, "Requests a second."),
        "ThrottleBurst": _number(limits.throttle_burst, "Requests at once."),
        "LogRetentionDays": _number(limits.log_retention_days, "How long logs are kept."),
        "AllowedOrigins": {
            "Type": "String",
            "Default": "",
            "Description": "As FORMPOST_ALLOWED_ORIGINS, e.g. the site's address.",
        },
        "InboxUrl": {
            "Type": "String",
            "Default": "",
            "Description": "As FORMPOST_INBOX_URL: the site's address and /inbox.html.",
        },
    }
    content["Resources"]["RestAPI"] = {
        "Properties": {
            "Name": APP,
            "GatewayResponses": {
                response.kind: _sam_response(response) for response in GATEWAY_RESPONSES
            },
            "MethodSettings": [
                {
                    "HttpMethod": "*",
                    "ResourcePath": "/*",
                    "ThrottlingRateLimit": {"Ref": "ThrottleRate"},
                    "ThrottlingBurstLimit": {"Ref": "ThrottleBurst"},
                }
            ],
        }
    }
    for handler, resource in _RESOURCE_BY_HANDLER.items():
        name = _NAMES.function_by_handler[handler]
        content["Resources"][resource] = {"Properties": _function(handler, name)}
        content["Resources"][f"{resource}Log"] = {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/{name}"},
                "RetentionInDays": {"Ref": "LogRetentionDays"},
            },
        }
    return content


def write(project_dir: Path) -> Path:
    """Write the file, and return its path."""
    path = project_dir / ".chalice" / FILE
    path.write_text(json.dumps(merge_template(project_dir), indent=2) + "\n", "utf-8")
    return path


def _leave_out_extent(content: dict[str, Any]) -> None:
    """One stack is always whole; ``Extent`` is what ``python -m ops destroy`` changes."""
    del content["Parameters"]["Extent"], content["Conditions"]["IsWhole"]
    [_, has_alarm_mail] = content["Conditions"]["HasAlarmMail"]["Fn::And"]
    content["Conditions"]["HasAlarmMail"] = has_alarm_mail
    for made in (*content["Resources"].values(), *content["Outputs"].values()):
        if made.get("Condition") == "IsWhole":
            del made["Condition"]


def _function(handler: str, name: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "FunctionName": {"Fn::Sub": name},
        "LoggingConfig": LOGGING,
        "Environment": {
            "Variables": {
                "FORMPOST_TABLE": {"Ref": "Table"},
                "FORMPOST_DELIVERY_QUEUE": {"Fn::GetAtt": ["DeliveryQueue", "QueueName"]},
                "FORMPOST_DEAD_LETTER_QUEUE": {"Fn::GetAtt": ["DeadLetterQueue", "QueueName"]},
                # Chalice names the topic of the subscription by its ARN, in which CloudFormation
                # sees no need to make it first; here it does.
                "FORMPOST_MAIL_EVENTS_TOPIC": {"Fn::GetAtt": ["MailEventsTopic", "TopicName"]},
                "FORMPOST_CONFIGURATION_SET": {"Ref": "MailConfiguration"},
                "FORMPOST_METRICS": {"Fn::Sub": _NAMES.metrics_namespace},
                "FORMPOST_STREAM_ARN": {"Fn::GetAtt": ["Table", "StreamArn"]},
                "FORMPOST_ALLOWED_ORIGINS": {"Ref": "AllowedOrigins"},
                "FORMPOST_INBOX_URL": {"Ref": "InboxUrl"},
            }
        },
    }
    if handler in _EVENT_BY_HANDLER:
        failures = {"Fn::GetAtt": ["RelayFailureQueue", "Arn"]}
        options = event_source_options(failures)[handler]
        if handler == RELAY:
            options["Stream"] = {"Fn::GetAtt": ["Table", "StreamArn"]}
        properties["Events"] = {_EVENT_BY_HANDLER[handler]: {"Properties": options}}
    return properties


def _sam_response(response: GatewayResponse) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ResponseParameters": {"Headers": response.headers},
        "ResponseTemplates": {"application/json": response.template},
    }
    if response.status is not None:
        made["StatusCode"] = response.status
    return made


def _number(default: float, description: str) -> dict[str, Any]:
    return {"Type": "Number", "Default": default, "Description": description}
