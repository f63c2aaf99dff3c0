"""What the name of a field says of its value, where the form declares nothing."""

from __future__ import annotations

import re

# One class, one repeat: nothing to go back to.
_WORD = re.compile(r"[^\W\d_]+")
# Between words that are written together, as in "firstName".
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# No page has longer ones.
_MAX_LENGTH = 100
_PERSON_WORDS = (
    "name firstname lastname fullname surname forename fname lname vorname nachname "
    "nom prenom nombre apellido apellidos nome cognome sobrenome naam voornaam achternaam "
    "imie nazwisko jmeno prijmeni namn fornamn efternamn fornavn etternavn"
)
# "company_name" and "site_name" are no person's.
_THING_WORDS = (
    "company business organisation organization firma site website domain page product project "
    "file event user"
)
_ONE_LINE_WORDS = (
    "email mail phone telephone tel mobile fax subject betreff title company city zip postcode "
    "url website"
)
_PERSON = frozenset(_PERSON_WORDS.split())
_THINGS = frozenset(_THING_WORDS.split())
_ONE_LINE = _PERSON.union(_ONE_LINE_WORDS.split())


def is_person_s_name(field: str) -> bool:
    """Whether a field of this name holds a person's name, e.g. ``first_name``."""
    words = _words(field)
    return not words.isdisjoint(_PERSON) and words.isdisjoint(_THINGS)


def is_one_line(field: str) -> bool:
    """Whether pages have an input of one line for it, into which no browser lets a line break."""
    return not _words(field).isdisjoint(_ONE_LINE)


def _words(field: str) -> set[str]:
    """Return ``{"first", "name"}`` for ``first_name``, ``firstName`` and ``entry[first-name]``."""
    spaced = _HUMP.sub(" ", field[:_MAX_LENGTH])
    return set(_WORD.findall(spaced.lower()))
