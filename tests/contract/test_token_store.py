"""Owner tokens, in the fake that other tests use and in DynamoDB: the two must not differ."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.errors import StoreUnavailable
from chalicelib.token_store import TokenStore
from chalicelib.tokens import Scope, Window
from tests.dynamodb import TABLE
from tests.fakes import Clock
from tests.inbox_fakes import MemoryTokens, a_token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WINDOW = Window("hash of an address", 1_795_435_200)


@pytest.fixture(params=["memory", "dynamodb"])
def tokens(request: pytest.FixtureRequest) -> MemoryTokens | TokenStore:
    if request.param == "memory":
        return MemoryTokens()
    client = request.getfixturevalue("dynamodb")
    return TokenStore(lambda: client, table=TABLE)


@pytest.mark.parametrize("days", [None, 30])
@pytest.mark.parametrize("scope", Scope)
def test_what_is_kept_is_found(tokens: TokenStore, scope: Scope, days: int | None) -> None:
    token = a_token(scope, name="Ada's laptop ☎", days=days)[0]

    tokens.keep(token)

    assert tokens.look_up(token.id, WINDOW) == (token, 0)
    assert tokens.look_up(a_token()[0].id, WINDOW) == (None, 0)
    assert tokens.look_up(None, WINDOW) == (None, 0)


def test_a_token_is_gone_when_it_is_revoked(tokens: TokenStore) -> None:
    token, other = a_token()[0], a_token()[0]
    tokens.keep(token)
    tokens.keep(other)

    assert tokens.revoke(token.id)
    assert not tokens.revoke(token.id)
    assert tokens.look_up(token.id, WINDOW) == (None, 0)
    assert tokens.all() == (other,)


def test_failures_are_counted_by_address_and_window(tokens: TokenStore) -> None:
    token = a_token()[0]
    tokens.keep(token)

    for _ in range(3):
        tokens.count_failure(WINDOW)
    tokens.count_failure(WINDOW._replace(ip_hash="another"))

    assert tokens.look_up(token.id, WINDOW) == (token, 3)
    assert tokens.look_up(None, WINDOW._replace(started_at=WINDOW.ends_at)) == (None, 0)


def test_all_of_them_are_listed_oldest_first(tokens: TokenStore) -> None:
    clock = Clock()
    made = []
    for _ in range(3):
        made.append(a_token(now=Clock(clock()))[0])
        clock.advance(minutes=-1)
    for token in made:
        tokens.keep(token)

    assert tokens.all() == tuple(reversed(made))
    assert made[0].created_at - made[2].created_at == timedelta(minutes=2)


def test_one_request_reads_token_and_failures_as_they_are_now(dynamodb: DynamoDBClient) -> None:
    requests: list[Any] = []
    dynamodb.meta.events.register(
        "before-parameter-build.dynamodb.*",
        lambda params, model, **_: requests.append((model.name, params)),
    )

    TokenStore(lambda: dynamodb, table=TABLE).look_up("a" * 16, WINDOW)

    [(name, request)] = requests
    assert (name, request["RequestItems"][TABLE]["ConsistentRead"]) == ("BatchGetItem", True)


def test_a_token_that_was_not_read_is_not_a_token_that_is_not_there() -> None:
    """DynamoDB answers a part of a batch when it is busy."""

    class Busy:
        def batch_get_item(self, **request: Any) -> Any:
            return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}

    with pytest.raises(StoreUnavailable):
        TokenStore(Busy, table=TABLE).look_up("a" * 16, WINDOW)  # type: ignore[arg-type]
