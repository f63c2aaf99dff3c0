"""What is changed in static_site on its way to a visitor: the address of the API.

The files on the disk are right for the default ports, so they also work when
opened as they are. The local site and the upload to AWS put the real one in.
"""

from __future__ import annotations

import re

# Not a longer port, e.g. http://localhost:80001.
_DEFAULT_API = re.compile(r"http://localhost:8000(?![0-9])")


def with_api_address(html: str, api_address: str) -> str:
    """Return the page with ``api_address`` in the place of the default one.

    Args:
        html: the text of a page of static_site.
        api_address: without a slash at its end, e.g. ``https://forms.example.com``.
    """
    return _DEFAULT_API.sub(lambda _match: api_address, html)
