"""What a stage's resources are called, as .chalice/resources.json and Chalice name them."""

from __future__ import annotations

from dataclasses import dataclass

APP = "formpost"
API_HANDLER, RELAY, DELIVER = "api_handler", "relay", "deliver"


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
    def queues(self) -> tuple[str, ...]:
        """Every queue."""
        suffixes = ("deliveries", "dead-letters", "relay-failures")
        return tuple(f"{APP}-{self.stage}-{suffix}" for suffix in suffixes)

    @property
    def function_by_handler(self) -> dict[str, str]:
        """The Lambda function of each handler; Chalice names the API's after the stage alone."""
        return {
            API_HANDLER: f"{APP}-{self.stage}",
            RELAY: f"{APP}-{self.stage}-{RELAY}",
            DELIVER: f"{APP}-{self.stage}-{DELIVER}",
        }

    @property
    def role_by_handler(self) -> dict[str, str]:
        """The IAM role of each handler."""
        return {name: f"{APP}-{self.stage}-{name}" for name in self.function_by_handler}

    @property
    def log_groups(self) -> tuple[str, ...]:
        """Where Lambda writes each function's log."""
        return tuple(f"/aws/lambda/{name}" for name in self.function_by_handler.values())
