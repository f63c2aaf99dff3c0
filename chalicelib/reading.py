"""A submission's text as the spam checks read it: bounded, and prepared once for all of them.

Only the beginning and the end of a long text are read, so what a post costs is bounded
whatever it holds. Each part is made when the first check asks for it.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.search import folded
from chalicelib.validation import is_email

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Submission

# What is read of one submission, characters: its beginning, and its end where links hide.
HEAD_LENGTH, TAIL_LENGTH = 12_000, 4_000
# People leave one or two; more are not looked at.
MAX_ADDRESSES = 10
# No check tells apart more.
MAX_LINKS = 25
# One character can become eighteen when it is folded.
_MAX_FOLDED_LENGTH = 4 * (HEAD_LENGTH + TAIL_LENGTH)
# "https", and what can stand before it in markup.
_SCHEME_LENGTH = 7
_IN_MARKUP = ("=", '="', "='")
_WEB_ADDRESS = re.compile(r"://(?:www\.)?([\w\-]{1,63}\.[\w.\-]{1,100})")
_BARE_WWW = re.compile(r"www\.([\w\-]{1,63}\.[\w.\-]{1,100})")


class Reading:
    """The text of one submission.

    Args:
        submission: with its answers.
    """

    def __init__(self, submission: Submission) -> None:
        self._submission = submission

    @cached_property
    def text(self) -> str:
        """Subject and every value, a line each, as they were typed."""
        return _bounded("\n".join(_values(self._submission)))

    @cached_property
    def folded(self) -> str:
        """The same without differences of case."""
        return self.text.casefold()

    @cached_property
    def unaccented(self) -> str:
        """The same without differences of case and accents, a single blank between words."""
        return " ".join(folded(self.text)[:_MAX_FOLDED_LENGTH].split())

    @cached_property
    def longest(self) -> str:
        """The longest value, bounded: what the visitor wants to say."""
        return _bounded(max(_values(self._submission), key=len, default=""))

    @cached_property
    def addresses(self) -> list[str]:
        """Every value that is a mail address and nothing else, in lower case."""
        values = (value.strip() for value in _values(self._submission) if "@" in value)
        given = [self._submission.reply_to or "", *values]
        found = (address.lower() for address in given if is_email(address))
        return list(islice(dict.fromkeys(found), MAX_ADDRESSES))

    @cached_property
    def links(self) -> list[str]:
        """The host of every link, e.g. ``example.com``, without ``www.``, repeats included.

        What markup or another link has in it, as in ``href="https://…``, is none.
        """
        return list(islice(_links(self.folded), MAX_LINKS))


def _links(text: str) -> Iterable[str]:
    for found in _WEB_ADDRESS.finditer(text):
        before = text[max(0, found.start() - _SCHEME_LENGTH) : found.start()]
        scheme = next((scheme for scheme in ("https", "http") if before.endswith(scheme)), None)
        # Programmers have other schemes, such as that of a database.
        if scheme and not before.removesuffix(scheme).endswith(_IN_MARKUP):
            yield found[1]
    for found in _BARE_WWW.finditer(text):
        before = text[found.start() - 1 : found.start()]
        if before not in {"/", "@"} and not before.isalnum():
            yield found[1]


def _values(submission: Submission) -> Iterable[str]:
    if submission.subject:
        yield submission.subject
    yield from (value for answer in submission.answers for value in answer.values)


def _bounded(text: str) -> str:
    if len(text) <= HEAD_LENGTH + TAIL_LENGTH:
        return text
    return f"{text[:HEAD_LENGTH]}\n{text[-TAIL_LENGTH:]}"
