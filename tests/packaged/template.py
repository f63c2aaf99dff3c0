"""What the packaged SAM template says of the API and of its function."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = "method.response.header."


@dataclass
class Template:
    """A parsed sam.json."""

    resources: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Template:
        return cls(json.loads(path.read_bytes())["Resources"])

    @property
    def stage(self) -> str:
        return str(self.resources["RestAPI"]["Properties"]["StageName"])

    @property
    def binary_types(self) -> list[str]:
        return list(self._api["x-amazon-apigateway-binary-media-types"])

    @property
    def routes(self) -> dict[str, list[str]]:
        """The methods of each path that invoke the function."""
        return {
            path: [method.upper() for method in methods if not _is_mock(methods[method])]
            for path, methods in self._api["paths"].items()
        }

    @property
    def preflights(self) -> dict[str, dict[str, str]]:
        """The headers with which API Gateway answers OPTIONS by itself, by path."""
        return {
            path: _mock_headers(methods["options"])
            for path, methods in self._api["paths"].items()
            if "options" in methods and _is_mock(methods["options"])
        }

    @property
    def function(self) -> dict[str, Any]:
        return dict(self.resources["APIHandler"]["Properties"])

    @property
    def functions(self) -> list[dict[str, Any]]:
        """The API's, and one for each kind of event."""
        return [
            resource["Properties"]
            for resource in self.resources.values()
            if resource["Type"] == "AWS::Serverless::Function"
        ]

    @property
    def handlers(self) -> list[str]:
        return [function["Handler"] for function in self.functions]

    @property
    def environment(self) -> dict[str, str]:
        return dict(self.function["Environment"]["Variables"])

    @property
    def _api(self) -> dict[str, Any]:
        return dict(self.resources["RestAPI"]["Properties"]["DefinitionBody"])


def _is_mock(method: dict[str, Any]) -> bool:
    return bool(method["x-amazon-apigateway-integration"]["type"] == "mock")


def _mock_headers(method: dict[str, Any]) -> dict[str, str]:
    answer = method["x-amazon-apigateway-integration"]["responses"]["default"]
    return {
        name.removeprefix(_HEADER): value.strip("'")
        for name, value in answer["responseParameters"].items()
    }
