"""What a proof of work is worth: solved, or wanting in one way or another."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib import proofs
from chalicelib.claims import keyed_hash
from chalicelib.model import NO_PROOF, Proof, ProofState
from tests.builders import NOON
from tests.proof_of_work import encoded, solved

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = b"k" * 32
# 2026-11-23T12:00:00Z, and an hour later.
NOON_SECONDS, ONE_O_CLOCK = 1_795_435_200, 1_795_438_800
NOTHING_SIGNED = (None, None, None)
NO_MEMBERS: tuple[Any, ...] = (None, 1, "x", [], {})

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def a_challenge(form_id: str = "contact", *, draw: bytes = b"\0\0", **changes: Any) -> Any:
    """Return a challenge of noon's, solved at the first number that it can be."""
    asked = {"now": NOON, "secret": SECRET, **changes}
    return proofs.challenge(form_id, random_bytes=lambda _count: draw, **asked)


def verified(payload: str | None, form_id: str = "contact", *, seconds: float = 0) -> Proof:
    """Return what a payload is worth some seconds after noon."""
    return proofs.verify(payload, form_id, NOON + timedelta(seconds=seconds), SECRET)


SOLVED: dict[str, Any] = solved(a_challenge())


def changed(places: Mapping[str, Any]) -> str:
    """Return the solved payload with other values, each by its path: ``{"a/b": value}``."""
    payload = json.loads(json.dumps(SOLVED))
    for path, value in places.items():
        *folders, name = path.split("/")
        place = payload
        for folder in folders:
            place = place[folder]
        place[name] = value
    return encoded(payload)


class TestChallenge:
    def test_it_is_what_the_widget_reads(self) -> None:
        """Source: https://altcha.org/docs/v2/proof-of-work/"""
        asked = a_challenge("newsletter")
        parameters = asked["parameters"]

        assert set(asked) == {"parameters", "signature"}
        assert (parameters["algorithm"], parameters["cost"]) == ("PBKDF2/SHA-256", 1_000)
        assert parameters["keyLength"] == 32
        assert [len(parameters[name]) for name in ("nonce", "salt", "keyPrefix")] == [32, 32, 32]
        assert parameters["data"] == {
            "form": "newsletter",
            "issued_at": NOON_SECONDS,
            "expires_at": ONE_O_CLOCK,
        }

    def test_no_two_are_the_same(self) -> None:
        first, second = a_challenge(), a_challenge()

        assert first["signature"] != second["signature"]
        assert first["parameters"]["keyPrefix"] != second["parameters"]["keyPrefix"]

    @pytest.mark.parametrize(("draw", "number"), [(b"\0\0", 256), (b"\xff\xff", 767)])
    def test_it_takes_256_to_767_tries(self, draw: bytes, number: int) -> None:
        payload = solved(a_challenge(draw=draw), start=number - 1)

        assert payload["solution"]["counter"] == number
        assert verified(encoded(payload)).state is ProofState.SOLVED


class TestSolved:
    def test_it_says_when_it_was_asked_for_and_until_when_it_counts(self) -> None:
        proof = verified(encoded(SOLVED), seconds=60)

        signature = SOLVED["challenge"]["signature"]
        assert proof == Proof(ProofState.SOLVED, NOON_SECONDS, ONE_O_CLOCK, signature)

    def test_it_is_that_of_the_protocol(self) -> None:
        """Solved and signed by nothing but the standard library."""
        parameters = {
            "algorithm": "PBKDF2/SHA-256",
            "cost": 1000,
            "data": {"expires_at": ONE_O_CLOCK, "form": "contact", "issued_at": NOON_SECONDS},
            "keyLength": 32,
            "keyPrefix": "",
            "keySignature": "",
            "nonce": "000102030405060708090a0b0c0d0e0f",
            "salt": "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        }
        # The nonce, then 300 as four bytes with the highest first.
        password = bytes.fromhex("000102030405060708090a0b0c0d0e0f0000012c")
        salt = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
        key = hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
        parameters["keyPrefix"] = key[:16].hex()
        solution_key, challenge_key = (
            keyed_hash(SECRET, purpose, "").encode() for purpose in ("solution", "challenge")
        )
        parameters["keySignature"] = hmac.digest(solution_key, key, "sha256").hex()
        # The names above are in the order of the alphabet, which the signature is over.
        text = json.dumps(parameters, separators=(",", ":")).encode()
        signature = hmac.digest(challenge_key, text, "sha256").hex()
        challenge = {"parameters": parameters, "signature": signature}

        proof = verified(
            encoded({"challenge": challenge, "solution": {"counter": 300, "derivedKey": key.hex()}})
        )

        assert proof == Proof(ProofState.SOLVED, NOON_SECONDS, ONE_O_CLOCK, signature)

    def test_the_same_numbers_written_otherwise_are_the_same_proof(self) -> None:
        """The signature is over numbers as JavaScript writes them: 1.0 is 1."""
        written = changed(
            {
                "challenge/parameters/data/expires_at": float(ONE_O_CLOCK),
                "challenge/parameters/data/issued_at": NOON_SECONDS,
            }
        )

        proof = verified(written)

        assert proof == verified(encoded(SOLVED))
        assert str(proof.expires_at) == "1795438800"


class TestWanting:
    def test_none_is_missing(self) -> None:
        assert verified(None) == NO_PROOF

    def test_one_of_another_form_is_known_by_its_key(self) -> None:
        proof = verified(encoded(SOLVED), "newsletter")

        assert proof.state is ProofState.OTHER_FORM
        assert proof[1:] == verified(encoded(SOLVED))[1:]

    @pytest.mark.parametrize(
        ("seconds", "state"), [(3_599.999, ProofState.SOLVED), (3_600, ProofState.EXPIRED)]
    )
    def test_it_counts_for_an_hour(self, seconds: float, state: ProofState) -> None:
        proof = verified(encoded(SOLVED), seconds=seconds)

        assert proof == Proof(state, NOON_SECONDS, ONE_O_CLOCK, SOLVED["challenge"]["signature"])

    @pytest.mark.parametrize(
        "derived_key",
        ["", "00" * 32, SOLVED["challenge"]["parameters"]["keyPrefix"], "xy", None, 7, ["00"], {}],
    )
    def test_a_number_that_was_not_found_is_unsolved(self, derived_key: Any) -> None:
        proof = verified(changed({"solution/derivedKey": derived_key}))

        assert proof.state is ProofState.UNSOLVED
        assert proof.key == SOLVED["challenge"]["signature"]

    @pytest.mark.parametrize(
        "places",
        [
            {"challenge/signature": "0" * 64},
            {"challenge/signature": SOLVED["challenge"]["signature"].upper()},
            {"challenge/signature": ""},
            {"challenge/signature": None},
            {"challenge/signature": [SOLVED["challenge"]["signature"]]},
            {"challenge/signature": "\ud800"},
            {"challenge/parameters/cost": 1},
            {"challenge/parameters/keyPrefix": ""},
            {"challenge/parameters/keySignature": None},
            {"challenge/parameters/nonce": "00" * 16},
            {"challenge/parameters/salt": "?expires_at=9999999999&"},
            {"challenge/parameters/data/form": "newsletter"},
            {"challenge/parameters/data/expires_at": ONE_O_CLOCK + 1},
            {"challenge/parameters/data/issued_at": NOON_SECONDS - 60},
            {"challenge/parameters/data/issued_at": float("nan")},
            {"challenge/parameters/data/more": 1},
            {"challenge/parameters/data/__proto__": {}},
            {"challenge/parameters/data": None},
            {"challenge/parameters/data": "?form=contact"},
            # What ALTCHA itself would take for an end that is over, or is far away.
            {"challenge/parameters/expiresAt": 1},
            {"challenge/parameters/expiresAt": 9_999_999_999},
            {"challenge/parameters/expiresAt": 10**400},
            {"challenge/parameters/memoryCost": None},
        ],
        ids=str,
    )
    def test_what_is_not_as_it_was_signed_is_forged(self, places: Mapping[str, Any]) -> None:
        proof = verified(changed(places))

        assert proof == Proof(ProofState.FORGED, *NOTHING_SIGNED)

    def test_another_stage_s_is_forged(self) -> None:
        other = solved(a_challenge(secret=b"o" * 32))

        assert verified(encoded(other)) == Proof(ProofState.FORGED, *NOTHING_SIGNED)

    def test_a_post_of_altcha_s_first_protocol_is_unreadable(self) -> None:
        first = {"algorithm": "SHA-256", "challenge": "c", "number": 1, "salt": "s"}

        assert verified(encoded({**first, "signature": "x"})).state is ProofState.UNREADABLE

    @pytest.mark.parametrize(
        "payload",
        [
            "",
            "x",
            "%%%%",
            "é",
            "\ud800",
            "\0",
            base64.b64encode(b"\xff\xfe").decode(),
            base64.b64encode(b"[" * 2_900).decode(),
            base64.b64encode(b'{"challenge":' * 220).decode(),
            base64.b64encode(b"9" * 2_900).decode(),
            base64.b64encode(base64.b64encode(json.dumps(SOLVED).encode())).decode(),
            *(encoded(value) for value in (*NO_MEMBERS, float("nan"), [[]])),
            *(encoded({"challenge": value, "solution": {}}) for value in NO_MEMBERS),
            changed({"challenge/parameters": []}),
            changed({"challenge/parameters": "contact"}),
            changed({"solution": None}),
            changed({"solution": [1]}),
            # One byte more than is looked at.
            encoded(SOLVED).ljust(4_001, "="),
            "A" * 10_000_000,
        ],
        ids=lambda payload: ascii(payload[:30]),
    )
    def test_what_is_none_is_unreadable(self, payload: str) -> None:
        assert verified(payload) == Proof(ProofState.UNREADABLE, *NOTHING_SIGNED)


class TestNothingMakesItFail:
    @given(st.text(st.characters()))
    @example("\udfff")
    def test_no_text(self, payload: str) -> None:
        assert verified(payload).state is ProofState.UNREADABLE

    @given(JSON_VALUES)
    def test_no_json(self, value: Any) -> None:
        assert verified(encoded(value)).state is ProofState.UNREADABLE

    @settings(max_examples=300)
    @given(
        path=st.sampled_from(
            [
                *(f"challenge/parameters/{name}" for name in SOLVED["challenge"]["parameters"]),
                *(f"challenge/parameters/data/{name}" for name in ("form", "issued_at", "x")),
                *("challenge", "challenge/parameters", "challenge/signature"),
                *("solution", "solution/derivedKey"),
            ]
        ),
        value=JSON_VALUES,
    )
    def test_no_value_in_the_place_of_a_right_one(self, path: str, value: Any) -> None:
        written = changed({path: value})

        proof = verified(written)

        assert proof.state is not ProofState.SOLVED or same(written)


def same(written: str) -> bool:
    """Whether a payload says what the solved one says: 1.0 is 1."""
    said: Any = json.loads(base64.b64decode(written))
    return bool(said == SOLVED)
