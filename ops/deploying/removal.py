"""Take a stage away: everything but its data, or its data as well."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ops.deploying.data_stack import (
    STACK_DEADLINE_SECONDS,
    DeployDataStack,
    find_stack,
    outputs_of,
)
from ops.deploying.waiting import until

if TYPE_CHECKING:
    from ops.deploying.steps import Context


class ReadDataStack:
    """Learn the names of what is there."""

    title = "Data stack"

    def plan(self, context: Context) -> str:
        """Learn them here as well: the later steps plan with them."""
        return self.run(context)

    def run(self, context: Context) -> str:
        """Keep the outputs in the context."""
        stack = find_stack(context)
        context.outputs = outputs_of(stack)
        return f"{context.names.data_stack} {'is there' if stack else 'is not there'}"


class DeleteLogs:
    """Delete the functions' log groups."""

    title = "Logs"

    def plan(self, context: Context) -> str:
        """Say which."""
        return f"delete {', '.join(context.names.log_groups)}"

    def run(self, context: Context) -> str:
        """Delete those that are there."""
        client = context.aws.logs
        for group in context.names.log_groups:
            with suppress(client.exceptions.ResourceNotFoundException):
                client.delete_log_group(logGroupName=group)
        return "deleted"


class LeaveOnlyData:
    """Take site, mail events and alarms out of the data stack."""

    title = "Site, mail events and alarms"

    def plan(self, context: Context) -> str:
        """Say what stays."""
        return f"remove them from {context.names.data_stack}; table and queues stay"

    def run(self, context: Context) -> str:
        """Change the stack, if there is one."""
        if find_stack(context) is None:
            return "there are none"
        DeployDataStack("data").run(context)
        return f"removed; the table {context.names.table} and the queues are kept"


class DeleteData:
    """Delete the table with every submission, and the queues."""

    title = "Data"

    def plan(self, context: Context) -> str:
        """Say what is lost."""
        return f"delete the table {context.names.table} and {', '.join(context.names.queues)}"

    def run(self, context: Context) -> str:
        """Delete the stack, and then what it retains."""
        name = context.names.data_stack
        context.aws.cloudformation.delete_stack(StackName=name)
        until(
            f"The deletion of {name}",
            lambda: True if find_stack(context) is None else None,
            deadline_seconds=STACK_DEADLINE_SECONDS,
        )
        self._delete_table(context)
        client = context.aws.sqs
        for queue in context.names.queues:
            with suppress(client.exceptions.QueueDoesNotExist):
                client.delete_queue(QueueUrl=client.get_queue_url(QueueName=queue)["QueueUrl"])
        return "deleted; DynamoDB keeps a backup of the table for 35 days"

    def _delete_table(self, context: Context) -> None:
        client, table = context.aws.dynamodb, context.names.table
        with suppress(client.exceptions.ResourceNotFoundException):
            client.update_table(TableName=table, DeletionProtectionEnabled=False)
            client.get_waiter("table_exists").wait(TableName=table)
            client.delete_table(TableName=table)
