"""An answer of AWS that was cut off is no answer.

Botocore does not compare what came with the length that was announced, and takes what
it cannot read for an empty result: an item that is not there, a message that was sent.
Where the cut is within the head, Python's http.client takes the lines that came for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ResponseStreamingError

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuse_half_answers(client: Any) -> None:
    """Let a client raise BotoCoreError where it would take half an answer for a whole one."""
    client.meta.events.register("before-parse", _refuse)


def _refuse(response_dict: Mapping[str, Any], **_event: Any) -> None:
    """Raise for an answer that is not as long as it says; chunks tell by themselves.

    Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
    """
    headers, body = response_dict["headers"], response_dict["body"]
    if "Transfer-Encoding" in headers:
        return
    if headers.get("Content-Length") != str(len(body)):
        raise ResponseStreamingError(
            error=f"{len(body)} bytes came of {headers.get('Content-Length')}"
        )
