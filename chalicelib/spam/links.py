"""The text is mostly links, one leads to a bare IP address, or somebody's name has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.field_names import is_person_s_name
from chalicelib.model import Signal
from chalicelib.reading import MAX_LINKS
from chalicelib.texts import shortened

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# From so many links, so many points. People paste some, too: a list of pages that are broken,
# of houses that they would like to see.
POINTS = ((20, 4.0), (10, 3.0), (5, 2.0), (3, 1.0))
# Where there is more text to each, somebody has written it: a newsletter has dozens of links.
_MAX_CHARACTERS_A_LINK = 100
# A site that is looked for has a name; one that is moved every day has none.
POINTS_OF_BARE_ADDRESS = 2.0
# Links alone are no reason: a list of cameras in a network has many bare addresses.
_MOST_POINTS = 4.0
# Those of one's own network, which people name who ask about their router.
_PRIVATE = ("10.", "127.", "172.", "192.168.", "169.254.")
# A page's address is nobody's name; but some forms ask for the name of a site.
POINTS_IN_NAME = 3.0
_NAME_LENGTH = 60


def check(submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Count links, and look for one where a name belongs."""
    links = context.reading.links
    if not links:
        return None
    for answer in submission.answers:
        if is_person_s_name(answer.name) and any("://" in value for value in answer.values):
            value = shortened(" ".join(answer.values), _NAME_LENGTH)
            return Signal("links", POINTS_IN_NAME, f'a link where a name belongs: "{value}"')
    points, said = 0.0, []
    if many := _points_of_number(context.reading.text, links):
        count = f"{MAX_LINKS} links or more" if len(links) == MAX_LINKS else f"{len(links)} links"
        points += many
        said.append(f"{count}, the first to {shortened(links[0], _NAME_LENGTH)}")
    if bare := next(filter(_is_bare_address, links), None):
        points += POINTS_OF_BARE_ADDRESS
        said.append(f"a link to the bare address {shortened(bare, _NAME_LENGTH)}")
    return Signal("links", min(points, _MOST_POINTS), "; ".join(said)) if points else None


def _points_of_number(text: str, links: list[str]) -> float:
    number = max(len(links), text.count("://"))
    if len(text) > number * _MAX_CHARACTERS_A_LINK:
        return 0.0
    return next((points for least, points in POINTS if len(links) >= least), 0.0)


def _is_bare_address(host: str) -> bool:
    digits = host.replace(".", "")
    return digits.isascii() and digits.isdigit() and not host.startswith(_PRIVATE)
