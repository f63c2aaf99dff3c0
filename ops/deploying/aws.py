"""The clients of AWS: made here and passed to the steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ops.deploying.problems import StepProblem, sentence_of

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

# Calls for one API follow each other closely, and API Gateway allows few a second.
_ATTEMPTS = 8
_CONFIG = Config(retries={"mode": "adaptive", "total_max_attempts": _ATTEMPTS})


@dataclass
class Aws:
    """One account in one region."""

    session: boto3.Session
    account: str
    region: str

    @property
    def partition(self) -> str:
        """What ARNs begin with: ``aws``, or e.g. ``aws-cn``."""
        return self.session.get_partition_for_region(self.region)

    @cached_property
    def apigateway(self) -> APIGatewayClient:
        """API Gateway."""
        return self.session.client("apigateway", config=_CONFIG)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """CloudFormation."""
        return self.session.client("cloudformation", config=_CONFIG)

    @cached_property
    def cloudfront(self) -> CloudFrontClient:
        """CloudFront."""
        return self.session.client("cloudfront", config=_CONFIG)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """DynamoDB."""
        return self.session.client("dynamodb", config=_CONFIG)

    @cached_property
    def events(self) -> EventBridgeClient:
        """EventBridge."""
        return self.session.client("events", config=_CONFIG)

    @cached_property
    def iam(self) -> IAMClient:
        """IAM."""
        return self.session.client("iam", config=_CONFIG)

    @cached_property
    def functions(self) -> LambdaClient:
        """Lambda."""
        return self.session.client("lambda", config=_CONFIG)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs."""
        return self.session.client("logs", config=_CONFIG)

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        return self.session.client("s3", config=_CONFIG)

    @cached_property
    def ses(self) -> SESV2Client:
        """SES."""
        return self.session.client("sesv2", config=_CONFIG)

    @cached_property
    def sns(self) -> SNSClient:
        """SNS."""
        return self.session.client("sns", config=_CONFIG)

    @cached_property
    def sqs(self) -> SQSClient:
        """SQS."""
        return self.session.client("sqs", config=_CONFIG)


def connect() -> Aws:
    """Return the account that boto3 finds credentials for.

    Raises:
        StepProblem: there are no credentials, or no region.
    """
    session = session_here()
    try:
        identity = session.client("sts", config=_CONFIG).get_caller_identity()
    except ClientError as error:
        raise StepProblem(f"AWS refuses the credentials. {sentence_of(error)}") from error
    except BotoCoreError as error:
        raise _no_credentials(f" that work ({error})") from error
    return Aws(session, identity["Account"], session.region_name)


def session_here() -> boto3.Session:
    """Return what this machine says of region and credentials; AWS is not asked.

    Raises:
        StepProblem: there are no credentials, or no region.
    """
    try:
        session = boto3.Session()
        region, credentials = session.region_name, session.get_credentials()
    except BotoCoreError as error:
        raise _no_credentials(f" that work ({error})") from error
    if region is None:
        raise StepProblem("No region is set. Set one, e.g. AWS_REGION=eu-west-1.")
    if credentials is None:
        raise _no_credentials("")
    return session


def _no_credentials(which: str) -> StepProblem:
    return StepProblem(
        f"There are no credentials{which}. Set AWS_PROFILE, or sign in with `aws sso login` or"
        " `aws configure`."
    )
