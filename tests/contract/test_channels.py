"""What every channel promises, whatever it sends to: each file of the folder is held to it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.channels import Setting, channel, channel_names, is_secret_reference
from chalicelib.config import PROJECT_DIR
from chalicelib.errors import ConfigError, DeliveryFailed, DeliveryRefused
from chalicelib.forms import load_forms
from chalicelib.model import Answer, Folder, Sender, Signal, Target, Verdict
from tests.builders import ADA, NOON, a_field, a_form, a_notice, a_submission
from tests.contract.channel_samples import Sample, sample
from tests.fakes import RecordedOutbound

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.channels import Channel, Notice, Sent
    from chalicelib.model import Submission

FILES = sorted(path.stem for path in (PROJECT_DIR / "chalicelib/channels").glob("[!_]*.py"))
EMAIL = Answer("email", ("visitor@example.com",))
INBOX_URL = "https://site.example/inbox.html#submission"


def hostile(*answers: tuple[str, str], **changes: Any) -> Submission:
    """Return a submission of somebody who means no good, with an address to be answered at."""
    return a_submission(
        answers=(EMAIL, *(Answer(name, (value,)) for name, value in answers)), **changes
    )


HOSTILE = {
    "script": hostile(("<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>")),
    "header injection": hostile(
        ("a\r\nBcc: x@y.example", "b\r\n\r\nBcc: x@y.example\n.\n"),
        subject="=?utf-8?q?a=0D=0ABcc=3A_x=40y.example?=",
        reply_to="reply@example.com",
    ),
    "control characters": hostile(
        ("\x00\x07\x1b[2J", "".join(map(chr, range(0x20))) + "\x7f\x85\x9b\ufffe\uffff")
    ),
    "turned around": hostile(("\u202egnp.exe", "\u202e\u2066moc.live\u2069\u202c\u2028\u2029")),
    "emoji": hostile(("👩‍👩‍👧‍👦", "😀" * 5000)),
    "mentions and links": hostile(
        ("<!channel>", "<@U012AB3CD> @everyone <@&1> [a](https://evil.example) <https://b.c|d>")
    ),
    "lone markup": hostile(*((mark, mark) for mark in "*_~`|<>[]()#-&\\{}%$'\"")),
    "100 kB in one line": hostile(("message", "x" * 100_000)),
    "100 kB of line breaks": hostile(("message", "\n" * 99_999 + "x")),
    "100 kB of backslashes": hostile(("message", "\\" * 100_000)),
    "500 fields": hostile(*((f"field {number}", "value") for number in range(500))),
    "500 values": a_submission(answers=(EMAIL, Answer("topic", ("value",) * 500))),
    "long names": hostile(*(("n" * 5000 + str(number), "v" * 5000) for number in range(9))),
    "names of JavaScript": hostile(("__proto__", "x"), ("constructor", "y"), ("", "z")),
    "blank": hostile(("message", " \n\t"), (" ", "\u200b")),
    "template": hostile(("{{ 7 * 7 }}", "{form} {reference} %s ${x} {% raw %}")),
    "no origin": hostile(
        sender=Sender("hash", None, None),
        folder=Folder.SPAM,
        verdict=Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0),
    ),
}


class CountingOutbound(RecordedOutbound):
    """Keeps each answer that it gave."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Sent] = []

    def send_mail(self, *args: Any, **named: Any) -> Sent:
        self.answers.append(super().send_mail(*args, **named))
        return self.answers[-1]

    def post(self, *args: Any, **named: Any) -> Sent:
        self.answers.append(super().post(*args, **named))
        return self.answers[-1]


@pytest.fixture(params=FILES)
def name(request: pytest.FixtureRequest) -> str:
    """Each file of the folder."""
    found: str = request.param
    return found


@pytest.fixture
def tested(name: str) -> Channel:
    return channel(name)


@pytest.fixture
def known(name: str) -> Sample:
    return sample(name)


def settings_of(tested: Channel, known: Sample) -> dict[str, Any]:
    """Return the sample's settings with secrets in the place of references, where allowed."""

    def resolved(value: Any) -> Any:
        if isinstance(value, list):
            return [resolved(each) for each in value]
        return known.secrets[value] if is_secret_reference(value) else value

    return {
        key: resolved(value) if tested.SETTINGS[key].is_secret else value
        for key, value in known.table.items()
    }


def references_in(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if is_secret_reference(each)]


def a_notice_for(name: str, **changes: Any) -> Notice:
    settings = settings_of(channel(name), sample(name))
    return a_notice(name, settings, **{"inbox_url": INBOX_URL, **changes})


def sent_by(name: str, **changes: Any) -> RecordedOutbound:
    """Send once, and return what left."""
    outbound = RecordedOutbound()
    channel(name).send(a_notice_for(name, **changes), outbound)
    return outbound


def forms_toml(name: str, table: dict[str, Any]) -> str:
    # TOML reads JSON's texts and lists of texts.
    keys = "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
    return f'[contact.notify.it]\nchannel = "{name}"\n{keys}'


def test_every_file_of_the_folder_is_a_channel_with_a_sample() -> None:
    assert list(channel_names()) == FILES
    for name in FILES:
        assert isinstance(sample(name), Sample)


def test_a_missing_sample_is_told_with_what_to_add() -> None:
    with pytest.raises(AssertionError, match=r'pigeon\.py has no sample.*"pigeon": Sample\('):
        sample("pigeon")


def test_settings_say_what_may_stand_there(tested: Channel, known: Sample) -> None:
    assert tested.SETTINGS.keys() == known.table.keys()
    for key, setting in tested.SETTINGS.items():
        assert isinstance(setting, Setting)
        assert setting.is_allowed(known.table[key]) is True
        # What the table refers to must be in its place when the channel sends.
        assert setting.is_secret or not references_in(known.table[key])
        # forms.py puts the words into a sentence: "... allowed is {allowed}."
        assert setting.allowed == setting.allowed.strip().rstrip(".")
        assert "\n" not in setting.allowed


def test_a_value_of_another_type_is_refused(tested: Channel, known: Sample) -> None:
    """TOML has all of these; what is_allowed raises would stop the start without a word."""
    values: tuple[Any, ...] = (
        True,
        7,
        1.5,
        "",
        "\n",
        [],
        [7],
        [[]],
        {},
        {"a": 1},
        date(2026, 11, 23),
    )
    for key, setting in tested.SETTINGS.items():
        own_type = type(known.table[key])
        assert [v for v in values if type(v) is not own_type and setting.is_allowed(v)] == []
        assert all(isinstance(setting.is_allowed(value), bool) for value in values)


def test_forms_toml_takes_the_sample(tmp_path: Path, name: str, known: Sample) -> None:
    path = tmp_path / "forms.toml"
    path.write_text(forms_toml(name, dict(known.table)))

    assert load_forms(path)["contact"].targets == (Target("it", name, known.table),)


def test_forms_toml_is_refused_without_a_key_that_must_be_there(
    tmp_path: Path, name: str, tested: Channel, known: Sample
) -> None:
    path = tmp_path / "forms.toml"
    required = [key for key, setting in tested.SETTINGS.items() if setting.required]
    assert required
    for missing in required:
        table = {key: value for key, value in known.table.items() if key != missing}
        path.write_text(forms_toml(name, table))

        with pytest.raises(ConfigError, match=rf"\[contact\.notify\.it\] {missing}: is missing"):
            load_forms(path)


def test_a_notice_leaves_once_and_the_answer_comes_back(name: str, tested: Channel) -> None:
    outbound = CountingOutbound()

    answer = tested.send(a_notice_for(name, submission=a_submission(fields=ADA)), outbound)

    assert outbound.answers == [answer]


@pytest.mark.parametrize(
    "failure",
    [
        DeliveryFailed("The receiver answered 503.", response_status=503, retry_after_seconds=60),
        DeliveryRefused("The receiver answered 410.", response_status=410),
    ],
    ids=["failed", "refused"],
)
def test_a_failure_passes_as_it_is(name: str, tested: Channel, failure: DeliveryFailed) -> None:
    """Its status and its time to wait are what the next attempt is planned by."""
    outbound = RecordedOutbound(failure)

    with pytest.raises(DeliveryFailed) as raised:
        tested.send(a_notice_for(name), outbound)

    assert raised.value is failure
    assert (outbound.mails, outbound.posts) == ([], [])


@pytest.mark.parametrize("submission", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_visitors_send_gets_out_as_its_receiver_takes_it(
    name: str, known: Sample, submission: Submission
) -> None:
    """A submission that breaks its own notice is one that nobody is told about."""
    form = a_form(title='"Q&A" <!here>\n' + "😀" * 300, fields=(a_field("email", type="email"),))

    known.check(sent_by(name, submission=submission, form=form))


def test_a_repeat_is_known_as_one_and_another_submission_is_not(name: str, known: Sample) -> None:
    submission = a_submission(seed=1)

    first, again = (
        known.identity(sent_by(name, submission=submission, now=NOON + timedelta(hours=hours)))
        for hours in (0, 5)
    )

    assert first == again
    assert first != known.identity(sent_by(name, submission=a_submission(seed=2)))


def test_a_secret_leaves_only_as_the_address_it_is(name: str, known: Sample) -> None:
    outbound = sent_by(name)

    mails = [str(mail) for mail in outbound.mails]
    posts = [f"{post.body.decode()} {dict(post.headers)}" for post in outbound.posts]
    for secret in known.secrets.values():
        assert secret not in "".join(mails + posts)
        assert secret.removeprefix("whsec_") not in "".join(mails + posts)


def test_a_secret_is_in_no_error(name: str, tested: Channel) -> None:
    """The owner reads errors in the inbox, and so does whoever may read there."""
    wrong = "\x00not what it should be: wrong-secret-Ü\n"
    notice = a_notice_for(name)
    for key in [key for key, setting in tested.SETTINGS.items() if setting.is_secret]:
        value = wrong if isinstance(notice.target.settings[key], str) else [wrong]
        target = Target(name, name, {**notice.target.settings, key: value})
        try:
            answer = tested.send(notice._replace(target=target), RecordedOutbound())
        except DeliveryFailed as error:
            chain = (error, error.__cause__, error.__context__)
            assert "wrong-secret" not in "".join(map(repr, chain))
        else:
            # Addresses are outbound's to refuse.
            assert "wrong-secret" not in answer.outcome


def test_checking_forms_toml_imports_nothing_that_the_api_has_not(name: str) -> None:
    """The API reads SETTINGS at every cold start, and sends nothing itself."""
    script = (
        "import sys, chalicelib.web, chalicelib.intake, chalicelib.forms\n"
        "before = set(sys.modules)\n"
        "chalicelib.channels.channel(sys.argv[1])\n"
        "print(*sorted(m for m in set(sys.modules) - before if not m.startswith('chalicelib.')))"
    )

    imported = subprocess.run(
        [sys.executable, "-c", script, name],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )

    assert imported.stdout.split() == []
