"""Whatever is sent, the decoder answers with pairs or with one of its refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.bodies import decode
from chalicelib.errors import SubmissionRejected

if TYPE_CHECKING:
    from chalicelib.model import Pair

MAX_BYTES = 100_000
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = TEXT.filter(lambda name: name != "_charset_")
PAIRS = st.lists(st.tuples(NAMES, TEXT), max_size=20)
CONTENT_TYPES = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=shift_jis",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "text/plain",
        "application/json",
        "application/json; charset=utf-16",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


def escaped(header_value: str) -> str:
    """Write a name as browsers do. Source: WHATWG HTML, "Multipart form data"."""
    return header_value.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


@given(st.binary(max_size=2_000), CONTENT_TYPES | st.text(max_size=60))
def test_any_bytes_under_any_content_type_are_answered(body: bytes, content_type: str) -> None:
    try:
        decoded = decode(body, content_type, max_bytes=MAX_BYTES)
    except SubmissionRejected:
        return
    for name, value in decoded.pairs:
        (name + value).encode()


@given(PAIRS)
def test_urlencoded_pairs_arrive_as_the_standard_library_reads_them(pairs: list[Pair]) -> None:
    encoded = urlencode(pairs)

    decoded = decode(encoded.encode(), "application/x-www-form-urlencoded", max_bytes=MAX_BYTES)

    assert decoded.pairs == parse_qsl(encoded, keep_blank_values=True)
    assert decoded.pairs == pairs


@given(st.lists(st.tuples(NAMES.filter(lambda n: not set(n) & set('\r\n"\\%\x00')), TEXT)))
def test_multipart_pairs_arrive_as_they_were_sent(pairs: list[Pair]) -> None:
    pairs = [(name, value) for name, value in pairs if "--boundary" not in value]
    body = "".join(
        f'--boundary\r\nContent-Disposition: form-data; name="{escaped(name)}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    )

    decoded = decode(
        f"{body}--boundary--\r\n".encode(),
        "multipart/form-data; boundary=boundary",
        max_bytes=MAX_BYTES,
    )

    assert decoded.pairs == pairs


@given(st.dictionaries(st.text(max_size=10), JSON, max_size=10))
def test_no_json_member_is_lost_without_a_word(document: dict[str, object]) -> None:
    try:
        decoded = decode(json.dumps(document).encode(), "application/json", max_bytes=MAX_BYTES)
    except SubmissionRejected:
        return  # NaN and Infinity, which Python writes and JSON does not know.
    told = {name for name, _ in decoded.pairs} | {error.field for error in decoded.errors}
    expected = {name for name, value in document.items() if value != []}

    assert {n.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for n in expected} == (
        told
    )
