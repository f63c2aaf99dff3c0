"""The ports of local mode, from the environment."""

from __future__ import annotations

import pytest

from chalicelib.errors import ConfigError
from ops.local.ports import ports_from_env


def test_ports_have_defaults() -> None:
    ports = ports_from_env({"API_PORT": ""})

    assert ports.api_address == "http://localhost:8000"
    assert ports.site_address == "http://localhost:8080"


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "80 80", "8_000", "²"])
def test_what_is_no_port_is_named(value: str) -> None:
    with pytest.raises(ConfigError, match="SITE_PORT"):
        ports_from_env({"SITE_PORT": value})


def test_one_port_cannot_serve_both() -> None:
    with pytest.raises(ConfigError, match="both 9000"):
        ports_from_env({"API_PORT": "9000", "SITE_PORT": "9000"})
