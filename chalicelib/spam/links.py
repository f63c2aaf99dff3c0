"""The text has many links, or somebody's name has one."""

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
    points = next((points for least, points in POINTS if len(links) >= least), None)
    if points is None:
        return None
    count = f"{MAX_LINKS} links or more" if len(links) == MAX_LINKS else f"{len(links)} links"
    return Signal("links", points, f"{count}, the first to {shortened(links[0], _NAME_LENGTH)}")
