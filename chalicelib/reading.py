"""A submission's text as the spam checks read it: bounded, and prepared once for all of them.

Only the beginning and the end of a long text are read, so what a post costs is bounded
whatever it holds. Each part is made when the first check asks for it.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.search import folded
from chalicelib.validation import is_email

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Submission

# What is read of one submission, characters: its beginning, and its end where links hide.
HEAD_LENGTH, TAIL_LENGTH = 12_000, 4_000
# Of its words are read those of so many characters at its beginning, and of so many at its end:
# a long text must not outweigh a hundred others, and hardly anybody says later what it is about.
_WORDS_HEAD, _WORDS_TAIL = 2_000, 500
# Of so many fields, those that have not more characters, the field of each word counts, too.
_MAX_TAGGED, _MAX_TAGGED_LENGTH = 20, 200
# People leave one or two; more are not looked at.
MAX_ADDRESSES = 10
# No check tells apart more.
MAX_LINKS = 25
# One character can become eighteen when it is folded, but a text hardly twice as long.
_MAX_GROWTH = 4
# "https", and what can stand before it in markup.
_SCHEME_LENGTH = 7
_IN_MARKUP = ("=", '="', "='")
# What stands between words: in ASCII all but letters, digits and "_", of the rest the commonest.
# To make blanks of it takes a third of the time of a regular expression.
_BLANKS = bytes(
    byte if not chr(byte).isascii() or chr(byte).isalnum() or byte == ord("_") else ord(" ")
    for byte in range(256)
)
_PUNCTUATION = (
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2022\u2026"
    "\xa1\xab\xb7\xbb\xbf\u060c\u061f\u0964"
)
# Japanese and Chinese put no blanks between words, and Korean endings change: each of their
# characters stands for itself.
_OWN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# In UTF-8 all of them begin with a byte that is none of these; so do emoji.
_BEFORE_OWN = bytes(range(0xE3))
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
    def ends(self) -> str:
        """The beginning and the end of it, as they were typed; see ``words``."""
        return _ends(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words of its beginning and its end, without differences of case."""
        return words(_ends(self.folded))

    @cached_property
    def tagged(self) -> list[str]:
        """The words of short values behind their field's name, e.g. ``email:example``.

        The longest value is left out: its words are most of ``words`` anyway.
        """
        short = [
            (answer.name, value)
            for answer in self._submission.answers[:_MAX_TAGGED]
            for value in answer.values[:1]
            if len(value) <= _MAX_TAGGED_LENGTH and value is not self.longest
        ]
        if self._submission.subject:
            short.append(("subject", self._submission.subject[:_MAX_TAGGED_LENGTH]))
        return [f"{name}:{word}" for name, value in short for word in words(value.casefold())]

    @cached_property
    def unaccented(self) -> str:
        """The same without differences of case and accents, a single blank between words."""
        return " ".join(folded(self.text)[: _MAX_GROWTH * len(self.text)].split())

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


def words(folded_text: str) -> list[str]:
    """Return the words of a text that has no differences of case."""
    raw = folded_text.encode(errors="replace")
    if raw.translate(None, _BEFORE_OWN):
        return _word().findall(folded_text)
    if not folded_text.isascii():
        for character in _PUNCTUATION:
            folded_text = folded_text.replace(character, " ")
        raw = folded_text.encode(errors="replace")
    return raw.translate(_BLANKS).decode().split()


@cache
def _word() -> re.Pattern[str]:
    """Find what is a word; one class a branch, so nothing is gone back to.

    Compiled for the first text that has one of its 40,000 own characters: that takes 3 ms.
    """
    return re.compile(rf"[{_OWN}]|[^\W{_OWN}]+")


def _ends(text: str) -> str:
    if len(text) <= _WORDS_HEAD + _WORDS_TAIL:
        return text
    return f"{text[:_WORDS_HEAD]}\n{text[-_WORDS_TAIL:]}"


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
