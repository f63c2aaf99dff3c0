"""No route of the owner's answers anything without a right token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import app as routes
from chalicelib.tokens import Scope
from tests.functional.owner import owner
from tests.functional.stage import TABLE
from tests.inbox_fakes import a_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conversion import Answer
    from tests.functional.owner import Owner

PUBLIC = {
    *("/", "/health", "/contact", "/f/{form_id}", "/f/{form_id}/challenge"),
    *("/f/{form_id}/thanks", "/{proxy+}"),
}
# Every other route of the app, by itself: one that is added is here without being listed.
OWNED = sorted(
    (path, method)
    for path, entries in routes.app.routes.items()
    for method, entry in entries.items()
    if path not in PUBLIC and entry.view_name != "method_not_allowed"
)
READING = {
    ("/forms/{form_id}/export", "POST"),
    ("/people/find", "POST"),
    ("/people/export", "POST"),
}
WRITING = [
    (path, method)
    for path, method in OWNED
    if method not in {"GET", "HEAD"} and (path, method) not in READING
]
PERSON = {"email": "ada@example.com"}
BODY_BY_ROUTE: dict[tuple[str, str], Any] = {
    ("/forms/{form_id}/export", "POST"): {"format": "jsonl"},
    ("/people/find", "POST"): PERSON,
    ("/people/export", "POST"): PERSON,
    ("/people/erase", "POST"): PERSON,
    ("/forms/{form_id}/submissions/{submission_id}", "PATCH"): {"is_read": True},
}


@pytest.fixture(scope="module")
def it() -> Iterator[Owner]:
    with owner() as signed_in:
        signed_in.store(fields={"email": "ada@example.com", "message": "private words"})
        yield signed_in


def ask(it: Owner, path: str, method: str, authorization: str | None) -> Answer:
    [submission] = it.ask("GET", "/forms/contact/submissions").json["submissions"]
    body = BODY_BY_ROUTE.get((path, method), {"ids": [submission["id"]], "is_read": True})
    for name, value in {
        "{form_id}": "contact",
        "{submission_id}": submission["id"],
        "{target}": "email",
    }.items():
        path = path.replace(name, value)
    it.forget_failures()
    return it.ask(method, path, None if method == "GET" else body, authorization=authorization)


def wrong_tokens(it: Owner) -> dict[str, str]:
    """Return an Authorization header of every kind that must not open."""
    right = it.text
    expired = it.sign_up(days=-1)[1]
    revoked, revoked_text = it.sign_up()
    it.tokens.revoke(revoked.id)
    # A token that another stage's table knows, and this one's does not.
    foreign = a_token()[1]
    return {
        "none": "",
        "no scheme": right,
        "another scheme": f"Basic {right}",
        "nothing behind the scheme": "Bearer",
        "not a token": "Bearer secret",
        "a wrong secret": f"Bearer {right[:-4]}aaaa",
        "another one's id": f"Bearer {foreign[:20]}{right[20:]}",
        "cut off": f"Bearer {right[:-1]}",
        "too long": f"Bearer {right}a",
        "upper case": f"Bearer {right.upper()}",
        "expired": f"Bearer {expired}",
        "revoked": f"Bearer {revoked_text}",
        "another stage's": f"Bearer {foreign}",
    }


def test_the_table_has_every_route_that_is_not_public() -> None:
    assert len(OWNED) == 18
    assert set(routes.app.routes) >= PUBLIC
    assert ("/people/erase", "POST") in WRITING


@pytest.mark.parametrize(("path", "method"), OWNED)
def test_no_route_opens_without_a_right_token(it: Owner, path: str, method: str) -> None:
    before = it.items()
    answers = {
        kind: ask(it, path, method, authorization)
        for kind, authorization in wrong_tokens(it).items()
    }

    for kind, answer in answers.items():
        assert answer.status == 401, kind
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="formpost"'
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "private words" not in answer.text
    if method != "HEAD":
        bodies = [{**answer.json, "request_id": ""} for answer in answers.values()]
        assert bodies[0]["type"] == "urn:formpost:not_signed_in"
        assert bodies == [bodies[0]] * len(bodies), "the answers tell the tokens apart"
    changed = [item for item in it.items() if item not in before]
    assert [item for item in changed if item["sk"]["S"].startswith(("SUB#", "DELIVERY#"))] == []


@pytest.mark.parametrize(("path", "method"), WRITING)
def test_a_token_for_reading_changes_nothing(it: Owner, path: str, method: str) -> None:
    text = it.sign_up(Scope.READ)[1]
    it.forget_failures()
    before = it.items()

    answer = ask(it, path, method, f"Bearer {text}")

    assert (answer.status, answer.json["type"]) == (403, "urn:formpost:not_allowed")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert it.items() == before


@pytest.mark.parametrize(("path", "method"), sorted(set(OWNED) - set(WRITING)))
def test_a_token_for_reading_reads(it: Owner, path: str, method: str) -> None:
    text = it.sign_up(Scope.READ)[1]

    answer = ask(it, path, method, f"bearer {text}")

    assert answer.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/forms/contact/submissions/01M83QT9NTZX9KFJP58TKMWT7C",
        "/forms/no-such-form/submissions",
        "/forms/no-such-form/counts?days=nonsense",
    ],
)
def test_what_is_not_there_is_told_to_the_owner_only(it: Owner, path: str) -> None:
    it.forget_failures()
    stranger = it.ask("GET", path, authorization="Bearer nonsense")

    assert stranger.status == 401
    assert it.ask("GET", path).status == 404


def test_a_token_is_worth_nothing_as_soon_as_it_is_revoked(it: Owner) -> None:
    token, text = it.sign_up()
    assert it.ask("GET", "/forms", authorization=f"Bearer {text}").status == 200

    it.tokens.revoke(token.id)

    assert it.ask("GET", "/forms", authorization=f"Bearer {text}").status == 401


def test_letting_in_costs_one_request(it: Owner) -> None:
    it.ask("GET", "/forms")

    answer, requests = it.counted("GET", "/forms")

    assert answer.status == 200
    # One form with one shard: one count.
    assert requests == {"BatchGetItem": 1, "Query": 1}


def test_neither_token_nor_address_is_in_the_log(it: Owner) -> None:
    it.ask("GET", "/forms")

    assert it.text not in repr(it.log)
    assert "192.0.2.1" not in repr(it.log)


def test_a_store_that_does_not_answer_lets_nobody_in(it: Owner) -> None:
    it.stage.submissions.client.delete_table(TableName=TABLE)

    answer = it.ask("GET", "/forms")

    assert (answer.status, answer.json["type"]) == (503, "urn:formpost:store_unavailable")
