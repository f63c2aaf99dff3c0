"""How long a token opens, and what happens to who tries wrong ones."""

from __future__ import annotations

from chalicelib.tokens import MAX_FAILURES
from tests.functional.owner import owner
from tests.inbox_fakes import a_token


def test_a_token_ends_at_its_time_and_not_when_it_is_deleted() -> None:
    with owner() as it:
        text = it.sign_up(days=30)[1]
        it.stage.clock.advance(days=30, seconds=-1)
        assert it.ask("GET", "/forms", authorization=f"Bearer {text}").status == 200

        it.stage.clock.advance(seconds=1)

        assert it.ask("GET", "/forms", authorization=f"Bearer {text}").status == 401


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not() -> None:
    with owner() as it:
        wrong = "Bearer " + a_token()[1]
        statuses = [
            it.ask("GET", "/forms", authorization=wrong).status for _ in range(MAX_FAILURES + 2)
        ]

        slowed = it.ask("GET", "/forms", authorization=wrong)

        assert statuses == [401] * MAX_FAILURES + [429] * 2
        assert slowed.json["type"] == "urn:formpost:too_many_sign_ins"
        # Noon is the beginning of a quarter of an hour.
        assert slowed.headers["Retry-After"] == "900"
        # An office shares one address: whoever has a right token is let in.
        assert it.ask("GET", "/forms").status == 200
        it.stage.clock.advance(minutes=15)
        assert it.ask("GET", "/forms", authorization=wrong).status == 401


def test_a_blocked_address_costs_one_read_and_no_write() -> None:
    with owner() as it:
        wrong = "Bearer " + a_token()[1]
        for _ in range(MAX_FAILURES):
            it.ask("GET", "/forms", authorization=wrong)
        it.text = wrong.removeprefix("Bearer ")

        _, requests = it.counted("GET", "/forms")

        assert requests == {"BatchGetItem": 1}


def test_nobody_s_address_and_no_secret_is_in_the_table() -> None:
    with owner() as it:
        it.ask("GET", "/forms", authorization="Bearer " + a_token()[1])

        stored = repr(it.items())

        assert "192.0.2.1" not in stored
        assert it.text not in stored
        assert it.text.rpartition("_")[2] not in stored
        assert {item["pk"]["S"].split("#")[0] for item in it.items()} == {
            *("KEYS", "TOKENS", "SIGNIN")
        }
        failures = next(item for item in it.items() if item["pk"]["S"].startswith("SIGNIN"))
        assert failures["expires_at"]["N"] == str(int(it.stage.clock().timestamp()) + 900)
