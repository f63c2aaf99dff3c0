"""Claims hold hashes only, and no purpose's hash is another's."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from chalicelib.claims import claim_for, keyed_hash, novelties_of, quota_for
from chalicelib.model import NO_PROOF, Answer, Proof, ProofState
from tests.builders import a_form, a_submission

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


def test_a_page_may_send_its_fields_in_any_order_and_leave_blanks_out() -> None:
    """As our own page does that shows a form again: it has the order of forms.toml."""
    one = claim_for(a_submission(fields={"a": "1", "b": "2", "c": " "}), None, SECRET)
    other = claim_for(a_submission(fields={"b": "2", "d": "", "a": "1"}), None, SECRET)

    assert one == other


@pytest.mark.parametrize("values", [("b", "a", ""), ("", "a", "b"), ("a", "b")])
def test_the_order_of_one_name_s_values_is_content(values: tuple[str, ...]) -> None:
    """A ranking, or the second row of three."""
    ranked = a_submission(answers=(Answer("rank", ("a", "b", "")),))
    changed = a_submission(answers=(Answer("rank", values),))

    one, other = (claim_for(submission, "k", SECRET) for submission in (ranked, changed))
    assert one.fingerprint != other.fingerprint


def quota_key(ip: str, *, form: str = "contact", minutes: float = 0) -> str:
    return quota_for(a_submission(minutes=minutes), a_form(form), ip, SECRET).key


def test_an_address_has_a_quota_for_each_form_and_hour() -> None:
    keys = {
        quota_key("192.0.2.1"),
        quota_key("192.0.2.2"),
        quota_key("192.0.2.1", form="other"),
        quota_key("192.0.2.1", minutes=60),
    }

    assert len(keys) == 4
    assert "192.0.2" not in repr(keys)


def test_a_window_is_an_hour_of_one_address_s_own() -> None:
    ends = {
        ip: quota_for(a_submission(), a_form(), ip, SECRET).expires_at
        for ip in ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    }

    noon = int(a_submission().received_at.timestamp())
    assert all(noon < end <= noon + 3_600 for end in ends.values())
    assert len(set(ends.values())) == 3
    for ip, end in ends.items():
        left_minutes = (end - noon) / 60
        assert quota_key(ip, minutes=left_minutes - 0.1) == quota_key(ip)
        assert quota_key(ip, minutes=left_minutes) != quota_key(ip)


def test_an_ipv6_network_is_one_subscriber() -> None:
    """RFC 6177: a subscriber has a /64 at least, and picks addresses in it at will."""
    first = quota_key("2001:db8:1:2::1")

    assert first == quota_key("2001:0db8:1:2:ffff:ffff:ffff:ffff")
    assert first != quota_key("2001:db8:1:3::1")
    # What is no address at all is counted all the same.
    assert quota_key("test-invoke-source-ip") == quota_key("test-invoke-source-ip")


LETTER = "Dear all, we are the first choice for search engine optimisation. " * 2


def test_a_long_text_is_one_novelty_whoever_sends_it_and_however_it_is_spaced() -> None:
    one, other = (
        novelties_of(a_submission(fields=fields), NO_PROOF, SECRET)
        for fields in (
            {"email": "a@example.com", "message": LETTER},
            {"name": "B", "text": LETTER.upper().replace(" ", "\n ")},
        )
    )

    assert [novelty.key for novelty in one] == [novelty.key for novelty in other] != []


def test_a_short_text_is_sent_by_many_who_mean_it() -> None:
    submission = a_submission(fields={"email": "a@example.com", "message": "Please call me."})

    assert list(novelties_of(submission, NO_PROOF, SECRET)) == []


def test_a_text_may_be_sent_again_to_its_form_by_its_sender() -> None:
    def holder(form: str) -> str:
        submission = a_submission(form=form, fields={"message": LETTER})
        [novelty] = novelties_of(submission, NO_PROOF, SECRET)
        return novelty.holder

    assert holder("contact") == holder("contact") != holder("other")


def test_a_proof_of_work_is_good_for_one_submission() -> None:
    noon = int(a_submission().received_at.timestamp())
    proof = Proof(ProofState.SOLVED, issued_at=noon - 60, expires_at=noon + 60, key="salt")
    submission = a_submission(fields={"message": "Hello"})

    [novelty] = novelties_of(submission, proof, SECRET)

    assert (novelty.kind, novelty.holder, novelty.expires_at) == ("proof", submission.id, noon + 60)
    assert "salt" not in novelty.key
