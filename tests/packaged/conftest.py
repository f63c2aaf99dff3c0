"""The package, built once, in AWS's runtime client behind API Gateway's conversion."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import boto3
import pytest

from chalicelib.config import PROJECT_DIR
from ops.local import dynamodb as embedded
from tests.functional.conftest import FORM_FILES
from tests.packaged.backend import PackagedBackend
from tests.packaged.building import Built, copy_runtime_client, package
from tests.packaged.function import Function
from tests.packaged.store_proxy import StoreProxy
from tests.packaged.template import Template
from tests.packaged.unzipped import listing, make_writable, unzip_read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the functional tests, run here those that look at the app from the outside."""
    outside = [item for item in items if not _is_from_inside(item)]
    config.hook.pytest_deselected(items=[item for item in items if _is_from_inside(item)])
    items[:] = outside


def _is_from_inside(item: pytest.Item) -> bool:
    function = getattr(item, "function", None)
    return (
        item.nodeid.startswith("tests/packaged/")
        and getattr(function, "__module__", "").startswith("tests.functional.")
        and "backend" not in getattr(item, "fixturenames", ())
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    out_dir = tmp_path_factory.mktemp("package")
    run = package(PROJECT_DIR, out_dir)
    assert run.returncode == 0, run.stderr
    return Built(out_dir / "deployment.zip", out_dir / "sam.json", run.stdout)


@pytest.fixture(scope="session")
def template(built: Built) -> Template:
    return Template.read(built.template_path)


@pytest.fixture(scope="session")
def task_root(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The unzipped package, which nobody may write to, and nobody has when the tests end."""
    root = tmp_path_factory.mktemp("unzipped") / "task"
    unzip_read_only(built.zip_path, root)
    before = listing(root)
    yield root
    after = listing(root)
    make_writable(root)
    assert after == before


@pytest.fixture(scope="session")
def runtime_client_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target_dir = tmp_path_factory.mktemp("runtime-client")
    copy_runtime_client(target_dir)
    return target_dir


@pytest.fixture(scope="session")
def forms_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("forms") / "forms.toml"
    path.write_text("\n".join(source.read_text("utf-8") for source in FORM_FILES), "utf-8")
    return path


@pytest.fixture(scope="session")
def store_proxy(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoreProxy]:
    table = template.environment["FORMPOST_TABLE"]
    proxy = StoreProxy(embedded.endpoint_url(tmp_path_factory.mktemp("data"), table))
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def dynamodb(store_proxy: StoreProxy) -> DynamoDBClient:
    """Past the proxy: the tests' own requests are not counted."""
    host, port = store_proxy.upstream
    return boto3.client(
        "dynamodb",
        endpoint_url=f"http://{host}:{port}",
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  the embedded store asks for none
    )


@pytest.fixture(scope="session")
def environment(template: Template, store_proxy: StoreProxy, forms_file: Path) -> dict[str, str]:
    """What the function is configured with: the template's own, and where the tests' store is."""
    return {
        **template.environment,
        "AWS_ENDPOINT_URL_DYNAMODB": store_proxy.url,
        "FORMPOST_FORMS": str(forms_file),
    }


@pytest.fixture(scope="session")
def start_function(
    task_root: Path,
    template: Template,
    runtime_client_dir: Path,
    environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], Function]]:
    """Start a new container; all of them end with the tests."""
    if not sys.platform.startswith("linux"):
        pytest.skip("AWS's runtime client talks to the Runtime API on Linux only")
    started: list[Function] = []

    def start() -> Function:
        function = Function(
            task_root=task_root,
            runtime_client_dir=runtime_client_dir,
            handler=template.function["Handler"],
            environment=environment,
            log_dir=tmp_path_factory.mktemp("log"),
        )
        started.append(function)
        return function

    yield start
    for function in started:
        function.end()


@pytest.fixture(scope="session")
def function(start_function: Callable[[], Function]) -> Function:
    return start_function()


@pytest.fixture
def backend(
    function: Function, template: Template, store_proxy: StoreProxy, dynamodb: DynamoDBClient
) -> Iterator[PackagedBackend]:
    backend = PackagedBackend(function, template, store_proxy, dynamodb)
    yield backend
    backend.restore()
