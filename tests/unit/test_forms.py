"""forms.toml: a form needs a name and no more; a mistake names itself and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from chalicelib.errors import ConfigError
from chalicelib.forms import load_forms
from chalicelib.model import Captcha, Field, Form, SpamRules, Target

if TYPE_CHECKING:
    from pathlib import Path


def load(tmp_path: Path, toml: str) -> dict[str, Form]:
    path = tmp_path / "forms.toml"
    path.write_text(toml, "utf-8")
    return load_forms(path)


def test_a_form_needs_no_more_than_a_name(tmp_path: Path) -> None:
    assert load(tmp_path, "[news-letter]") == {
        "news-letter": Form(id="news-letter", title="News letter")
    }


def test_every_key_is_read(tmp_path: Path) -> None:
    toml = """
    [order]
    title = "Order"
    allowed_origins = ["https://Shop.example", "http://localhost:8080"]
    thanks_url = "/thanks.html"
    strict = true
    closed = true
    retention_days = 30
    max_body_bytes = 1000
    shards = 4
    hourly_limit = 5

    [order.spam]
    threshold = 6
    blocked_words = ["casino"]
    languages = ["en"]
    weights = { honeypot = 0.5, page_origin = 0 }
    captcha = { service = "turnstile", secret = "ssm:/formpost/captcha/order" }

    [[order.fields]]
    name = "first_name"
    required = true
    max_length = 50
    pattern = "[A-Z].*"

    [[order.fields]]
    name = "size"
    label = "Your size"
    type = "select"
    choices = ["S", "M"]
    multiple = true
    """

    assert load(tmp_path, toml)["order"] == Form(
        id="order",
        title="Order",
        fields=(
            Field("first_name", "First name", required=True, max_length=50, pattern="[A-Z].*"),
            Field("size", "Your size", type="select", choices=("S", "M"), multiple=True),
        ),
        allowed_origins=("https://shop.example", "http://localhost:8080"),
        thanks_url="/thanks.html",
        strict=True,
        closed=True,
        retention_days=30,
        max_body_bytes=1000,
        shards=4,
        hourly_limit=5,
        spam=SpamRules(
            threshold=6.0,
            weights={"honeypot": 0.5, "page_origin": 0.0},
            blocked_words=("casino",),
            languages=("en",),
            captcha=Captcha("turnstile", "ssm:/formpost/captcha/order"),
        ),
    )


def test_targets_are_read_and_can_share_a_channel(tmp_path: Path) -> None:
    toml = """
    [contact.notify.email]
    to = ["a@b.c"]
    from = "Forms <f@b.c>"

    [contact.notify.team]
    channel = "email"
    to = ["d@e.f"]
    from = "f@b.c"
    """

    assert load(tmp_path, toml)["contact"].targets == (
        Target("email", "email", {"to": ["a@b.c"], "from": "Forms <f@b.c>"}),
        Target("team", "email", {"to": ["d@e.f"], "from": "f@b.c"}),
    )


def test_the_contact_form_that_is_shipped_has_its_seven_fields() -> None:
    contact = load_forms(PROJECT_DIR / "chalicelib" / "forms.toml")["contact"]

    assert [(field.name, field.required) for field in contact.fields] == [
        ("first_name", True),
        ("last_name", True),
        ("email", True),
        ("job_title", False),
        ("phone_number", False),
        ("company", False),
        ("message", False),
    ]


MISTAKES = {
    'contact = "x"': ["contact", "'x'", "[contact]"],
    "[Contact]": ["[Contact]", "a-z"],
    "[contact]\ntitel = 1": ["[contact]", "titel", "title, fields, allowed_origins"],
    "[contact]\ntitle = ''": ["[contact]", "title", "''", "not empty"],
    "[contact]\ntitle = 3": ["[contact]", "title", "3", "text"],
    "[contact]\nclosed = 'no'": ["[contact]", "closed", "'no'", "true or false"],
    "[contact]\nretention_days = 0": ["retention_days", "0", "from 1"],
    "[contact]\nretention_days = true": ["retention_days", "true", "from 1"],
    "[contact]\nmax_body_bytes = 9000000": ["max_body_bytes", "9000000", "4500000"],
    "[contact]\nshards = 65": ["shards", "65", "1 to 64"],
    "[contact]\nhourly_limit = 0": ["hourly_limit", "0", "from 1"],
    "[contact]\nspam = 5": ["[contact] spam = 5", "[<form>.spam]"],
    "[contact.spam]\nlimit = 5": ["[contact.spam] limit", "threshold, weights, blocked_words"],
    "[contact.spam]\nthreshold = 0": ["[contact.spam] threshold = 0", "from 0.5 to 1000"],
    "[contact.spam]\nthreshold = nan": ["[contact.spam] threshold = nan", "from 0.5 to 1000"],
    "[contact.spam]\nblocked_words = [1]": ["blocked_words", "list of words"],
    "[contact.spam]\nlanguages = ['tlh']": ["languages = ['tlh']", "en"],
    "[contact.spam]\nlanguages = [['en']]": ["languages = [['en']]", "en"],
    "[contact.spam]\nweights = 2": ["weights = 2", "a table of numbers"],
    "[contact.spam.weights]\nhoneypit = 2": ["[contact.spam] weights honeypit", "honeypot"],
    "[contact.spam.weights]\nhoneypot = -1": ["weights honeypot = -1", "from 0", "to 100"],
    "[contact.spam]\ncaptcha = 'turnstile'": ["captcha = 'turnstile'", "a table"],
    "[contact.spam.captcha]\nservice = 'turnstile'": ["captcha secret", "is missing"],
    "[contact.spam.captcha]\nservice = 'x'": ["service = 'x'", "turnstile, hcaptcha, recaptcha"],
    "[contact.spam.captcha]\nservice = 'hcaptcha'\nsecret = '0xSECRET'": ["secret = (not shown)"],
    "[contact.spam.captcha]\nservice = 'hcaptcha'\nsecret = 'ssm:/formpost/prod/crm'": [
        "[contact.spam] captcha secret",
        "below formpost/captcha/",
    ],
    "[contact.spam.captcha]\nservice = 'hcaptcha'\nsecret = ['ssm:/formpost/captcha/x']": [
        "below formpost/captcha/",
    ],
    "[contact]\nallowed_origins = 'https://a'": ["allowed_origins", "'https://a'", "list"],
    "[contact]\nallowed_origins = ['a.example']": ["allowed_origins", "a.example", "https://"],
    "[contact]\nallowed_origins = ['https://a/']": ["allowed_origins", "https://a/"],
    "[contact]\nthanks_url = 'thanks.html'": ["thanks_url", "'thanks.html'", "/thanks.html"],
    "[contact]\nthanks_url = '//evil'": ["thanks_url", "'//evil'"],
    "[contact]\nstrict = true": ["[contact]", "strict", "fields"],
    "[contact]\nfields = 'email'": ["fields", "'email'", "list"],
    "[contact]\nfields = ['email']": ["field 1", "'email'", 'name = "email"'],
    "[contact]\nfields = [{}]": ["field 1", "name", "missing"],
    "[contact]\nfields = [{name='a'}, {name='a'}]": ['"a"', "twice"],
    "[contact]\nfields = [{name='_replyto'}]": ['"_replyto"', "control field"],
    "[contact]\nfields = [{name='a', typ='x'}]": ['"a"', "typ", "name, label, type"],
    "[contact]\nfields = [{name='a', type='phone'}]": ['"a"', "'phone'", "text, email, tel"],
    "[contact]\nfields = [{name='a', type=['x']}]": ['"a"', "type", "['x']"],
    "[contact]\nfields = [{name='a', pattern='('}]": ['"a"', "pattern", "'('"],
    "[contact]\nfields = [{name='a', pattern=1}]": ['"a"', "pattern", "1"],
    "[contact]\nfields = [{name='a', choices=[]}]": ['"a"', "choices", "[]", "texts"],
    "[contact]\nfields = [{name='a', type='select'}]": ['"a"', "choices"],
    "[contact]\nfields = [{name='a', max_length=-1}]": ['"a"', "max_length", "-1"],
    "[contact.notify]\nemail = 1": ["[contact.notify.email]", "1", "table"],
    "[contact.notify.pigeon]": ["[contact.notify.pigeon]", "channel", "'pigeon'", "email"],
    "[contact.notify.email]\nto = ['x@y.z']": ["[contact.notify.email]", "from", "missing"],
    "[contact.notify.email]\nto = 'x@y.z'\nfrom = 'x@y.z'": ["to", "'x@y.z'", "list"],
    "[contact.notify.email]\nto = ['x']\nfrom = 'x@y.z'": ["to", "['x']"],
    "[contact.notify.email]\ncc = 'x@y.z'": ["cc", "to, from"],
    "": ["forms.toml", "no form"],
    "[contact": ["forms.toml", "TOML"],
}


@pytest.mark.parametrize(("toml", "words"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_names_itself_and_its_cure(tmp_path: Path, toml: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, toml)

    assert [word for word in words if word not in str(refused.value)] == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml.*No such file"):
        load_forms(tmp_path / "none.toml")


def test_a_secret_that_stands_in_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    """The message goes to the terminal and, in Lambda, to the log."""
    toml = """
    [contact.notify.webhook]
    url = "https://hooks.example"
    secrets = ["whsec_TOPSECRET"]
    """

    with pytest.raises(ConfigError) as refused:
        load(tmp_path, toml)

    assert "[contact.notify.webhook] secrets = (not shown): allowed is" in str(refused.value)
    assert "TOPSECRET" not in str(refused.value)
