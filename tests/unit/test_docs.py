"""The docs say what the code does: every name in one is in the other."""

from __future__ import annotations

import ast
import json
import re
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

import openapi_schema_validator
import openapi_spec_validator
import pytest
import yaml

from app import app
from chalicelib import answers, bodies, controls, errors, items, proofs, repository
from chalicelib.answers import _RESENDABLE
from chalicelib.channels import channel, channel_names
from chalicelib.config import PROJECT_DIR, Settings
from chalicelib.delivery import DeliveryState
from chalicelib.errors import ConfigError, FormpostError, InvalidSubmission
from chalicelib.exchange import Exchange
from chalicelib.forms import _FIELD_KEYS, _FORM_KEYS, load_forms
from chalicelib.intake import Intake, accept_submission
from chalicelib.metrics import METRICS
from chalicelib.model import FieldError, FieldType, Form, Signal, Verdict
from chalicelib.spam import CHECKS
from chalicelib.spam.language import LANGUAGES
from chalicelib.spam_rules import _KEYS
from ops.local.ports import ports_from_env
from tests.builders import NOON, a_claim, a_form, a_novelty, a_post, a_submission
from tests.fakes import Clock, MemorySubmissions
from tests.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCS = PROJECT_DIR / "docs"
ARCHITECTURE = DOCS / "architecture.md"
FORMS = DOCS / "forms.md"
NOTICES = DOCS / "notices.md"
HTTP_API = DOCS / "http-api.md"
SETTINGS = DOCS / "settings.md"
PAGES = sorted([*PROJECT_DIR.glob("*.md"), *DOCS.rglob("*.md")])
OPENAPI: dict[str, Any] = yaml.safe_load((DOCS / "openapi.yaml").read_text("utf-8"))
METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
# On GitHub, a heading's anchor is its words in lower case with "-" between.
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
_CODE = re.compile(r"[A-Z]{2,}(_[A-Z]+)*")


class AskedEnvironment(dict[str, str]):
    """An environment that records which variables it is asked for."""

    def __init__(self, **variables: str) -> None:
        super().__init__(variables)
        self.asked: set[str] = set()

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


class Inputs(HTMLParser):
    """Collects where a form goes, and the names of its inputs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = self.method = ""
        self.names: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.action, self.method = attributes["action"] or "", attributes["method"] or ""
        elif tag in {"input", "textarea", "select"}:
            self.names.append(attributes["name"] or "")


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of one language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", page.read_text("utf-8"))


def section(page: Path, heading: str) -> str:
    """Return what stands under one heading, to the next one of its level or above."""
    level = heading.count("#")
    _, _, rest = page.read_text("utf-8").partition(f"\n{heading}\n")
    return re.split(rf"(?m)^#{{1,{level}}} ", rest, maxsplit=1)[0]


def first_cells(text: str) -> list[str]:
    """Return every name in code style in the first column of the tables of a text."""
    rows = re.findall(r"(?m)^\| (.+?) \|", text)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def headings(page: Path) -> set[str]:
    """Return the anchors of a page."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text("utf-8"))
    titles = re.findall(r"(?m)^#+ (.+)$", text)
    return {_NOT_IN_ANCHORS.sub("", title.lower()).replace(" ", "-") for title in titles}


def error_classes(base: type[FormpostError] = FormpostError) -> Iterator[type[FormpostError]]:
    """Yield the whole tree of errors."""
    yield base
    for kind in base.__subclasses__():
        yield from error_classes(kind)


def field_error_codes() -> set[str]:
    """Return every code that a module gives to a field error it makes."""
    codes: set[str] = set()
    for path in (PROJECT_DIR / "chalicelib").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        made = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        if made & {"FieldError", "_TypeCheck"}:
            constants = (node.value for node in nodes if isinstance(node, ast.Constant))
            codes.update(c for c in constants if isinstance(c, str) and _CODE.fullmatch(c))
    return codes


def check_against_schema(document: Any, name: str) -> None:
    """Hold what is sent as JSON to one schema of openapi.yaml."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": OPENAPI["components"]}
    openapi_schema_validator.validate(json.loads(json.dumps(document)), schema)


def test_openapi_yaml_is_valid_openapi() -> None:
    openapi_spec_validator.validate(OPENAPI)


def test_openapi_yaml_has_exactly_the_routes_of_the_app() -> None:
    routes = {
        (path, method.lower())
        for path, entries in app.routes.items()
        for method, entry in entries.items()
        if path != "/{proxy+}" and entry.view_name != "method_not_allowed"
        # HEAD is answered wherever GET is, so it is documented once, in prose.
        if method != "HEAD"
    }

    documented = {
        (path, method)
        for path, operations in OPENAPI["paths"].items()
        for method in operations.keys() & METHODS
    }
    assert documented == routes


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [
        operation["operationId"]
        for operations in OPENAPI["paths"].values()
        for method, operation in operations.items()
        if method in METHODS
    ]

    assert len(names) == len(set(names)) == 21


def test_every_route_is_in_the_page_for_people_and_no_other() -> None:
    routes = {
        f"{method.upper()} {path}"
        for path, operations in OPENAPI["paths"].items()
        for method in operations.keys() & METHODS
    }

    assert set(first_cells(HTTP_API.read_text("utf-8").partition("\n## ")[0])) == routes


def test_a_problem_is_what_openapi_yaml_says() -> None:
    exchange = Exchange({}, "request-1")
    for problem in (
        errors.FormNotFound(),
        errors.StoreUnavailable(),
        InvalidSubmission(
            [FieldError("email", "TYPE_EMAIL", "Not one."), FieldError(None, "A", "B")]
        ),
    ):
        answer = answers.problem_json(problem, exchange)

        check_against_schema(answer.body, "Problem")


def test_a_challenge_is_what_openapi_yaml_says() -> None:
    challenge = proofs.challenge("contact", NOON, b"k" * 32, lambda count: b"\0" * count)

    check_against_schema(challenge, "Challenge")


def test_every_error_is_documented_with_its_status_and_no_other() -> None:
    rows = re.findall(r"(?m)^\| (\d{3}) \| `(\w+)` \|", HTTP_API.read_text("utf-8"))

    documented = sorted((int(status), code) for status, code in rows)
    assert documented == sorted((kind.status, kind.code) for kind in error_classes())


def test_every_limit_is_documented_with_its_value() -> None:
    limits = section(HTTP_API, "### Limits")

    for limit in (
        f"| {Form('any', 'Any').max_body_bytes:,} bytes, or",
        f"| {repository.MAX_ITEM_BYTES:,} bytes,",
        f"| fields | {bodies.MAX_FIELDS:,} |",
        f"| {bodies.MAX_PART_HEADERS}, with {bodies.MAX_PART_HEADER_BYTES:,} bytes each |",
        f"| multipart boundary | {bodies.MAX_BOUNDARY_LENGTH} characters |",
        f"| 1 to {controls.MAX_KEY_LENGTH} printable",
        f"| `_subject` | {controls.MAX_SUBJECT_LENGTH} characters |",
    ):
        assert limit in limits


def test_every_header_of_an_answer_is_documented_and_no_other() -> None:
    sent = Gateway(app, app.routes).get("/").headers.keys() - {"Content-Type"}

    table = section(HTTP_API, "## Headers")
    assert set(first_cells(table)) == sent
    assert OPENAPI["paths"]["/"]["get"]["responses"]["200"]["headers"].keys() == sent


def test_every_field_of_a_log_line_is_documented_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Gateway(app, app.routes).get("/")

    line = json.loads(capsys.readouterr().out)
    table = section(ARCHITECTURE, "## The log")
    assert set(first_cells(table)) == {*line, "error"}


def test_every_metric_is_documented_with_its_dimensions_and_no_other() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| (\w+) \| (.*?) ?\|", section(ARCHITECTURE, "## Metrics"))

    units = {"Count": "count", "Milliseconds": "ms"}
    assert rows == [
        (name, units[unit], " ".join(f"`{each}`" for each in dimensions))
        for name, (unit, dimensions) in METRICS.items()
    ]


def test_every_attribute_in_the_table_is_documented() -> None:
    verdict = Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0)
    submission = a_submission(verdict=verdict, subject="Hi", reply_to="a@b.example", expires_at=1)
    novelty = a_novelty()
    claim = a_claim(novelties=(novelty,))
    stored = [
        items.submission_item(submission, a_form(), claim),
        items.claim_item(claim, submission),
        items.novelty_item(novelty, submission.id),
    ]

    documented = set(re.findall(r"`(\w+)`", section(ARCHITECTURE, "## Data")))
    assert {name for item in stored for name in item} <= documented


def test_every_environment_variable_is_documented_and_no_other() -> None:
    local, deployed = AskedEnvironment(), AskedEnvironment(FORMPOST_STORE="aws")
    Settings.from_env(local)
    Settings.from_env(deployed)
    ports_from_env(local)

    asked = local.asked | deployed.asked
    assert {"FORMPOST_TABLE", "API_PORT"} <= asked
    assert set(first_cells(SETTINGS.read_text("utf-8"))) == asked


def test_every_key_of_a_form_is_documented_and_no_other() -> None:
    table, _, _ = section(FORMS, "## Keys of a form").partition("\nWhat a visitor gets")

    assert first_cells(table) == list(_FORM_KEYS)


def test_only_errors_that_nothing_raises_in_an_answer_are_said_to_be_none() -> None:
    """A parent of others, and what stops the start. All else can be met."""
    unmet = HTTP_API.read_text("utf-8").partition("no route answers with them today")[2]
    table = unmet.partition("A form post meets them")[0]

    codes = re.findall(r"^\| \d{3} \| `(\w+)`", table, re.MULTILINE)
    assert codes == [errors.SubmissionRejected.code, errors.ConfigError.code]


def test_every_status_that_gives_the_form_back_is_documented() -> None:
    table = section(HTTP_API, "### Errors as a page")
    [statuses] = re.findall(r"^\| ([\d, ]+) \| the form filled in", table, re.MULTILINE)

    assert set(map(int, statuses.split(", "))) == {error.status for error in _RESENDABLE}


def test_every_key_of_a_field_is_documented_and_no_other() -> None:
    assert first_cells(section(FORMS, "## Keys of a field")) == list(_FIELD_KEYS)


def test_every_type_of_field_is_documented_and_no_other() -> None:
    assert set(first_cells(section(FORMS, "## Types"))) - {"type"} == set(get_args(FieldType))


def test_every_field_error_code_is_documented_and_no_other() -> None:
    codes = field_error_codes()

    assert {"EMPTY", "TYPE_EMAIL", "NO_FILE_UPLOADS"} <= codes
    assert set(first_cells(section(FORMS, "## Field error codes"))) == codes


def test_every_control_field_is_documented_and_no_other() -> None:
    table = section(FORMS, "## Control fields").partition("###")[0]

    assert set(first_cells(table)) == controls.CONTROL_NAMES


def test_every_spam_check_is_documented_and_no_other() -> None:
    assert set(first_cells(section(FORMS, "## Spam"))) == set(CHECKS)


def test_the_points_of_a_spam_check_are_those_that_are_documented() -> None:
    """Of those that give always the same."""
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| ([\d.]+) \|", section(FORMS, "## Spam")))

    points = {
        name: getattr(sys.modules[check.__module__], "POINTS", None)
        for name, check in CHECKS.items()
    }
    assert rows == {name: f"{each:g}" for name, each in points.items() if isinstance(each, float)}


def test_every_spam_rule_is_documented_and_no_other() -> None:
    text = section(FORMS, "## Spam rules")

    assert first_cells(text) == list(_KEYS)
    told = re.search(r"(?s)The languages that can be told: (.*?)\.\n", text)
    assert told
    assert tuple(re.findall(r"`(\w+)`", told[1])) == LANGUAGES


def test_every_setting_of_every_channel_is_documented_and_no_other() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| `(\w+)` \|", section(NOTICES, "## Channels"))

    assert sorted(rows) == sorted(
        (name, key) for name in channel_names() for key in channel(name).SETTINGS
    )


def test_every_state_of_a_delivery_is_documented_and_no_other() -> None:
    table = section(NOTICES, "## What becomes of a notice")

    assert set(first_cells(table)) == {state.value for state in DeliveryState}


@pytest.mark.parametrize(
    "page", [PROJECT_DIR / "README.md", FORMS, NOTICES], ids=lambda page: page.name
)
def test_every_form_that_is_shown_as_an_example_is_accepted(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8").partition("## A mistake in the file")[0]
    examples = re.findall(r"(?ms)^```toml\n(.*?)^```$", text)

    assert examples
    for example in examples:
        file = tmp_path / "forms.toml"
        file.write_text(example, "utf-8")
        assert load_forms(file)


def test_every_mistake_that_is_shown_is_told_in_these_words(tmp_path: Path) -> None:
    shown = re.findall(
        r"(?ms)^```toml\n(.*?)^```$\s+^```text\n(.*?)^```$",
        section(FORMS, "## A mistake in the file"),
    )

    assert len(shown) >= 3
    for mistake, words in shown:
        file = tmp_path / "forms.toml"
        file.write_text(mistake, "utf-8")
        with pytest.raises(ConfigError) as told:
            load_forms(file)
        assert str(told.value) == words.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_DIR)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        url = urlsplit(link)
        if url.scheme:
            continue
        target = (page.parent / url.path).resolve() if url.path else page
        assert target.exists(), link
        if url.fragment:
            assert url.fragment in headings(target), link


def test_the_form_that_the_readme_begins_with_is_accepted() -> None:
    form = Inputs(blocks(PROJECT_DIR / "README.md", "html")[0])
    shipped = load_forms(PROJECT_DIR / "chalicelib" / "forms.toml")
    store = MemorySubmissions()
    intake = Intake(shipped, (), store, Clock(), bytes)
    filled_in = {name: f"{name}@example.com" for name in form.names}

    accept_submission(a_post(filled_in), intake)

    [submission] = store.by_id.values()
    assert [(answer.name, *answer.values) for answer in submission.answers] == [*filled_in.items()]
    assert set(form.names) <= {field.name for field in shipped["contact"].fields}
    assert form.method == "post"
    assert "POST" in app.routes[urlsplit(form.action).path]


def test_the_json_that_the_readme_shows_is_what_openapi_yaml_says() -> None:
    [receipt] = blocks(PROJECT_DIR / "README.md", "json")

    check_against_schema(json.loads(receipt), "Receipt")
