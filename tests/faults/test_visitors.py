"""Visitors of a campaign do as real ones: formpost.js, browsers, scripts."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from tests.conversion import Answer
from tests.faults import visitors
from tests.faults.content import pairs
from tests.faults.visitors import KINDS, Visitor
from tests.shown_form import pairs_sent

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPT = (PROJECT_DIR / "static_site" / "formpost.js").read_text("utf-8")
STORED = Answer(201, {}, '{"id": "01M83R133871SDYX0AVXMVHG7J"}')
SEEN = Answer(303, {"Location": "https://api.example/f/x/thanks?reference=VXMV-HG7J"}, "")
AWAY = Answer(503, {"Retry-After": "5"}, "{}")


class ScriptedLine:
    """Answers as it is told, and then that it is stored."""

    def __init__(self, *answers: Answer | None, at_last: Answer = STORED) -> None:
        self.posts: list[tuple[Mapping[str, str], bytes]] = []
        self._answers = list(answers)
        self._at_last = at_last

    def post(self, headers: Mapping[str, str], body: bytes, ip: str) -> Answer | None:
        self.posts.append((headers, body))
        return self._answers.pop(0) if self._answers else self._at_last


def a_visitor(line: ScriptedLine, waits: list[float]) -> Visitor:
    chance = random.Random(8)  # noqa: S311  it has to repeat
    return Visitor(
        mark="1",
        ip="192.0.2.1",
        pairs=pairs("1", chance),
        chance=chance,
        line=line,
        pause=waits.append,
    )


def test_the_rule_is_that_of_formpost_js() -> None:
    def constant(name: str) -> str:
        found = re.search(rf"const {name} = (.*);", SCRIPT)
        assert found
        return found[1]

    assert int(constant("MAX_TRIES")) == visitors.MAX_TRIES
    assert int(constant("MAX_WAIT_SECONDS")) == visitors.MAX_WAIT_SECONDS
    assert constant("TRANSIENT") == str(list(visitors.TRANSIENT))


def test_a_page_tries_four_times_as_late_as_it_is_told_and_then_its_visitor_presses_again() -> None:
    line, waits = ScriptedLine(AWAY, None, AWAY, AWAY, AWAY), []  # type: ignore[var-annotated]
    visitor = a_visitor(line, waits)

    visitors.scripted_page(visitor)

    assert waits == [5, 2, 5, 5]
    assert len(line.posts) == 6
    assert len({body for _, body in line.posts}) == 1
    assert visitor.references == {"VXMV-HG7J"}


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_refused_does_not_go_on(kind: str) -> None:
    refused = Answer(422, {}, "no")
    line = ScriptedLine(refused, refused, at_last=AWAY)
    visitor = a_visitor(line, [])

    KINDS[kind](visitor)

    assert visitor.references == set()
    assert visitor.refusals[0] == "422 no"
    assert len(line.posts) <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_who_hears_nothing_gives_up_after_many_tries(kind: str) -> None:
    line = ScriptedLine(at_last=AWAY)
    visitor = a_visitor(line, [])

    KINDS[kind](visitor)

    assert not visitor.is_done
    assert 50 <= len(line.posts) <= 100


def test_a_browser_posts_twice_and_sends_from_the_page_that_it_is_shown() -> None:
    page = '<form method="post"><textarea name="a">\n\nx\ny</textarea><input name="b" value="1">'
    away = Answer(503, {"Retry-After": "5"}, page + "</form>")
    line = ScriptedLine(away, away, at_last=SEEN)
    visitor = a_visitor(line, [])

    visitors.plain_browser(visitor)

    bodies = [body for _, body in line.posts]
    assert bodies[0] == bodies[1]
    assert bodies[2:] == [b"a=%0D%0Ax%0D%0Ay&b=1"] * 2
    assert visitor.references == {"VXMV-HG7J"}
    assert not any("Idempotency-Key" in headers for headers, _ in line.posts)


@pytest.mark.parametrize(
    ("kind", "keys"), [("scripts with a key", 1), ("scripts without a key", 0)]
)
def test_a_script_sends_the_same_again(kind: str, keys: int) -> None:
    line = ScriptedLine(AWAY, None, AWAY)
    visitor = a_visitor(line, [])

    KINDS[kind](visitor)

    found = {headers.get("Idempotency-Key") for headers, _ in line.posts} - {None}
    assert len(found) == keys
    assert len(line.posts) == 4
    assert len({body for _, body in line.posts}) == 1


def test_what_a_browser_sends_of_a_shown_form() -> None:
    """By the rules of HTML: unchecked boxes and the button stay, one-line text loses its breaks."""
    html = """
    <input name="outside" value="1">
    <form method="post">
      <input type="text" name="a" value="one&#10;line">
      <input type="email" name="m" value=" a@b.c ">
      <input type="checkbox" name="c" value="x" checked> <input type="checkbox" name="c" value="y">
      <input type="checkbox" name="d" checked>
      <select name="s"><option value="">-</option><option value="1" selected>one</option></select>
      <textarea name="t">
 &lt;b&gt; &amp;
</textarea>
      <input type="hidden" name="_next" value="https://site.example/"> <input value="nameless">
      <button type="submit" name="go">Send</button>
    </form>"""

    assert pairs_sent(html) == [
        ("a", "oneline"),
        ("m", "a@b.c"),
        ("c", "x"),
        ("d", "on"),
        ("s", "1"),
        ("t", " <b> &\r\n"),
        ("_next", "https://site.example/"),
    ]
