"""Reduce botocore's root certificates to those that AWS's endpoints chain up to.

urllib3 parses the whole file for each new connection: with all of Mozilla's
roots that is 15 ms of a cold start. It changes nothing for mail or webhooks,
which use the system's roots.
"""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Any

from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from pathlib import Path

# Amazon Trust Services, under its own name and that of the roots which it bought.
# Source: https://www.amazontrust.com/repository/
ORGANIZATIONS = ("Amazon", "Starfield Technologies, Inc.")
_CERTIFICATE = re.compile(
    r"-----BEGIN CERTIFICATE-----\n.+?\n-----END CERTIFICATE-----\n", re.DOTALL
)


def trim(path: Path) -> None:
    """Leave only Amazon's and Starfield's certificates in a PEM file.

    Raises:
        PackagingError: it has none of them, so trimming would cut Lambda off from AWS.
    """
    kept = [pem for pem in _CERTIFICATE.findall(path.read_text("utf-8")) if is_amazons(pem)]
    if not kept:
        raise PackagingError(
            f"{path.name} has no certificate of {' or '.join(ORGANIZATIONS)}. "
            "Package with --full-certificates."
        )
    path.write_text("".join(kept), "utf-8")


def is_amazons(pem: str) -> bool:
    """Tell whether a certificate's subject is Amazon Trust Services."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem)
    subject: Any = context.get_ca_certs()[0]["subject"]
    return any(("organizationName", name) in part for part in subject for name in ORGANIZATIONS)
