"""The four encodings, as browsers and programs send them, and as nobody should."""

from __future__ import annotations

import pytest

from chalicelib import bodies
from chalicelib.bodies import decode
from chalicelib.errors import MalformedBody, SubmissionTooLarge, UnsupportedBody

URLENCODED = "application/x-www-form-urlencoded"
A_MEGABYTE = 1_000_000


def pairs_of(body: bytes, content_type: str | None = URLENCODED) -> list[tuple[str, str]]:
    decoded = decode(body, content_type, max_bytes=A_MEGABYTE)
    assert decoded.errors == []
    return decoded.pairs


def multipart(*parts: tuple[bytes, bytes], end: bytes = b"--b--\r\n") -> bytes:
    """Return a body of (header line after ``form-data;``, content) parts."""
    return (
        b"".join(
            b"--b\r\nContent-Disposition: form-data; " + header + b"\r\n\r\n" + content + b"\r\n"
            for header, content in parts
        )
        + end
    )


def test_repeated_names_are_kept_in_order() -> None:
    assert pairs_of(b"tag=a&name=Ada&tag=b") == [("tag", "a"), ("name", "Ada"), ("tag", "b")]


def test_plus_and_percent_are_decoded_as_forms_encode_them() -> None:
    assert pairs_of(b"a+b=%C3%A9+%2B+%26") == [("a b", "é + &")]


def test_blank_values_and_names_without_value_are_kept() -> None:
    assert pairs_of(b"a=&b&&=x") == [("a", ""), ("b", ""), ("", "x")]


def test_a_part_without_a_name_is_kept() -> None:
    assert pairs_of(multipart((b"x=y", b"1")), "multipart/form-data; boundary=b") == [("", "1")]


def test_multipart_text_parts_are_read_as_utf8() -> None:
    body = multipart(('name="straße"'.encode(), "grün\r\nblau".encode()))

    assert pairs_of(body, "multipart/form-data; boundary=b") == [("straße", "grün\r\nblau")]


def test_a_quoted_boundary_is_read() -> None:
    body = multipart((b'name="a"', b"1"))

    assert pairs_of(body, 'multipart/form-data; charset=utf-8; boundary="b"') == [("a", "1")]


def test_a_file_is_refused_by_the_name_of_its_field_and_the_text_is_kept() -> None:
    body = multipart((b'name="cv"; filename="cv.pdf"', b"%PDF"), (b'name="a"', b"1"))

    decoded = decode(body, "multipart/form-data; boundary=b", max_bytes=A_MEGABYTE)

    assert [(error.field, error.code) for error in decoded.errors] == [("cv", "NO_FILE_UPLOADS")]
    assert decoded.pairs == [("a", "1")]


def test_a_file_input_that_was_left_empty_loses_nothing() -> None:
    body = multipart((b'name="cv"; filename=""', b""), (b'name="a"', b"1"))

    assert pairs_of(body, "multipart/form-data; boundary=b") == [("a", "1")]


def test_json_values_become_the_text_that_a_form_would_send() -> None:
    body = b'{"s": "x", "n": 1.50, "big": 123456789012345678901234567890, "t": true, "f": false}'

    assert pairs_of(body, "application/json") == [
        ("s", "x"),
        ("n", "1.50"),
        ("big", "123456789012345678901234567890"),
        ("t", "true"),
        ("f", "false"),
    ]


def test_a_json_list_is_a_repeated_name_and_null_a_field_left_empty() -> None:
    body = b'{"tags": ["a", 2], "none": [], "nil": null}'

    assert pairs_of(body, "application/json; charset=UTF-8") == [
        ("tags", "a"),
        ("tags", "2"),
        ("nil", ""),
    ]


def test_a_repeated_json_name_is_kept() -> None:
    assert pairs_of(b'{"a": 1, "a": 2}', "application/json") == [("a", "1"), ("a", "2")]


@pytest.mark.parametrize("value", ['{"x": 1}', "[[1]]", '[{"x": 1}]', "{}"])
def test_deeper_json_names_its_field(value: str) -> None:
    decoded = decode(f'{{"a": {value}}}'.encode(), "application/json", max_bytes=A_MEGABYTE)

    assert [(error.field, error.code) for error in decoded.errors] == [("a", "TYPE_TEXT")]


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    r"""As browsers do it: JSON can write \ud800, no encoding can carry it."""
    assert pairs_of(rb'{"a\udfff": "x\ud800y \ud83d\ude00"}', "application/json") == [
        ("a\ufffd", "x\ufffdy 😀")
    ]


def test_plain_text_lines_are_fields() -> None:
    body = b"name=Ada\r\nmessage=one\r\ntwo\r\n\r\nthree\r\n"

    assert pairs_of(body, "text/plain") == [
        ("name", "Ada"),
        ("message", "one\r\ntwo\r\n\r\nthree"),
    ]


def test_a_text_of_many_lines_is_read_in_one_go() -> None:
    """Adding line to line copied the text each time: 0.8 MB of line breaks took minutes."""
    [(name, value)] = pairs_of(b"a=" + b"\r\n" * 400_000 + b"end", "text/plain")

    assert (name, value) == ("a", "\r\n" * 400_000 + "end")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"a=%E9", URLENCODED + "; charset=iso-8859-1", id="a charset parameter"),
        pytest.param(b"_charset_=ISO-8859-1&a=%E9", URLENCODED, id="a _charset_ field"),
        pytest.param(b"a=%E9", URLENCODED, id="an old page that names none"),
    ],
)
def test_text_of_an_old_page_is_read(body: bytes, content_type: str) -> None:
    assert ("a", "é") in pairs_of(body, content_type)


def test_a_japanese_page_is_read_by_its_charset() -> None:
    body = multipart((b'name="_charset_"', b"Shift_JIS"), (b'name="a"', "日本".encode("shift_jis")))

    assert ("a", "日本") in pairs_of(body, "multipart/form-data; boundary=b")


def test_a_blank_charset_field_is_ignored() -> None:
    assert ("a", "é") in pairs_of(b"_charset_=&a=%C3%A9")


@pytest.mark.parametrize("label", ["rot13", "utf-7", "utf-16", "hex", "no-such", "../x", "a" * 99])
def test_a_charset_that_browsers_never_send_is_unsupported(label: str) -> None:
    with pytest.raises(UnsupportedBody):
        decode(b"a=b", f"{URLENCODED}; charset={label}", max_bytes=A_MEGABYTE)


MALFORMED = {
    "broken JSON": (b'{"a": ', "application/json"),
    "JSON nested 100,000 deep": (b'{"a":' * 100_000, "application/json"),
    "a JSON array 100,000 deep": (b"[" * 100_000, "application/json"),
    "NaN": (b'{"a": NaN}', "application/json"),
    "Infinity": (b'{"a": -Infinity}', "application/json"),
    "a JSON list": (b"[1]", "application/json"),
    "a JSON text": (b'"a"', "application/json"),
    "no JSON at all": (b"", "application/json"),
    "JSON that is not UTF-8": (b'{"a": "\xe9"}', "application/json"),
    "text that is not the charset it names": (b"a=%E9", f"{URLENCODED}; charset=utf-8"),
    "a multipart without end": (multipart((b'name="a"', b"1"), end=b""), "boundary=b"),
    "a multipart cut in a header": (b"--b\r\nContent-Dispo", "boundary=b"),
    "a multipart without boundary": (multipart((b'name="a"', b"1")), "x=y"),
    "an empty boundary": (multipart((b'name="a"', b"1")), "boundary="),
    "two boundaries": (multipart((b'name="a"', b"1")), "boundary=b; boundary=c"),
    "a boundary inside a boundary": (b"--b\r\n" + multipart((b'name="a"', b"1")), "boundary=b"),
    "another boundary": (multipart((b'name="a"', b"1")), "boundary=c"),
    "a part without Content-Disposition": (b"--b\r\nX: y\r\n\r\n1\r\n--b--", "boundary=b"),
    "an empty multipart": (b"", "boundary=b"),
    "a part's endless header": (multipart((b'name="' + b"a" * 9_000 + b'"', b"1")), "boundary=b"),
    "a part's many headers": (multipart((b'name="a"' + b"\r\nX: y" * 9, b"1")), "boundary=b"),
}


@pytest.mark.parametrize(("body", "content_type"), MALFORMED.values(), ids=MALFORMED)
def test_a_broken_body_is_malformed(body: bytes, content_type: str) -> None:
    if "/" not in content_type:
        content_type = f"multipart/form-data; {content_type}"

    with pytest.raises(MalformedBody):
        decode(body, content_type, max_bytes=A_MEGABYTE)


TOO_LARGE = {
    "10,000 fields": (b"&".join(b"f%d=1" % n for n in range(10_000)), URLENCODED),
    "10,000 JSON values": (b'{"a": [' + b"1," * 9_999 + b"1]}", "application/json"),
    "10,000 lines": (b"a=1\r\n" * 10_000, "text/plain"),
    "10,000 parts": (multipart(*[(b'name="a"', b"1")] * 10_000), "multipart/form-data; boundary=b"),
    "more bytes than allowed": (b"a=" + b"x" * A_MEGABYTE, URLENCODED),
}


@pytest.mark.parametrize(("body", "content_type"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_more_than_the_limit_is_too_large(body: bytes, content_type: str) -> None:
    with pytest.raises(SubmissionTooLarge):
        decode(body, content_type, max_bytes=A_MEGABYTE)


def test_as_many_fields_as_allowed_are_read() -> None:
    assert len(pairs_of(b"&".join([b"a=1"] * bodies.MAX_FIELDS))) == 1_000


@pytest.mark.parametrize("content_type", [None, "", "text/html", "application/xml", "x", ";"])
def test_another_content_type_is_unsupported(content_type: str | None) -> None:
    with pytest.raises(UnsupportedBody):
        decode(b"a=b", content_type, max_bytes=A_MEGABYTE)


def test_json_in_another_charset_is_unsupported() -> None:
    with pytest.raises(UnsupportedBody):
        decode(b"{}", "application/json; charset=iso-8859-1", max_bytes=A_MEGABYTE)
