"""Logs: JSON, kept for so many days.

Chalice's own log_retention_in_days names another log group than Lambda writes to.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ops.deploying import stage_file
from ops.deploying.waiting import until

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import LoggingConfigTypeDef

    from ops.deploying.steps import Context

LOGGING: LoggingConfigTypeDef = {"LogFormat": "JSON"}
_UPDATE_DEADLINE_SECONDS = 120.0


class KeepLogs:
    """Make each log group, with a retention, and have Lambda write JSON."""

    title = "Logs"

    def plan(self, context: Context) -> str:
        """Say how long they are kept."""
        days = stage_file.limits(context.project_dir, context.stage).log_retention_days
        return f"JSON, kept {days} days"

    def run(self, context: Context) -> str:
        """Set both."""
        days = stage_file.limits(context.project_dir, context.stage).log_retention_days
        client = context.aws.logs
        for group in context.names.log_groups:
            with suppress(client.exceptions.ResourceAlreadyExistsException):
                client.create_log_group(logGroupName=group)
            client.put_retention_policy(logGroupName=group, retentionInDays=days)
        for function in context.names.function_by_handler.values():
            _wait_for_update(context, function)
            context.aws.functions.update_function_configuration(
                FunctionName=function, LoggingConfig=LOGGING
            )
            _wait_for_update(context, function)
        return self.plan(context)


def _wait_for_update(context: Context, function: str) -> None:
    """Lambda refuses a change while the last one is under way."""

    def updated() -> bool | None:
        found = context.aws.functions.get_function_configuration(FunctionName=function)
        is_busy = found.get("State") == "Pending" or found.get("LastUpdateStatus") == "InProgress"
        return None if is_busy else True

    until(f"The function {function}", updated, deadline_seconds=_UPDATE_DEADLINE_SECONDS)
