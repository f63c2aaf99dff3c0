"""The cost fuse: how many requests a second the API takes before it answers 429."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.deploying import stage_file
from ops.deploying.state import api_id

if TYPE_CHECKING:
    from ops.deploying.steps import Context


class ThrottleStage:
    """Set the stage's rate and burst; without it, an account's whole limit can be used up."""

    title = "Throttling"

    def plan(self, context: Context) -> str:
        """Say the numbers."""
        limits = stage_file.limits(context.project_dir, context.stage)
        return f"{limits.throttle_rate_per_second} requests a second, burst {limits.throttle_burst}"

    def run(self, context: Context) -> str:
        """Set both for every method."""
        limits = stage_file.limits(context.project_dir, context.stage)
        values = {
            "rateLimit": limits.throttle_rate_per_second,
            "burstLimit": limits.throttle_burst,
        }
        context.aws.apigateway.update_stage(
            restApiId=api_id(context),
            stageName=context.stage,
            patchOperations=[
                {"op": "replace", "path": f"/*/*/throttling/{name}", "value": str(value)}
                for name, value in values.items()
            ],
        )
        return self.plan(context)
