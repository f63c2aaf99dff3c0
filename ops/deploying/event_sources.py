"""How the stream invokes relay and the queue invokes deliver: what Chalice cannot say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.deploying.inventory import event_sources
from ops.deploying.names import DELIVER, RELAY
from ops.deploying.problems import StepProblem
from ops.deploying.waiting import until

if TYPE_CHECKING:
    from ops.deploying.inventory import Entry
    from ops.deploying.steps import Context

# A batch that fails is halved first, so a poisonous record stands alone after 7 of these.
STREAM_RETRIES = 20
# The stream forgets after 24 h. Older than this, a record is given up on while somebody
# can still read it there.
STREAM_RECORD_AGE_SECONDS = 6 * 3600
# At 30 s each, the slowest receivers still get 10 deliveries a minute, and the account's
# other functions keep their share of concurrency.
QUEUE_CONCURRENCY = 5
# Only submissions that were written invoke relay: not claims, deliveries and what was deleted,
# which are most records. It looks at the new image, which what was deleted does not have:
# a pattern may name nothing outside "dynamodb", as eventName is.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
STREAM_FILTER = json.dumps({"dynamodb": {"NewImage": {"sk": {"S": [{"prefix": "SUB#"}]}}}})
_READY_DEADLINE_SECONDS = 300.0


class SetEventSourceOptions:
    """Set the filter, retries, bisecting, the destination of failures and concurrency."""

    title = "Event sources"

    def plan(self, _context: Context) -> str:
        """Say which options."""
        return (
            f"relay: only submissions, {STREAM_RETRIES} retries, halving, at most"
            f" {STREAM_RECORD_AGE_SECONDS} s, failures to a queue;"
            f" deliver: at most {QUEUE_CONCURRENCY} at once"
        )

    def run(self, context: Context) -> str:
        """Set them on the only event source of each function."""
        for handler, options in event_source_options(
            context.outputs["RelayFailureQueueArn"]
        ).items():
            uuid = _only(context, handler)["UUID"]
            context.aws.functions.update_event_source_mapping(UUID=uuid, Enabled=True, **options)
            _only(context, handler)
        return "relay and deliver are invoked, with limits"


def event_source_options(failure_queue_arn: Any) -> dict[str, dict[str, Any]]:
    """Return, by handler, what its event source must have."""
    return {
        RELAY: {
            "MaximumRetryAttempts": STREAM_RETRIES,
            "MaximumRecordAgeInSeconds": STREAM_RECORD_AGE_SECONDS,
            "BisectBatchOnFunctionError": True,
            "DestinationConfig": {"OnFailure": {"Destination": failure_queue_arn}},
            "FilterCriteria": {"Filters": [{"Pattern": STREAM_FILTER}]},
        },
        DELIVER: {"ScalingConfig": {"MaximumConcurrency": QUEUE_CONCURRENCY}},
    }


def _only(context: Context, handler: str) -> Entry:
    """Return the event source, once Lambda has made or changed it."""

    def ready() -> list[Entry] | None:
        found = event_sources(context, handler)
        return found if all(_is_ready(mapping) for mapping in found) else None

    found = until(f"The event source of {handler}", ready, deadline_seconds=_READY_DEADLINE_SECONDS)
    if len(found) != 1:
        name = context.names.function_by_handler[handler]
        raise StepProblem(
            f"The function {name} has {len(found)} event sources and needs one:"
            f" {', '.join(mapping['EventSourceArn'] for mapping in found) or 'none'}."
            " Delete what is too much in the Lambda console."
        )
    return found[0]


def _is_ready(mapping: Entry) -> bool:
    return mapping.get("State") in {"Enabled", "Disabled"}
