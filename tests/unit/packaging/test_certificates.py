"""The roots that stay are those which the bundle itself says to be Amazon's or Starfield's."""

from __future__ import annotations

import re
from pathlib import Path

import botocore
import pytest

from ops.packaging import certificates
from ops.packaging.errors import PackagingError

BUNDLE = Path(botocore.__file__).with_name("cacert.pem").read_text("utf-8")
# Before each certificate, the bundle says in words whose it is.
DESCRIBED = re.compile(
    r"# Subject: (.+)\n# Label: \"(.+)\"\n(?:#.*\n)*(-----BEGIN[^#]+END CERTIFICATE-----\n)"
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "cacert.pem"
    path.write_text(BUNDLE, "utf-8")
    return path


def test_exactly_amazon_s_and_starfield_s_roots_stay(bundle: Path) -> None:
    described = DESCRIBED.findall(BUNDLE)
    wanted = {
        label: pem
        for subject, label, pem in described
        if re.search(r"\bO=(Amazon|Starfield Technologies, Inc\.)( OU=|$)", subject)
    }

    certificates.trim(bundle)

    assert bundle.read_text("utf-8") == "".join(wanted.values())
    assert len(described) == BUNDLE.count("BEGIN CERTIFICATE")
    # Source: https://www.amazontrust.com/repository/
    assert {
        *(f"Amazon Root CA {number}" for number in (1, 2, 3, 4)),
        "Starfield Services Root Certificate Authority - G2",
    } <= wanted.keys()


def test_a_bundle_without_them_is_refused(bundle: Path) -> None:
    """Trimming it would cut Lambda off from AWS."""
    bundle.write_text("".join(BUNDLE.partition("-----END CERTIFICATE-----\n")[:2]), "utf-8")

    with pytest.raises(PackagingError, match="--full-certificates"):
        certificates.trim(bundle)
