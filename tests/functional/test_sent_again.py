"""A form that our page shows again, filled in, is sent from there as what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes import UnavailableStore
from tests.shown_form import pairs_sent

if TYPE_CHECKING:
    from chalicelib.model import Pair
    from tests.functional.conftest import Backend

WHOLE = [
    ("mark", "1"),
    ("email", "ada@example.com"),
    ("topic", "Help"),
    ("message", "Hello"),
]


@pytest.mark.parametrize(
    "pairs",
    [
        WHOLE,
        WHOLE[::-1],
        [("nickname", "Ada"), *WHOLE],
        [("mark", "1")],
        [("topic", "Press"), ("topic", "Sales"), ("mark", "1")],
        [("mark", "1"), ("message", "\r\nTwo\r\nlines\r\n"), ("_subject", "Hi")],
        [
            ("mark", "1"),
            ("nickname", " one\r\ntwo "),
            ("nickname", ""),
            ("_replyto", "a@b.example"),
        ],
    ],
    ids=["whole", "other order", "one more", "few", "choices", "lines", "twice"],
)
def test_what_was_stored_before_is_stored_once(backend: Backend, pairs: list[Pair]) -> None:
    """The first post was stored and its answer lost; the second one met a store that was away."""
    first = backend.gateway.post_form("/f/sent-again", pairs)
    kept = backend.store
    backend.use(UnavailableStore())
    page = backend.gateway.post_form("/f/sent-again", pairs)
    backend.use(kept)

    again = backend.gateway.post_form("/f/sent-again", pairs_sent(page.text))

    assert (first.status, page.status, again.status) == (303, 503, 303)
    assert again.headers["Location"] == first.headers["Location"]
    assert len(backend.stored) == 1
