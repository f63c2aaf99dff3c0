"""What browsers check, checked again; every refusal names its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidSubmission
from chalicelib.model import Answer, FieldError
from chalicelib.validation import validate
from tests.builders import a_field, a_form

if TYPE_CHECKING:
    from chalicelib.model import Form


def codes(form: Form, *pairs: tuple[str, str]) -> list[tuple[str | None, str]]:
    """Return (field, code) of every error."""
    try:
        validate(form, pairs)
    except InvalidSubmission as refused:
        return [(error.field, error.code) for error in refused.field_errors]
    return []


def test_a_form_without_fields_takes_any_named_input_in_order() -> None:
    answers = validate(a_form(), [("b", "1"), ("a", "2"), ("b", "3")])

    assert answers == (Answer("b", ("1", "3")), Answer("a", ("2",)))


def test_a_missing_and_an_empty_required_field_are_told_apart() -> None:
    form = a_form(fields=(a_field("email", required=True), a_field("name", required=True)))

    assert codes(form, ("name", " \t"), ("x", "1")) == [
        ("email", "REQUIRED_FIELD_MISSING"),
        ("name", "REQUIRED_FIELD_EMPTY"),
    ]


def test_errors_come_in_the_order_of_the_form() -> None:
    form = a_form(fields=(a_field("b", required=True), a_field("a", required=True)))

    assert codes(form, ("a", ""), ("b", "")) == [
        ("b", "REQUIRED_FIELD_EMPTY"),
        ("a", "REQUIRED_FIELD_EMPTY"),
    ]


def test_an_error_is_a_sentence_with_the_field_s_label() -> None:
    form = a_form(fields=(a_field("email", label="Your e-mail", required=True),))

    with pytest.raises(InvalidSubmission) as refused:
        validate(form, [("x", "1")])

    assert refused.value.field_errors == (
        FieldError("email", "REQUIRED_FIELD_MISSING", "Your e-mail is required."),
    )


# The addresses of web-platform-tests html/semantics/forms/the-input-element/email.html and of
# the WHATWG definition: a local part without quotes, and a domain of labels up to 63 characters.
VALID_EMAILS = [
    "a@b",
    "foo@bar.com",
    "o'neil+tag@x-y.co",
    "!#$%&'*+/=?^_`{|}~.-@a",
    f"a@{'b' * 63}",
]
INVALID_EMAILS = [
    "plain",
    "@b",
    "a@",
    "a@b.",
    "a@-b",
    "a@b-",
    "a@b..c",
    "a b@c",
    "a@b@c",
    '"quoted"@b',
    f"a@{'b' * 64}",
    "a@b\nBcc: c@d",
    "é@b.com",
    f"{'a' * 250}@b.com",
]


@pytest.mark.parametrize("address", VALID_EMAILS)
def test_an_address_that_browsers_take_is_taken(address: str) -> None:
    form = a_form(fields=(a_field("email", type="email"),))

    assert codes(form, ("email", address)) == []


@pytest.mark.parametrize("address", INVALID_EMAILS)
def test_an_address_that_browsers_refuse_is_refused(address: str) -> None:
    form = a_form(fields=(a_field("email", type="email"),))

    assert codes(form, ("email", address)) == [("email", "TYPE_EMAIL")]


@pytest.mark.parametrize(
    ("field_type", "code", "good", "bad"),
    [
        # WHATWG HTML, "valid floating-point number".
        ("number", "TYPE_NUMERIC", ["0", "-1", "1.5", ".5", "1e3", "-1.5E-7"], ["1.", "+1", "1,5"]),
        ("number", "TYPE_NUMERIC", [], ["NaN", "Infinity", "1e999", "0x10", "٣", "1 2"]),
        (
            "date",
            "TYPE_DATE",
            ["2024-02-29", "0001-01-01"],
            ["2023-02-29", "2024-1-1", "0000-01-01"],
        ),
        ("date", "TYPE_DATE", [], ["20240101", "2024-01-01T00:00", "29.02.2024"]),
        (
            "url",
            "TYPE_URL",
            ["https://a.example/x?y#z", "mailto:a@b.c"],
            ["a.example", "//a", "/x"],
        ),
        ("url", "TYPE_URL", ["http://[::1]/"], ["https://", "http://a b", "https://[", "http:"]),
        ("tel", "", ["+49 (0)30 1234-5", "call me"], []),
    ],
)
def test_each_type_takes_what_its_input_takes(
    field_type: str, code: str, good: list[str], bad: list[str]
) -> None:
    form = a_form(fields=(a_field("x", type=field_type),))

    assert [codes(form, ("x", value)) for value in good] == [[]] * len(good)
    assert [codes(form, ("x", value)) for value in bad] == [[("x", code)]] * len(bad)


def test_max_length_counts_characters_as_typed() -> None:
    form = a_form(fields=(a_field("x", max_length=4),))

    assert codes(form, ("x", "äöü\r\n")) == []
    assert codes(form, ("x", "äöüßß")) == [("x", "TOO_LONG")]


def test_a_pattern_matches_the_whole_value() -> None:
    form = a_form(fields=(a_field("zip", pattern="[0-9]{5}"),))

    assert codes(form, ("zip", "12345")) == []
    assert codes(form, ("zip", "123456")) == [("zip", "PATTERN_MISMATCH")]


def test_an_optional_field_left_empty_is_not_checked() -> None:
    form = a_form(fields=(a_field("email", type="email"), a_field("size", choices=("S",))))

    assert codes(form, ("email", ""), ("size", ""), ("x", "1")) == []


def test_a_value_outside_the_choices_is_refused() -> None:
    form = a_form(fields=(a_field("size", type="select", choices=("S", "M")),))

    assert codes(form, ("size", "XL")) == [("size", "NOT_A_CHOICE")]


def test_a_field_takes_one_answer_unless_it_says_multiple() -> None:
    one = a_form(fields=(a_field("size", choices=("S", "M")),))
    many = a_form(fields=(a_field("size", choices=("S", "M"), multiple=True),))

    assert codes(one, ("size", "S"), ("size", "M")) == [("size", "TOO_MANY_VALUES")]
    assert validate(many, [("size", "S"), ("size", "M")]) == (Answer("size", ("S", "M")),)


def test_unknown_fields_are_kept_unless_the_form_is_strict() -> None:
    fields = (a_field("a"),)

    assert codes(a_form(fields=fields), ("a", "1"), ("b", "2")) == []
    assert codes(a_form(fields=fields, strict=True), ("a", "1"), ("b", "2")) == [
        ("b", "UNKNOWN_FIELD")
    ]


@pytest.mark.parametrize("pairs", [[], [("a", ""), ("b", " \n")]])
def test_a_form_that_says_nothing_is_refused(pairs: list[tuple[str, str]]) -> None:
    assert codes(a_form(), *pairs) == [(None, "EMPTY")]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        # Who has left all blank can do something; a page without names is its author's.
        ([("a", ""), ("b", " \n")], "The form came empty. Please fill it in."),
        ([], "The form came empty. Make sure that every input has a name."),
    ],
)
def test_who_sends_nothing_is_told_what_to_do(pairs: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(InvalidSubmission) as refused:
        validate(a_form(), pairs)

    assert str(refused.value) == message


def test_line_breaks_are_stored_as_they_were_typed() -> None:
    """Browsers send CRLF for every line break in a text area."""
    assert validate(a_form(), [("a", " one\r\ntwo\n ")]) == (Answer("a", (" one\ntwo\n ",)),)


def test_an_address_is_trimmed_as_browsers_trim_it() -> None:
    form = a_form(fields=(a_field("email", type="email"),))

    assert validate(form, [("email", " a@b.c ")]) == (Answer("email", ("a@b.c",)),)


def test_an_error_of_decoding_is_told_with_the_others() -> None:
    form = a_form(fields=(a_field("cv"), a_field("email", required=True)))
    is_file = FieldError("cv", "NO_FILE_UPLOADS", "...")

    with pytest.raises(InvalidSubmission) as refused:
        validate(form, [("x", "1")], [is_file])

    assert [e.code for e in refused.value.field_errors] == [
        "NO_FILE_UPLOADS",
        "REQUIRED_FIELD_MISSING",
    ]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.text()), max_size=8))
def test_what_is_accepted_is_all_there(pairs: list[tuple[str, str]]) -> None:
    form = a_form(fields=(a_field("a", type="email"), a_field("b", multiple=True)))
    try:
        answers = validate(form, pairs)
    except InvalidSubmission:
        return
    assert sum(len(answer.values) for answer in answers) == len(pairs)
