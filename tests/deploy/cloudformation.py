"""A CloudFormation that knows stacks and change sets, and makes the resources in moto.

moto's own knows neither CloudFront nor how a change set tells that nothing has
changed. Requests and answers are those of the Query API.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_CHANGES = "The submitted information didn't contain changes."


class Refused(Exception):
    """Answered with a ValidationError."""


@dataclass
class _Stack:
    name: str
    status: str = "REVIEW_IN_PROGRESS"
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    change_sets: dict[str, Mapping[str, str]] = field(default_factory=dict)


class CloudFormation:
    """One account's stacks.

    Args:
        endpoint_url: of the moto that has everything else.
    """

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url
        self._stacks: dict[str, _Stack] = {}

    def answer(self, request: Mapping[str, str]) -> str:
        """Return the XML of an answer.

        Raises:
            Refused: with CloudFormation's words.
        """
        action = request["Action"]
        result = getattr(self, f"_{action}")(request)
        return (
            f"<{action}Response><{action}Result>{_xml(result)}</{action}Result></{action}Response>"
        )

    def set_status(self, name: str, status: str) -> None:
        """Leave a stack as AWS sometimes does."""
        self._stacks[name].status = status

    def _CreateChangeSet(self, request: Mapping[str, str]) -> Any:  # noqa: N802
        stack = self._stacks.get(request["StackName"])
        if request["ChangeSetType"] == "UPDATE" and stack is None:
            raise Refused(f"Stack [{request['StackName']}] does not exist")
        stack = self._stacks.setdefault(request["StackName"], _Stack(request["StackName"]))
        stack.change_sets[request["ChangeSetName"]] = request
        return {"Id": request["ChangeSetName"]}

    def _DescribeChangeSet(self, request: Mapping[str, str]) -> Any:  # noqa: N802
        stack = self._stacks[request["StackName"]]
        asked = stack.change_sets[request["ChangeSetName"]]
        if self._is_current(stack, asked):
            return {"Status": "FAILED", "StatusReason": _NO_CHANGES}
        before = json.loads(stack.template)["Resources"] if stack.template else {}
        resources = json.loads(asked["TemplateBody"])["Resources"]
        changes = [_change("Add", name) for name in resources.keys() - before.keys()]
        changes += [_change("Remove", name) for name in before.keys() - resources.keys()]
        changes += [
            _change("Modify", name)
            for name in before
            if resources.get(name) not in (None, before[name])
        ]
        return {"Status": "CREATE_COMPLETE", "Changes": changes}

    def _DeleteChangeSet(self, request: Mapping[str, str]) -> Any:  # noqa: N802
        del self._stacks[request["StackName"]].change_sets[request["ChangeSetName"]]
        return {}

    def _ExecuteChangeSet(self, request: Mapping[str, str]) -> Any:  # noqa: N802
        stack = self._stacks[request["StackName"]]
        asked = stack.change_sets.pop(request["ChangeSetName"])
        stack.parameters = _parameters(asked, stack.parameters)
        stack.template = asked["TemplateBody"]
        stack.status = "CREATE_COMPLETE" if not stack.outputs else "UPDATE_COMPLETE"
        stack.outputs = Resources(self._endpoint_url, stack.template, stack.parameters).make()
        return {}

    def _DescribeStacks(self, request: Mapping[str, str]) -> Any:  # noqa: N802
        stack = self._stacks.get(request["StackName"])
        if stack is None:
            raise Refused(f"Stack with id {request['StackName']} does not exist")
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in stack.outputs.items()]
        described = {
            "StackName": stack.name,
            "StackStatus": stack.status,
            "CreationTime": "2026-01-01T00:00:00Z",
            "Outputs": outputs,
        }
        return {"Stacks": [described]}

    def _DescribeStackEvents(self, _request: Mapping[str, str]) -> Any:  # noqa: N802
        return {"StackEvents": []}

    def _DeleteStack(self, request: Mapping[str, str]) -> Any:  # noqa: N802
        """What holds data is retained, as resources.json says."""
        stack = self._stacks.pop(request["StackName"], None)
        if stack is not None and stack.template:
            Resources(self._endpoint_url, stack.template, stack.parameters).delete_all_but_data()
        return {}

    def _is_current(self, stack: _Stack, asked: Mapping[str, str]) -> bool:
        return stack.template == asked["TemplateBody"] and stack.parameters == _parameters(
            asked, stack.parameters
        )


class Resources:
    """The resources that tests look at, made by moto; what is there already is taken in."""

    def __init__(self, endpoint_url: str, template: str, parameters: Mapping[str, str]) -> None:
        self._endpoint_url = endpoint_url
        self._resources = json.loads(template)["Resources"]
        self._stage = parameters["Stage"]
        self._is_whole = parameters.get("Extent", "whole") == "whole"

    def make(self) -> dict[str, str]:
        """Make what is not there; return the outputs."""
        arns = {name: self._queue(name) for name in self._of_type("AWS::SQS::Queue")}
        outputs = {
            "TableName": f"formpost-{self._stage}",
            "StreamArn": self._table(),
            "DeliveryQueueName": f"formpost-{self._stage}-deliveries",
            "RelayFailureQueueArn": arns["RelayFailureQueue"],
        }
        bucket = f"formpost-{self._stage}-site"
        if not self._is_whole:
            self.delete_all_but_data()
            return outputs
        self._mail_events()
        self._client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        distribution = self._distribution()
        return {
            **outputs,
            "SiteBucketName": bucket,
            "SiteDistributionId": distribution,
            "SiteUrl": f"https://{distribution.lower()}.cloudfront.net",
        }

    def _table(self) -> str:
        client = self._client("dynamodb")
        properties = self._resources["Table"]["Properties"]
        taken = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
        name = f"formpost-{self._stage}"
        try:
            client.create_table(
                TableName=name,
                StreamSpecification={"StreamEnabled": True, **properties["StreamSpecification"]},
                DeletionProtectionEnabled=properties["DeletionProtectionEnabled"],
                **{key: properties[key] for key in taken},
            )
            client.update_time_to_live(
                TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
            )
            client.update_continuous_backups(
                TableName=name,
                PointInTimeRecoverySpecification=properties["PointInTimeRecoverySpecification"],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceInUseException":
                raise
        return str(client.describe_table(TableName=name)["Table"]["LatestStreamArn"])

    def _queue(self, name: str) -> str:
        client = self._client("sqs")
        url = client.create_queue(QueueName=self._name(name, "QueueName"))["QueueUrl"]
        answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def _distribution(self) -> str:
        client = self._client("cloudfront")
        listed = client.list_distributions()["DistributionList"].get("Items", [])
        for found in listed:
            if found["Comment"] == self._stage:
                return str(found["Id"])
        made = client.create_distribution(
            DistributionConfig={
                "CallerReference": self._stage,
                "Comment": self._stage,
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [{"Id": "site", "DomainName": "s3.example"}]},
                "DefaultCacheBehavior": {
                    "TargetOriginId": "site",
                    "ViewerProtocolPolicy": "redirect-to-https",
                },
            }
        )
        return str(made["Distribution"]["Id"])

    def _mail_events(self) -> None:
        topic = self._client("sns").create_topic(Name=self._name("MailEventsTopic", "TopicName"))
        ses = self._client("sesv2")
        name = self._name("MailConfiguration", "Name")
        ses.create_configuration_set(ConfigurationSetName=name)
        destination = self._resources["MailEvents"]["Properties"]["EventDestination"]
        ses.create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName=destination["Name"],
            EventDestination={
                "Enabled": destination["Enabled"],
                "MatchingEventTypes": [each.upper() for each in destination["MatchingEventTypes"]],
                "SnsDestination": {"TopicArn": topic["TopicArn"]},
            },
        )

    def delete_all_but_data(self) -> None:
        """Delete the topic and the site's bucket; refused unless that is empty, as at AWS."""
        sns, name = self._client("sns"), f":formpost-{self._stage}-mail-events"
        for topic in sns.list_topics()["Topics"]:
            if topic["TopicArn"].endswith(name):
                sns.delete_topic(TopicArn=topic["TopicArn"])
        client, bucket = self._client("s3"), f"formpost-{self._stage}-site"
        if bucket in [found["Name"] for found in client.list_buckets()["Buckets"]]:
            client.delete_bucket(Bucket=bucket)

    def _name(self, resource: str, key: str) -> str:
        given: str = self._resources[resource]["Properties"][key]["Fn::Sub"]
        return given.replace("${Stage}", self._stage)

    def _of_type(self, kind: str) -> list[str]:
        return [name for name, found in self._resources.items() if found["Type"] == kind]

    def _client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._endpoint_url,
            region_name="eu-west-1",
            aws_access_key_id="tests",
            aws_secret_access_key="tests",  # noqa: S106  moto asks for none
        )


def _parameters(request: Mapping[str, str], previous: Mapping[str, str]) -> dict[str, str]:
    found = {}
    at = 1
    while (key := request.get(f"Parameters.member.{at}.ParameterKey")) is not None:
        value = request.get(f"Parameters.member.{at}.ParameterValue")
        found[key] = previous[key] if value is None else value
        at += 1
    return found


def _change(action: str, name: str) -> Any:
    return {
        "Type": "Resource",
        "ResourceChange": {"Action": action, "LogicalResourceId": name, "Replacement": "False"},
    }


def _xml(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(child)}</{name}>" for name, child in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(child)}</member>" for child in value)
    return escape(str(value))
