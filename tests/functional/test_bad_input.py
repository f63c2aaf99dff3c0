"""Bad input, each with its exact answer; none is a fault of ours, and none is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app as routes
from tests.functional.conftest import SITE
from tests.gateway import BROWSER_HEADERS, DOMAIN

if TYPE_CHECKING:
    from tests.functional.conftest import Backend

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
DEEP = 100_000


class Bad(NamedTuple):
    """What is sent to a form that takes any field, and its answer."""

    body: bytes
    content_type: str | None
    status: int
    code: str


CASES = {
    "broken JSON": Bad(b'{"a": "b"', JSON, 400, "MALFORMED_BODY"),
    "JSON 100,000 deep": Bad(b'{"a":' * DEEP + b"1" + b"}" * DEEP, JSON, 400, "MALFORMED_BODY"),
    "a list 100,000 deep": Bad(
        b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}", JSON, 400, "MALFORMED_BODY"
    ),
    "JSON one too deep": Bad(b'{"a": {"b": 1}}', JSON, 422, "TYPE_TEXT"),
    "NaN": Bad(b'{"a": NaN}', JSON, 400, "MALFORMED_BODY"),
    "a JSON list": Bad(b'["a"]', JSON, 400, "MALFORMED_BODY"),
    "an empty JSON object": Bad(b"{}", JSON, 422, "EMPTY"),
    "an unknown charset": Bad(b"a=b", f"{FORM}; charset=klingon", 415, "UNSUPPORTED_BODY"),
    "a charset that is none of the web's": Bad(
        b"a=b", f"{FORM}; charset=rot13", 415, "UNSUPPORTED_BODY"
    ),
    "an unknown _charset_": Bad(b"_charset_=klingon&a=b", FORM, 415, "UNSUPPORTED_BODY"),
    "text that is not its charset": Bad(b"a=%E9", f"{FORM}; charset=utf-8", 400, "MALFORMED_BODY"),
    "10,000 fields": Bad(b"a=1&" * 10_000, FORM, 413, "SUBMISSION_TOO_LARGE"),
    "1 MB in one field": Bad(b"a=" + b"x" * 1_000_000, FORM, 413, "SUBMISSION_TOO_LARGE"),
    "a multipart without end": Bad(PART, MULTIPART, 400, "MALFORMED_BODY"),
    "two boundaries": Bad(PART + b"--b--", MULTIPART + "; boundary=c", 400, "MALFORMED_BODY"),
    "no boundary": Bad(PART + b"--b--", "multipart/form-data", 400, "MALFORMED_BODY"),
    "a boundary twice": Bad(b"--b\r\n" + PART + b"--b--", MULTIPART, 400, "MALFORMED_BODY"),
    "a file": Bad(
        PART.replace(b'"a"', b'"cv"; filename="x"') + b"--b--", MULTIPART, 422, "NO_FILE_UPLOADS"
    ),
    "no Content-Type": Bad(b"a=b", None, 415, "UNSUPPORTED_BODY"),
    "XML": Bad(b"<a/>", "application/xml", 415, "UNSUPPORTED_BODY"),
    "nothing": Bad(b"", FORM, 422, "EMPTY"),
    "control fields only": Bad(b"_subject=x", FORM, 422, "EMPTY"),
    "CR/LF in _replyto": Bad(b"a=1&_replyto=a%40b.c%0D%0ABcc%3A+d%40e.f", FORM, 422, "TYPE_EMAIL"),
}


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES)
def test_bad_input_has_its_answer(backend: Backend, bad: Bad) -> None:
    headers = {"Accept": "application/json"}
    if bad.content_type is not None:
        headers["Content-Type"] = bad.content_type

    answer = backend.gateway.request("POST", "/f/any", headers=headers, body=bad.body)

    assert (answer.status, answer.json["errors"][0]["code"]) == (bad.status, bad.code)
    assert backend.stored == []


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES)
def test_a_person_gets_a_page_for_it(backend: Backend, bad: Bad) -> None:
    headers = {**BROWSER_HEADERS, "Content-Type": bad.content_type or ""}

    answer = backend.gateway.request("POST", "/f/any", headers=headers, body=bad.body)

    assert answer.status == bad.status
    assert answer.text.rstrip().endswith("</html>")


def test_a_file_is_named(backend: Backend) -> None:
    body = PART + PART.replace(b'"a"', b'"cv"; filename="cv.pdf"') + b"--b--"
    headers = {**BROWSER_HEADERS, "Content-Type": MULTIPART, "Accept": "application/json"}

    answer = backend.gateway.request("POST", "/f/any", headers=headers, body=body)

    [error] = answer.json["errors"]
    assert (error["field"], error["code"]) == ("cv", "NO_FILE_UPLOADS")


@pytest.mark.parametrize("body", ["%%%", "YWJ", "YT1i!"])
def test_bad_base64_is_malformed(backend: Backend, body: str) -> None:
    event = backend.gateway.event("POST", "/f/any", headers={"Content-Type": FORM}, body=b"")

    answer = backend.gateway.send({**event, "body": body, "isBase64Encoded": True})

    assert answer.status == 400


def test_a_compressed_body_is_not_taken_for_a_form(backend: Backend) -> None:
    answer = backend.gateway.post_json("/f/any", {"a": "1"}, content_encoding="gzip")

    assert (answer.status, answer.json["errors"][0]["code"]) == (415, "UNSUPPORTED_BODY")


def test_nul_bytes_are_kept_as_text(backend: Backend) -> None:
    answer = backend.gateway.post_json("/f/any", {"a\x00": "b\x00c"})

    assert answer.status == 201
    assert dict(backend.stored[0].answers) == {"a\x00": ("b\x00c",)}


def test_a_sandboxed_page_may_post_but_is_not_trusted(backend: Backend) -> None:
    """``Origin: null``: which page it was is unknown, so its path leads nowhere."""
    answer = backend.gateway.post_form("/f/mine", {"a": "1", "_next": "/x"}, origin="null")

    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"https://{DOMAIN}/prod/f/mine/thanks?")
    assert "page_origin" in {signal.check for signal in backend.stored[0].verdict.signals}


def test_cr_lf_in_the_subject_is_one_line(backend: Backend) -> None:
    answer = backend.gateway.post_form("/f/any", {"a": "1", "_subject": "Hi\r\nBcc: d@e.f"})

    assert answer.status == 303
    assert backend.stored[0].subject == "Hi Bcc: d@e.f"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        r"/\evil.example",
        "https:evil.example",
        f"{SITE}.evil.example/",
        "https://evil.example/",
        f"{SITE}@evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ],
)
@pytest.mark.parametrize("name", ["_next", "_redirect"])
def test_no_redirect_leaves_the_owner_s_sites(backend: Backend, name: str, target: str) -> None:
    answer = backend.gateway.post_form("/f/mine", {"a": "1", name: target})

    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"https://{DOMAIN}/prod/f/mine/thanks?")


@pytest.mark.parametrize("key", ["ä", "x" * 256, "a b"])
def test_an_unusable_idempotency_key_is_refused(backend: Backend, key: str) -> None:
    answer = backend.gateway.post_json("/f/any", {"a": "1"}, idempotency_key=key)

    assert (answer.status, answer.json["errors"][0]["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_a_key_with_other_words_is_refused(backend: Backend) -> None:
    backend.gateway.post_json("/f/any", {"a": "1"}, idempotency_key="k")

    answer = backend.gateway.post_json("/f/any", {"a": "2"}, idempotency_key="k")

    assert (answer.status, answer.json["errors"][0]["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_a_page_that_is_not_listed_learns_what_to_do(backend: Backend) -> None:
    answer = backend.gateway.post_json("/f/mine", {"a": "1"}, origin="https://other.example")

    assert answer.status == 403
    assert 'add "https://other.example" to allowed_origins of [mine]' in answer.json["detail"]


HOSTILE = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from([JSON, FORM, MULTIPART, "text/plain"]) | st.text(),
        "Accept": st.sampled_from(["text/html", JSON]) | st.text(),
        "Origin": st.text(),
        "Referer": st.text(),
        "Idempotency-Key": st.text(),
        "User-Agent": st.text(),
        "Sec-Fetch-Mode": st.text(),
    },
)


@given(
    headers=HOSTILE,
    body=st.text() | st.none(),
    is_base64=st.booleans(),
    method=st.sampled_from(["GET", "POST", "PUT"]),
    path=st.sampled_from(
        ["/contact", "/f/any", "/f/mine", "/f/any/challenge", "/f/any/thanks", "/x/y"]
    ),
)
@settings(max_examples=500)
def test_no_request_makes_a_fault_of_ours(
    backend_of_module: Backend,
    headers: dict[str, str],
    body: str | None,
    method: str,
    path: str,
    *,
    is_base64: bool,
) -> None:
    event = backend_of_module.gateway.event(method, path, headers=headers, body=b"")
    event |= {"body": body, "isBase64Encoded": is_base64}

    answer = routes.app(event, None)

    assert answer["statusCode"] < 500
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
