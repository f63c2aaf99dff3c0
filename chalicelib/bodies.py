"""Decode a request body into ordered (name, value) pairs; nothing is dropped in silence.

The four encodings that forms use: ``application/x-www-form-urlencoded``,
``multipart/form-data``, ``text/plain`` and ``application/json``. There is no
Chalice in here and no form: what the values must be is validation's business.

Text is UTF-8 unless ``_charset_`` or a charset parameter says otherwise. A page
in an old encoding says neither, so text that is not UTF-8 is read as
windows-1252, as browsers read unlabelled pages.
"""

from __future__ import annotations

import codecs
import json
import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from chalicelib.errors import MalformedBody, SubmissionTooLarge, UnsupportedBody
from chalicelib.model import FieldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.model import Pair

# A thousand inputs is more than any page a person fills in; each costs time to judge and store.
MAX_FIELDS = 1_000
# RFC 2046 allows 70 characters; browsers use about 40.
MAX_BOUNDARY_LENGTH = 200
# A part of a form has Content-Disposition, Content-Type and perhaps two of the client's own.
MAX_PART_HEADERS = 8
MAX_PART_HEADER_BYTES = 4_096

_CHARSET = r"""(?i);\s*charset\s*=\s*"?([^\s;"]*)"""
_BOUNDARY = r'(?i);\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;"]*))'
_CHARSET_LABEL = r"[A-Za-z0-9_.:-]{1,40}"
# The encodings of the web platform (https://encoding.spec.whatwg.org), by Python's name.
# UTF-16 and UTF-7 are not among them: browsers never send a form in either.
_CODECS = frozenset(
    {"utf-8", "cp866", "koi8-r", "koi8-u", "mac-roman", "gbk", "gb18030", "gb2312", "big5"}
    | {"euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949"}
    | {f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 15, 16)}
    | {f"cp{page}" for page in (874, *range(1250, 1259))}
)
# The web reads both of these labels as windows-1252. Source: the same.
_WINDOWS_1252 = frozenset({"ascii", "iso8859-1"})


class Body(NamedTuple):
    """What was sent, and which fields could not be taken over as text."""

    pairs: list[Pair]
    errors: list[FieldError]


class _RawPair(NamedTuple):
    """A pair before its charset is known."""

    name: bytes
    value: bytes
    charset: str | None = None


def decode(body: bytes, content_type: str | None, *, max_bytes: int) -> Body:
    """Decode one request body.

    Args:
        body: the bytes as the browser sent them.
        content_type: the whole header, parameters included; None when it was missing.
        max_bytes: of ``body``.

    Raises:
        SubmissionTooLarge: more bytes or more fields than allowed.
        UnsupportedBody: the content type or charset is not one that forms use.
        MalformedBody: the bytes are not what the content type says.
    """
    if len(body) > max_bytes:
        raise SubmissionTooLarge(
            f"The form sent {len(body):,} bytes; it may send {max_bytes:,}. "
            "Please shorten the longest text."
        )
    media_type = (content_type or "").partition(";")[0].strip().lower()
    decoder = _DECODERS.get(media_type)
    if decoder is None or content_type is None:
        raise UnsupportedBody(
            f"The content type is {media_type or 'missing'}; a form is sent as "
            f"{', '.join(_DECODERS)}."
        )
    return decoder(body, content_type)


def _decode_urlencoded(body: bytes, content_type: str) -> Body:
    raw_pairs = []
    for part in body.split(b"&"):
        if part:
            name, _, value = part.replace(b"+", b" ").partition(b"=")
            raw_pairs.append(_RawPair(unquote_to_bytes(name), unquote_to_bytes(value)))
            _limit_fields(len(raw_pairs))
    return Body(_to_text(raw_pairs, content_type), [])


def _decode_plain(body: bytes, content_type: str) -> Body:
    """Read ``name=value`` lines; a line without ``=`` goes on with the value before it.

    The encoding does not mark line breaks inside a value, so a line of a long
    text that has ``=`` in it becomes a field of its own: kept, if misplaced.
    """
    lines_by_field: list[tuple[bytes, list[bytes]]] = []
    for line in body.removesuffix(b"\r\n").split(b"\r\n") if body else []:
        name, equals, value = line.partition(b"=")
        if equals or not lines_by_field:
            lines_by_field.append((name, [value]))
            _limit_fields(len(lines_by_field))
        else:
            lines_by_field[-1][1].append(line)
    raw_pairs = [_RawPair(name, b"\r\n".join(lines)) for name, lines in lines_by_field]
    return Body(_to_text(raw_pairs, content_type), [])


def _decode_multipart(body: bytes, content_type: str) -> Body:
    # Imported here: only multipart posts pay for it.
    from multipart import MultipartError, ParserLimitReached, PushMultipartParser

    raw_pairs: list[_RawPair] = []
    errors: list[FieldError] = []
    parser = PushMultipartParser(
        _boundary(content_type),
        content_length=len(body),
        max_header_count=MAX_PART_HEADERS,
        max_header_size=MAX_PART_HEADER_BYTES,
        max_segment_size=len(body),
        max_segment_count=MAX_FIELDS,
        # Keeps every byte of a field's name until the form's charset is known.
        header_charset="latin-1",
    )
    try:
        for segment, content in _parts(parser, body):
            name = segment.name.encode("latin-1", "replace")
            if segment.filename is None:
                raw_pairs.append(_RawPair(name, content, segment.charset))
            elif segment.filename or content:
                errors.append(_file_error(_to_text([_RawPair(name, b"")], content_type)[0][0]))
            # Otherwise it is a file input that was left empty: there is nothing to lose.
    except ParserLimitReached as error:
        if len(raw_pairs) + len(errors) >= MAX_FIELDS:
            raise _too_many_fields() from error
        raise MalformedBody("A part of the multipart body has too long a header.") from error
    except MultipartError as error:
        raise MalformedBody(f"The multipart body is broken: {error}.") from error
    return Body(_to_text(raw_pairs, content_type), errors)


def _parts(parser: Any, body: bytes) -> Iterator[tuple[Any, bytes]]:
    """Yield each part's header and its whole content."""
    segment, content = None, bytearray()
    with parser:
        # An empty chunk tells the parser that the body has ended.
        for event in chain(parser.parse(body), parser.parse(b"")):
            if isinstance(event, bytearray | bytes):
                content += event
            elif event is None:
                yield segment, bytes(content)
            else:
                segment, content = event, bytearray()


def _boundary(content_type: str) -> str:
    found = re.findall(_BOUNDARY, content_type)
    boundary = "".join(found[0]) if len(found) == 1 else ""
    if not 0 < len(boundary) <= MAX_BOUNDARY_LENGTH or not boundary.isascii():
        raise MalformedBody("A multipart content type has exactly one boundary parameter.")
    return boundary


def _file_error(name: str) -> FieldError:
    return FieldError(
        name, "NO_FILE_UPLOADS", f'"{name}" is a file; this form takes text only. Remove the file.'
    )


def _decode_json(body: bytes, content_type: str) -> Body:
    if _declared_charset(content_type) not in (None, "utf-8"):
        raise UnsupportedBody("JSON is always UTF-8 (RFC 8259).")
    try:
        document = json.loads(
            body.decode("utf-8-sig"),
            # Numbers stay the text that was sent: no rounding, no limit on digits.
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_JsonObject,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"The body is not valid JSON: {_json_fault(error)}.") from error
    if not isinstance(document, _JsonObject):
        raise MalformedBody('The JSON body is an object: {"name": "value", ...}.')
    return _flatten(document)


class _JsonObject(list[tuple[str, Any]]):
    """A JSON object as its members in order, so that a repeated name is kept."""


def _flatten(document: _JsonObject) -> Body:
    body = Body([], [])
    for raw_name, member in document:
        name = _unicode(raw_name)
        # A list of values is a repeated name; an object is a list, too, but of another class.
        values = member if type(member) is list else [member]
        if any(isinstance(value, list) for value in values):
            message = f'"{name}" is nested; a field is a text, a number, true, false or a list.'
            body.errors.append(FieldError(name, "TYPE_TEXT", message))
            continue
        body.pairs.extend((name, _json_text(value)) for value in values)
        _limit_fields(len(body.pairs))
    return body


def _json_text(scalar: Any) -> str:
    """Return a JSON scalar as a form would have sent it; null is a field left empty."""
    if isinstance(scalar, str):
        return _unicode(scalar)
    return {True: "true", False: "false", None: ""}[scalar]


def _unicode(text: str) -> str:
    """Replace lone surrogates, which JSON can escape but no encoding can carry."""
    return (
        text
        if text.isascii()
        else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _json_fault(error: ValueError | RecursionError) -> str:
    """Say what is wrong without repeating what was sent."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}, column {error.colno}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


_DECODERS: dict[str, Callable[[bytes, str], Body]] = {
    "application/x-www-form-urlencoded": _decode_urlencoded,
    "multipart/form-data": _decode_multipart,
    "application/json": _decode_json,
    "text/plain": _decode_plain,
}


def _to_text(raw_pairs: list[_RawPair], content_type: str) -> list[Pair]:
    """Decode every pair by the charset that the form names, else UTF-8, else windows-1252."""
    named = next(
        (raw.value.decode("ascii", "replace") for raw in raw_pairs if raw.name == b"_charset_"), ""
    )
    charset = _codec(named) if named else _declared_charset(content_type)
    try:
        return [_pair(raw, charset or "utf-8") for raw in raw_pairs]
    except UnicodeDecodeError as error:
        if charset:
            raise MalformedBody(f"The text is not {charset}, as the form says it is.") from error
    return [_pair(raw, "cp1252", "replace") for raw in raw_pairs]


def _pair(raw: _RawPair, charset: str, errors: str = "strict") -> Pair:
    value_charset = _codec(raw.charset) if raw.charset else charset
    return raw.name.decode(charset, errors), raw.value.decode(value_charset, errors)


def _declared_charset(content_type: str) -> str | None:
    # Most types have no parameter.
    found = re.search(_CHARSET, content_type) if ";" in content_type else None
    return _codec(found[1]) if found and found[1] else None


def _codec(label: str) -> str:
    """Return Python's name of a charset that browsers send forms in."""
    try:
        if not re.fullmatch(_CHARSET_LABEL, label):
            raise LookupError  # noqa: TRY301  one answer for every label we do not know
        name = codecs.lookup(label).name
    except LookupError:
        name = ""
    if name in _WINDOWS_1252:
        return "cp1252"
    if name not in _CODECS:
        raise UnsupportedBody("The charset is not one that browsers send forms in; use UTF-8.")
    return name


def _limit_fields(count: int) -> None:
    if count > MAX_FIELDS:
        raise _too_many_fields()


def _too_many_fields() -> SubmissionTooLarge:
    return SubmissionTooLarge(f"The form sent more than {MAX_FIELDS:,} fields.")
