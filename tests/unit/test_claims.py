"""Claims hold hashes only, and no purpose's hash is another's."""

from __future__ import annotations

import hashlib
import hmac

from chalicelib.claims import claim_for, keyed_hash
from tests.builders import a_submission

SECRET = b"s" * 32


def test_a_keyed_hash_is_hmac_sha256() -> None:
    expected = hmac.new(SECRET, b"ip\n192.0.2.1", hashlib.sha256).hexdigest()

    assert keyed_hash(SECRET, "ip", "192.0.2.1") == expected


def test_a_claim_holds_neither_the_key_nor_the_words() -> None:
    claim = claim_for(a_submission(fields={"a": "words"}), "my-key", SECRET)

    assert "my-key" not in repr(claim)
    assert "words" not in repr(claim)


def test_a_key_lasts_two_days_and_the_same_words_ten_minutes() -> None:
    submission = a_submission()
    noon = int(submission.received_at.timestamp())

    assert claim_for(submission, "k", SECRET).expires_at == noon + 172_800
    assert claim_for(submission, None, SECRET).expires_at == noon + 600


def test_what_a_name_and_its_value_say_is_not_mixed_up() -> None:
    one = claim_for(a_submission(fields={"a": "b", "c": "d"}), "k", SECRET)
    other = claim_for(a_submission(fields={"a": "b c", "": "d"}), "k", SECRET)

    assert one.fingerprint != other.fingerprint
