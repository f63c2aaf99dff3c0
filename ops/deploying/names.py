"""What a stage's resources are called, as .chalice/resources.json and Chalice name them."""

from __future__ import annotations

from dataclasses import dataclass

APP = "formpost"
API_HANDLER, RELAY, DELIVER = "api_handler", "relay", "deliver"
FEEDBACK, SUMMARIZE = "feedback", "summarize"
_EVENT_HANDLERS = (RELAY, DELIVER, FEEDBACK, SUMMARIZE)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one stage."""

    stage: str

    @property
    def data_stack(self) -> str:
        """The CloudFormation stack of .chalice/resources.json."""
        return f"{APP}-{self.stage}-data"

    @property
    def table(self) -> str:
        """The DynamoDB table."""
        return f"{APP}-{self.stage}"

    @property
    def delivery_queue(self) -> str:
        """The queue that invokes deliver."""
        return f"{APP}-{self.stage}-deliveries"

    @property
    def dead_letter_queue(self) -> str:
        """The queue for deliveries that were given up on."""
        return f"{APP}-{self.stage}-dead-letters"

    @property
    def relay_failure_queue(self) -> str:
        """The queue for records of the stream that were given up on."""
        return f"{APP}-{self.stage}-relay-failures"

    @property
    def queues(self) -> tuple[str, ...]:
        """Every queue."""
        return (self.delivery_queue, self.dead_letter_queue, self.relay_failure_queue)

    @property
    def mail_events_topic(self) -> str:
        """The SNS topic that invokes feedback."""
        return f"{APP}-{self.stage}-mail-events"

    @property
    def configuration_set(self) -> str:
        """The configuration set of SES, which sends to that topic."""
        return f"{APP}-{self.stage}"

    @property
    def metrics_namespace(self) -> str:
        """Where CloudWatch keeps what the log lines count."""
        return f"{APP}-{self.stage}"

    @property
    def schedule(self) -> str:
        """The EventBridge rule that invokes summarize; the name is Chalice's."""
        return f"{APP}-{self.stage}-{SUMMARIZE}-event"

    @property
    def function_by_handler(self) -> dict[str, str]:
        """The Lambda function of each handler; Chalice names the API's after the stage alone."""
        by_event_handler = {name: f"{APP}-{self.stage}-{name}" for name in _EVENT_HANDLERS}
        return {API_HANDLER: f"{APP}-{self.stage}", **by_event_handler}

    @property
    def role_by_handler(self) -> dict[str, str]:
        """The IAM role of each handler."""
        return {name: f"{APP}-{self.stage}-{name}" for name in self.function_by_handler}

    @property
    def log_groups(self) -> tuple[str, ...]:
        """Where Lambda writes each function's log."""
        return tuple(f"/aws/lambda/{name}" for name in self.function_by_handler.values())
