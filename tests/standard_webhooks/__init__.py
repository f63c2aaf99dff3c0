"""Verify a webhook as receivers do: with two libraries of Standard Webhooks.

The one from PyPI also signs what we send; the one from npm, in npm/, knows nothing of
us. It runs in the Node.js that Playwright brings, so that nothing is installed by hand.
Both refuse a timestamp that is more than five minutes from now.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from standardwebhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
# It takes 50 ms; a machine that is busy with other tests takes longer.
_TIMEOUT_SECONDS = 60


def verify_with_pypi(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Return whether the Python library takes a webhook for genuine."""
    try:
        Webhook(secret).verify(body, dict(headers))
    except WebhookVerificationError:
        return False
    return True


def verify_with_npm(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Return whether the JavaScript library takes a webhook for genuine.

    Raises:
        subprocess.CalledProcessError: it failed otherwise, e.g. on an unusable secret.
    """
    webhook = {"headers": dict(headers), "body": body.decode(), "secret": secret}
    done = subprocess.run(
        [_node(), FOLDER / "verify.js"],
        input=json.dumps(webhook),
        env={"NODE_PATH": str(FOLDER / "npm")},
        capture_output=True,
        text=True,
        check=True,
        timeout=_TIMEOUT_SECONDS,
    )
    is_verified: bool = json.loads(done.stdout)["isVerified"]
    return is_verified


def _node() -> str:
    # Playwright says it nowhere else. Imported here, since the unit tests do without.
    from playwright._impl._driver import compute_driver_executable

    return compute_driver_executable()[0]
