"""An SES v2 with what the doctor looks at; moto has neither accounts nor event destinations.

Requests and answers are those of the REST API.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

_EVENT_DESTINATIONS = re.compile(
    r"/v2/email/configuration-sets/([^/]+)/event-destinations(?:/([^/]+))?"
)
_IDENTITY = re.compile(r"/v2/email/identities/([^/]+)")


@dataclass
class Ses:
    """One account; a new one is in the sandbox, as at AWS.

    Attributes:
        account: what GetAccount answers.
        verified_by_identity: whether each address and domain was verified.
        event_destinations_by_set: of each configuration set, by name.
    """

    account: dict[str, Any] = field(
        default_factory=lambda: {
            "ProductionAccessEnabled": False,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
        }
    )
    verified_by_identity: dict[str, bool] = field(default_factory=dict)
    event_destinations_by_set: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, request: Request) -> Response:
        """Return the answer to one request."""
        content = json.loads(request.get_data() or b"{}")
        found = self._found(f"{request.method} {request.path}", request.path, content)
        if found is None:
            return Response(
                json.dumps({"message": f"{request.path} does not exist"}),
                status=404,
                headers={"x-amzn-ErrorType": "NotFoundException"},
                content_type="application/json",
            )
        return Response(json.dumps(found), content_type="application/json")

    def _found(self, call: str, path: str, content: Any) -> dict[str, Any] | None:
        if call == "GET /v2/email/account":
            return self.account
        if call == "POST /v2/email/configuration-sets":
            self.event_destinations_by_set.setdefault(content["ConfigurationSetName"], {})
            return {}
        if set_path := _EVENT_DESTINATIONS.fullmatch(path):
            return self._event_destinations(set_path[1], set_path[2], content)
        if identity := _IDENTITY.fullmatch(path):
            verified = self.verified_by_identity.get(identity[1].replace("%40", "@"))
            return None if verified is None else {"VerifiedForSendingStatus": verified}
        return None

    def _event_destinations(
        self, set_name: str, name: str | None, content: Any
    ) -> dict[str, Any] | None:
        destinations = self.event_destinations_by_set.get(set_name)
        if destinations is None:
            return None
        if not content:
            return {"EventDestinations": list(destinations.values())}
        name = name or content["EventDestinationName"]
        destinations[name] = {"Name": name, **content["EventDestination"]}
        return {}
