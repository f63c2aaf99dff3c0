"""What was typed stays text wherever it is shown again, and never becomes a header."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.gateway import BROWSER_HEADERS, DOMAIN

if TYPE_CHECKING:
    from tests.functional.conftest import Backend

HARMLESS = "typed"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</textarea></title></style><svg onload=alert(1)>",
    "<!--",
    "]]>",
    "{{ 7 * 7 }}{% raw %}",
    "&#60;b&#62;",
)


class Markup(HTMLParser):
    """Every tag of a page with the names of its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.values.append(data)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(("path", "status"), [("/contact", 422), ("/f/closed", 410)])
def test_what_was_typed_adds_no_markup_to_the_page_that_gives_it_back(
    backend: Backend, path: str, status: int, hostile: str
) -> None:
    def page(text: str) -> Markup:
        fields = {"first_name": text, "email": text, text: text, "_subject": text}
        answer = backend.gateway.post_form(path, fields)
        assert answer.status == status
        return Markup(answer.text)

    found, expected = page(hostile), page(HARMLESS)

    assert found.tags == expected.tags
    assert any(hostile in value for value in found.values)


@pytest.mark.parametrize("path", ["/f/{}", "/f/contact/thanks?reference={}", "/{}"])
def test_no_address_adds_markup_to_a_page(backend: Backend, path: str) -> None:
    for hostile in ("%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%3E%3Cimg%20src%3Dx%3E"):
        answer = backend.gateway.request("GET", path.format(hostile), headers=BROWSER_HEADERS)

        assert "<img" not in answer.text
        assert "<script" not in answer.text


@pytest.mark.parametrize("name", ["_next", "_redirect"])
@pytest.mark.parametrize("end", ["\r\nSet-Cookie: a=b", "\nX: y", "\r\n\r\n<p>", "\x00", "\x85"])
def test_a_line_break_in_a_redirect_makes_no_header(backend: Backend, name: str, end: str) -> None:
    answer = backend.gateway.post_form("/f/mine", {"a": "1", name: f"/x{end}"})

    assert answer.status == 303
    assert "Set-Cookie" not in answer.headers
    location = answer.headers["Location"]
    assert location.startswith(f"https://{DOMAIN}/prod/f/mine/thanks?") or location.isascii()
    assert not set(location) & {"\r", "\n", "\x00", "\x85"}
