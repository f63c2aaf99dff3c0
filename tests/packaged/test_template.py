"""The template fits the zip beside it, and the API that it describes keeps our promises."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.packaged.backend import PackagedBackend
    from tests.packaged.template import Template


def test_every_function_is_the_zip_beside_it(template: Template) -> None:
    """Relative, so that the two files can be moved together."""
    assert {function["CodeUri"] for function in template.functions} == {"./deployment.zip"}


def test_lambda_runs_the_python_that_compiled_it(template: Template) -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"

    assert {function["Runtime"] for function in template.functions} == {version}
    assert [function["Architectures"] for function in template.functions] == [["arm64"]] * 5


def test_each_stage_has_its_own_settings(template: Template) -> None:
    assert template.stage == "prod"
    assert template.environment["FORMPOST_TABLE"] == "formpost-prod"


def test_uploads_are_binary_and_what_people_type_is_not(template: Template) -> None:
    """JSON as a binary type makes API Gateway answer 400 to clients without Accept."""
    assert "multipart/form-data" in template.binary_types
    assert not {"application/json", "*/*"} & set(template.binary_types)
    assert not [name for name in template.binary_types if name.startswith("text/")]


@pytest.mark.parametrize(
    "path", ["/contact", "/f/any", "/f/any/challenge", "/f/any/thanks", "/health", "/"]
)
def test_api_gateway_answers_preflight_without_the_function(
    backend: PackagedBackend, path: str
) -> None:
    answer = backend.gateway.request("OPTIONS", path, headers={"Origin": "https://site.example"})

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"*", "Authorization"} <= set(answer.headers["Access-Control-Allow-Headers"].split(","))
    assert "POST" in answer.headers["Access-Control-Allow-Methods"].split(",")
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert backend.log == []


@pytest.mark.parametrize(
    ("method", "url"), [("TRACE", "/contact"), ("GET", "https://evil.example/")]
)
def test_what_the_api_does_not_declare_never_reaches_the_function(
    backend: PackagedBackend, method: str, url: str
) -> None:
    answer = backend.gateway.request(method, url)

    assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})
    assert backend.log == []
