"""The owner's verbs from API Gateway to DynamoDB and the queue."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import search
from chalicelib.delivery import DeliveryState, Feedback
from chalicelib.model import Answer, Folder, Signal, Target, Verdict, answers_from
from tests.builders import NOON, a_field, a_form
from tests.functional.owner import owner
from tests.functional.stage import SENDER, TABLE
from tests.inbox_fakes import Stopwatch
from tests.unit.test_docs import check_against_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conversion import Answer as HttpAnswer
    from tests.functional.owner import Owner

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
LIST = "/forms/contact/submissions"


@pytest.fixture
def it() -> Iterator[Owner]:
    with owner(MAIL) as signed_in:
        yield signed_in


def ids(answer: HttpAnswer) -> list[str]:
    assert answer.status == 200, answer.text
    return [entry["id"] for entry in answer.json["submissions"]]


def pages(it: Owner, path: str, document: Any = None) -> Iterator[HttpAnswer]:
    """Yield every page of a GET, or of a POST whose document is given."""
    cursor = None
    while True:
        if document is None:
            separator = "&" if "?" in path else "?"
            answer = it.ask("GET", f"{path}{separator}cursor={cursor}" if cursor else path)
        else:
            answer = it.ask("POST", path, {**document, "cursor": cursor})
        assert answer.status == 200, answer.text
        yield answer
        cursor = answer.headers.get("X-Next-Cursor") or (
            answer.json["next_cursor"] if "json" in answer.headers["Content-Type"][:16] else None
        )
        if cursor is None:
            return


def test_every_answer_is_what_openapi_yaml_says(it: Owner) -> None:
    submission = it.store(
        reply_to="ada@example.com",
        verdict=Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0),
        answers=(Answer("message", ("Hello",)), Answer("topic", ("a", "b"))),
    )
    it.stage.relay()
    it.stage.deliver()
    delivered = it.stage.delivery(submission, "email")
    bounced = Feedback(NOON, DeliveryState.BOUNCED, "no such user")
    it.stage.deliveries.save(replace(delivered, feedback=bounced))
    one = f"{LIST}/{submission.id}"
    person = {"email": "ada@example.com"}

    asked_by_schema: dict[str, tuple[Any, ...]] = {
        "Forms": ("GET", "/forms"),
        "EntryPage": ("GET", LIST),
        "OwnedSubmission": ("GET", one),
        "Changed": ("PATCH", LIST, {"ids": [submission.id, "x"], "is_read": True}),
        "Counts": ("GET", "/forms/contact/counts"),
        "Names": ("GET", "/forms/contact/names"),
        "Delivery": ("POST", f"{one}/deliveries/email"),
        "Problem": ("GET", f"{LIST}?limit=x"),
    }
    for schema, asked in asked_by_schema.items():
        check_against_schema(it.ask(*asked).json, schema)
    check_against_schema(it.ask("PATCH", one, {"folder": "spam"}).json, "OwnedSubmission")
    found = it.ask("POST", "/people/find", person).json
    check_against_schema(found, "EntryPage")
    assert len(found["submissions"]) == 1
    check_against_schema(it.ask("POST", "/people/erase", person).json, "Erased")


def test_the_forms_say_what_is_unread_and_under_which_token_one_sees_them() -> None:
    form = a_form(
        "news", title="News", fields=(a_field("mail", label="Mail", type="email"),), shards=3
    )
    with owner(MAIL, forms=(form,)) as it:
        for seed in range(5):
            it.store("news", seed=seed)
        it.store("news", seed=9, folder=Folder.SPAM)
        read = it.store("news", seed=10)
        it.ask("PATCH", f"/forms/news/submissions/{read.id}", {"is_read": True})
        text = it.sign_up(name="phone", days=1)[1]

        answer = it.ask("GET", "/forms", authorization=f"Bearer {text}")

        assert answer.json == {
            "forms": [
                {
                    "id": "contact",
                    "title": "Contact us",
                    "fields": [],
                    "targets": [{"name": "email", "channel": "email"}],
                    "retention_days": None,
                    "unread": {"inbox": 0, "spam": 0, "archive": 0},
                },
                {
                    "id": "news",
                    "title": "News",
                    "fields": [{"name": "mail", "label": "Mail", "type": "email"}],
                    "targets": [],
                    "retention_days": None,
                    "unread": {"inbox": 5, "spam": 1, "archive": 0},
                },
            ],
            "token": {"name": "phone", "scope": "write", "expires_at": "2026-11-24T12:00:00.000Z"},
        }


def test_a_list_has_a_folder_newest_first_in_short(it: Owner) -> None:
    verdict = Verdict((Signal("page_origin", 1.0, "the page is unknown"),), 5.0)
    older = it.store(minutes=1)
    newer = it.store(
        minutes=2,
        fields={
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": "ada@example.com",
            "message": "Hello\r\n\r\n" + "x" * 300,
        },
        subject="Engines",
        verdict=verdict,
    )
    it.store(minutes=3, folder=Folder.SPAM)

    answer = it.ask("GET", LIST)

    assert ids(answer) == [newer.id, older.id]
    assert answer.json["next_cursor"] is None
    assert answer.json["submissions"][0] == {
        "id": newer.id,
        "reference": f"{newer.id[-8:-4]}-{newer.id[-4:]}",
        "form": "contact",
        "received_at": "2026-11-23T12:02:00.000Z",
        "folder": "inbox",
        "is_read": False,
        "from": "Ada Lovelace",
        "email": "ada@example.com",
        "subject": "Engines",
        "excerpt": "Hello " + "x" * 194,
        "points": 1.0,
        "threshold": 5.0,
    }
    assert answer.json["submissions"][1]["from"] == "ada@example.com"


def test_since_and_until_are_bounds_in_time(it: Owner) -> None:
    stored = [it.store(minutes=n) for n in range(5)]

    bounded = it.ask("GET", f"{LIST}?since=2026-11-23T12:01:00Z&until=2026-11-23T13:03:00%2B01:00")

    assert ids(bounded) == [stored[2].id, stored[1].id]
    assert ids(it.ask("GET", f"{LIST}?since=2026-11-24")) == []
    assert ids(it.ask("GET", f"{LIST}?until=2026-11-23")) == []
    assert len(ids(it.ask("GET", f"{LIST}?since=2026-11-23"))) == 5
    assert ids(it.ask("GET", f"{LIST}?since=2026-11-25&until=2026-11-24")) == []


@pytest.mark.parametrize(("shards", "many"), [(1, 2_000), (3, 700)])
def test_every_submission_is_listed_once_while_more_arrive(shards: int, many: int) -> None:
    form = a_form("big", shards=shards)
    with owner(forms=(form,)) as it:
        stored = {it.store("big", seed=n, minutes=n % 700).id for n in range(many)}
        listed: list[str] = []
        for number, page in enumerate(pages(it, "/forms/big/submissions?limit=150")):
            listed += ids(page)
            it.store("big", seed=5_000 + number, minutes=1_000)
            # And one that is older than where the list is now: it may be seen, and once only.
            it.store("big", seed=6_000 + number, minutes=-5)

        assert len(listed) == len(set(listed))
        assert stored <= set(listed)
        assert listed == sorted(listed, reverse=True)


@pytest.mark.parametrize("many", [100, 5_000])
def test_the_first_page_costs_the_same_however_much_is_stored(it: Owner, many: int) -> None:
    for number in range(many):
        it.store(seed=number, minutes=number / 60)

    answer, requests = it.counted("GET", f"{LIST}?limit=50")

    assert len(ids(answer)) == 50
    assert requests == {"BatchGetItem": 1, "Query": 1}


def test_a_search_finds_every_word_whatever_case_and_accents(it: Owner) -> None:
    found = it.store(
        seed=123_456, fields={"name": "Zoë Ångström", "message": "Die STRASSE ist gesperrt"}
    )
    it.store(seed=1, minutes=1, fields={"name": "Zoe", "message": "nothing else"})

    for query in ("zoe angstrom", "stra%C3%9Fe+ZO%C3%8B", "gesperr", found.id, found.id[-4:]):
        assert ids(it.ask("GET", f"{LIST}?q={query}")) == [found.id], query
    assert ids(it.ask("GET", f"{LIST}?q=zoe+nowhere")) == []


def test_a_search_stops_and_says_where(it: Owner) -> None:
    """A word that nothing has must not read the whole table in one request."""
    needle = it.store(fields={"message": "needle"})
    for number in range(2_500):
        it.store(seed=number, minutes=1, fields={"message": "hay"})

    found = [ids(page) for page in pages(it, f"{LIST}?q=needle")]

    assert found == [[], [], [needle.id]]
    answer, requests = it.counted("GET", f"{LIST}?q=needle")
    assert answer.json["next_cursor"]
    assert requests["Query"] <= 5


def test_a_search_that_takes_long_stops_as_well(it: Owner) -> None:
    for number in range(50):
        it.store(seed=number)
    object.__setattr__(it.inbox, "seconds", Stopwatch(step_seconds=1.0))

    answer = it.ask("GET", f"{LIST}?q=nowhere")

    assert (ids(answer), bool(answer.json["next_cursor"])) == ([], True)


def test_what_has_expired_is_gone_at_once(it: Owner) -> None:
    gone = it.store(expires_at=int(NOON.timestamp()))
    kept = it.store(seed=1, minutes=1, expires_at=int(NOON.timestamp()) + 60)

    assert ids(it.ask("GET", LIST)) == [kept.id]
    assert it.ask("GET", f"{LIST}/{gone.id}").status == 404
    assert it.ask("PATCH", f"{LIST}/{gone.id}", {"is_read": True}).status == 404
    unread = it.ask("GET", "/forms").json["forms"][0]["unread"]
    assert unread == {"inbox": 1, "spam": 0, "archive": 0}
    days = it.ask("GET", "/forms/contact/counts").json["days"]
    assert days == [{"day": "2026-11-23", "inbox": 1, "spam": 0, "archive": 0}]


def test_one_submission_has_everything_and_its_deliveries(it: Owner) -> None:
    verdict = Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0)
    submission = it.store(verdict=verdict)
    it.stage.relay()
    it.stage.deliver()

    document = it.ask("GET", f"{LIST}/{submission.id}").json

    [delivery] = document.pop("deliveries")
    assert document == {
        "id": submission.id,
        "reference": f"{submission.id[-8:-4]}-{submission.id[-4:]}",
        "form": "contact",
        "received_at": "2026-11-23T12:00:00.000Z",
        "folder": "inbox",
        "is_read": False,
        "fields": {"email": "ada@example.com"},
        "subject": None,
        "reply_to": None,
        "spam": {
            "points": 10.0,
            "threshold": 5.0,
            "signals": [{"check": "honeypot", "points": 10.0, "reason": "_gotcha was filled in"}],
        },
        "sender": {"origin": "https://site.example", "user_agent": "Firefox"},
    }
    [attempt] = delivery.pop("attempts")
    assert delivery == {
        "target": "email",
        "channel": "email",
        "state": "delivered",
        "feedback": None,
    }
    assert attempt["outcome"].startswith("accepted by")
    assert (attempt["at"], attempt["next_try_at"]) == ("2026-11-23T12:00:00.000Z", None)


def test_moving_takes_the_read_mark_along(it: Owner) -> None:
    submission = it.store(folder=Folder.SPAM)

    moved = it.ask("PATCH", f"{LIST}/{submission.id}", {"folder": "archive"})

    assert (moved.json["folder"], moved.json["is_read"]) == ("archive", False)
    assert ids(it.ask("GET", f"{LIST}?folder=archive")) == [submission.id]
    assert ids(it.ask("GET", f"{LIST}?folder=spam")) == []
    assert unread(it) == {"inbox": 0, "spam": 0, "archive": 1}
    it.ask("PATCH", f"{LIST}/{submission.id}", {"folder": "inbox", "is_read": True})
    assert unread(it) == {"inbox": 0, "spam": 0, "archive": 0}
    it.ask("PATCH", f"{LIST}/{submission.id}", {"is_read": False})
    assert unread(it) == {"inbox": 1, "spam": 0, "archive": 0}


def unread(it: Owner) -> Any:
    return it.ask("GET", "/forms").json["forms"][0]["unread"]


def test_unread_is_counted_to_a_thousand(it: Owner) -> None:
    for number in range(1_003):
        it.store(seed=number)
    it.store(seed=2_000, folder=Folder.SPAM)

    answer, requests = it.counted("GET", "/forms")

    assert answer.json["forms"][0]["unread"] == {"inbox": 1_000, "spam": 1, "archive": 0}
    assert requests == {"BatchGetItem": 1, "Query": 4}


def test_many_are_moved_at_once_and_what_is_missing_is_named(it: Owner) -> None:
    stored = [it.store(seed=seed) for seed in range(3)]
    wanted = [stored[0].id, "01M83QT9NTZX9KFJP58TKMWT7C", stored[2].id]

    answer = it.ask("PATCH", LIST, {"ids": wanted, "folder": "spam", "is_read": True})

    assert answer.json == {"changed": [stored[0].id, stored[2].id], "missing": [wanted[1]]}
    assert ids(it.ask("GET", LIST)) == [stored[1].id]
    assert unread(it) == {"inbox": 1, "spam": 0, "archive": 0}


def test_reading_tells_nobody_and_moving_out_of_spam_does(it: Owner) -> None:
    submission = it.store(folder=Folder.SPAM)
    it.stage.relay()
    it.ask("PATCH", f"{LIST}/{submission.id}", {"folder": "inbox"})
    it.stage.relay()
    assert it.stage.take() is not None

    it.ask("PATCH", f"{LIST}/{submission.id}", {"is_read": True})
    it.stage.relay()

    assert it.stage.take() is None


def test_deleting_takes_deliveries_and_the_claim_along(it: Owner) -> None:
    submission = it.store()
    it.stage.relay()
    neighbour = it.store(seed=1)

    answer = it.ask("DELETE", f"{LIST}/{submission.id}")

    assert (answer.status, answer.text) == (204, "")
    assert not [item for item in it.items() if submission.id in repr(item)]
    assert ids(it.ask("GET", LIST)) == [neighbour.id]
    assert it.ask("DELETE", f"{LIST}/{submission.id}").status == 404


def test_a_claim_that_a_later_submission_took_over_is_its_own() -> None:
    """Without a key, the same words are a new submission after ten minutes."""
    with owner() as it:
        first = it.store()
        claims = [item for item in it.items() if item["sk"]["S"] == "CLAIM"]
        later = {**claims[0], "submission_id": {"S": "another"}}
        it.stage.submissions.client.put_item(TableName=TABLE, Item=later)

        it.ask("DELETE", f"{LIST}/{first.id}")

        assert [item for item in it.items() if item["sk"]["S"] == "CLAIM"] == [later]


def test_sending_again_and_for_the_first_time(it: Owner) -> None:
    submission = it.store()
    it.stage.relay()
    it.stage.deliver()

    again = it.ask("POST", f"{LIST}/{submission.id}/deliveries/email")

    assert (again.status, again.json["state"], len(again.json["attempts"])) == (202, "pending", 1)
    it.stage.deliver()
    assert it.stage.delivery(submission, "email").state == DeliveryState.DELIVERED
    assert len(it.stage.mails) == 2
    # Spam is never told about by itself, so there is no delivery yet.
    spam = it.store(seed=1, folder=Folder.SPAM)
    first = it.ask("POST", f"{LIST}/{spam.id}/deliveries/email")
    assert (first.status, first.json["attempts"]) == (202, [])
    it.stage.deliver()
    assert len(it.stage.mails) == 3


def test_sending_again_needs_a_target_and_a_submission(it: Owner) -> None:
    submission = it.store()

    no_target = it.ask("POST", f"{LIST}/{submission.id}/deliveries/nobody")
    no_submission = it.ask("POST", f"{LIST}/01M83QT9NTZX9KFJP58TKMWT7C/deliveries/email")

    assert no_target.json["type"] == "urn:formpost:target_not_found"
    assert no_submission.json["type"] == "urn:formpost:submission_not_found"


def test_counts_are_by_day_and_folder_oldest_first(it: Owner) -> None:
    for seed, (days_ago, folder) in enumerate(
        [
            *[(0, Folder.INBOX)] * 3,
            (0, Folder.SPAM),
            *[(2, Folder.ARCHIVE)] * 2,
            (9, Folder.INBOX),
        ]
    ):
        it.store(minutes=-days_ago * 24 * 60, seed=seed, folder=folder)

    answer, requests = it.counted("GET", "/forms/contact/counts?days=9")

    assert answer.json == {
        "days": [
            {"day": "2026-11-21", "inbox": 0, "spam": 0, "archive": 2},
            {"day": "2026-11-23", "inbox": 3, "spam": 1, "archive": 0},
        ],
        "next_cursor": None,
    }
    assert requests == {"BatchGetItem": 1, "Query": 1}


@pytest.mark.parametrize(
    ("method", "path", "document", "fields"),
    [
        ("GET", f"{LIST}?folder=x&limit=0&since=now", None, ["folder", "since", "limit"]),
        ("GET", f"{LIST}?limit=201", None, ["limit"]),
        ("GET", f"{LIST}?limit=0000000300", None, ["limit"]),
        ("GET", f"{LIST}?limit=%D9%A3", None, ["limit"]),
        ("GET", f"{LIST}?since=0001-01-01T00:00:00%2B14:00", None, ["since"]),
        ("GET", f"{LIST}?since=2026-11-23T12:00:00", None, ["since"]),
        ("GET", f"{LIST}?q={'x' * 201}", None, ["q"]),
        ("GET", "/forms/contact/counts?days=367", None, ["days"]),
        ("PATCH", LIST, {"ids": [], "is_read": 1}, ["is_read", "ids"]),
        ("PATCH", LIST, {"ids": ["x"] * 101, "folder": "spam"}, ["ids", "ids"]),
        ("PATCH", LIST, {"ids": [3], "folder": "spam"}, ["ids", "ids"]),
        ("PATCH", LIST, {"ids": ["x"]}, [None]),
        ("PATCH", LIST, [], [None]),
        ("POST", "/forms/contact/export", {}, ["format"]),
        ("POST", "/forms/contact/export", {"format": 3, "bom": "x"}, ["format", "bom"]),
        ("POST", "/people/find", {"email": "ada"}, ["email"]),
        ("POST", "/people/erase", {}, ["email"]),
    ],
)
def test_every_mistake_in_a_request_is_named(
    it: Owner, method: str, path: str, document: Any, fields: list[str | None]
) -> None:
    answer = it.ask(method, path, document)

    assert (answer.status, answer.json["type"]) == (422, "urn:formpost:invalid_request")
    assert [error["field"] for error in answer.json["errors"]] == fields


@pytest.mark.parametrize("submission_id", ["x", "x" * 2_000, "%23", "01m83qt9ntzx9kfjp58tkmwt7c"])
def test_what_cannot_be_an_id_is_not_there(it: Owner, submission_id: str) -> None:
    path = f"{LIST}/{submission_id}"

    answers = [
        it.ask("GET", path),
        it.ask("PATCH", path, {"is_read": True}),
        it.ask("DELETE", path),
        it.ask("POST", f"{path}/deliveries/email"),
    ]
    many = it.ask("PATCH", LIST, {"ids": ["x" * 2_000], "is_read": True})

    assert {answer.json["type"] for answer in answers} == {"urn:formpost:submission_not_found"}
    assert many.json == {"changed": [], "missing": ["x" * 2_000]}
    # DynamoDB would refuse a long one as an invalid request, which moto does not.
    assert it.counted("GET", path)[1] == {"BatchGetItem": 1}


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "contact.AAAA", "%00", "~"])
def test_a_cursor_that_is_not_ours_is_refused(it: Owner, cursor: str) -> None:
    it.store()
    person = {"email": "ada@example.com", "cursor": cursor}

    assert it.ask("GET", f"{LIST}?cursor={cursor}").json["type"] == "urn:formpost:invalid_cursor"
    assert it.ask("POST", "/people/find", person).json["type"] == "urn:formpost:invalid_cursor"


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_is_told(it: Owner, body: bytes) -> None:
    headers = {"Accept": "application/json", "Authorization": f"Bearer {it.text}"}

    answer = it.gateway.request("POST", "/people/find", headers=headers, body=body)

    assert (answer.status, answer.json["type"]) == (400, "urn:formpost:malformed_body")
    # Which members it has differs from route to route.
    assert answer.json["detail"] == "The body should be a JSON object."


HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "__proto__": "polluted",
    "constructor": "x",
    "long": "x" * 100_000,
    "direction": "\u202egpj.exe\u2066",
    "emoji": "👩‍👩‍👧‍👦 é e\u0301",
    "nul": "a\x00b",
    "half": "\ud83d",
    "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "blank": " =1+1",
    "return": "\r=1+1",
    "wide": "\uff1d1+1",
    "quotes": 'a "b", c;\nd',
    "id": "a field with a name of ours",
    "": "without a name",
    **{f"field {number}": str(number) for number in range(500)},
}


def test_hostile_submissions_are_only_text_in_json(it: Owner) -> None:
    stored = it.store(answers=answers_from(clean(HOSTILE).items()))

    whole = it.ask("GET", f"{LIST}/{stored.id}")
    listed = it.ask("GET", LIST)
    exported = it.ask("POST", "/forms/contact/export", {"format": "jsonl"})

    assert whole.json["fields"] == clean(HOSTILE)
    assert ids(listed) == [stored.id]
    assert "\u202e" not in listed.json["submissions"][0]["excerpt"]
    [line] = exported.text.splitlines()
    assert json.loads(line)["fields"] == clean(HOSTILE)
    assert exported.headers["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert exported.headers["X-Content-Type-Options"] == "nosniff"


def clean(fields: dict[str, str]) -> dict[str, str]:
    """Return what the store holds of fields: UTF-8 has no halves of surrogate pairs."""
    return {name: value.replace("\ud83d", "\ufffd") for name, value in fields.items()}


def test_hostile_submissions_are_only_text_in_a_spreadsheet(it: Owner) -> None:
    it.store(answers=answers_from(clean(HOSTILE).items()))
    wanted = {"format": "csv", "columns": list(HOSTILE), "bom": True}

    exported = it.ask("POST", "/forms/contact/export", wanted)

    assert exported.text.startswith("\ufeffid,")
    rows = list(csv.reader(io.StringIO(exported.text.removeprefix("\ufeff"), newline="")))
    [names, cells] = rows
    assert len(names) == len(cells) == 10 + len(HOSTILE)
    for cell in (*names, *cells):
        # What a spreadsheet begins a formula with, also behind blanks that it takes away.
        assert not cell.strip().startswith(("=", "+", "-", "@", "\uff1d")), cell
        assert not cell.startswith(("\t", "\r", "\n")), cell
    row = dict(zip(names, cells, strict=True))
    assert row["long"] == HOSTILE["long"]
    assert row["quotes"] == HOSTILE["quotes"]
    assert row["__proto__"] == "polluted"
    assert row["fields.id"] == HOSTILE["id"]
    assert row["at"] == "'@SUM(A1)"
    assert row["tab"] == "'\t=1+1"
    assert row["nul"] == "a\ufffdb"
    assert row["other_fields"] == ""


def test_csv_has_a_column_a_field_and_leaves_nothing_out(it: Owner) -> None:
    it.store(
        subject="Hi",
        reply_to="a@b.example",
        answers=(Answer("topic", ("News", "Events")), Answer("new", ("a", "b"))),
    )

    exported = it.ask("POST", "/forms/contact/export", {"format": "csv", "columns": ["topic"]})

    [row] = csv.DictReader(io.StringIO(exported.text, newline=""))
    assert exported.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert row["topic"] == "News\nEvents"
    assert json.loads(row["other_fields"]) == {"new": ["a", "b"]}
    assert (row["subject"], row["reply_to"], row["is_read"]) == ("Hi", "a@b.example", "false")
    assert row["received_at"] == "2026-11-23T12:00:00.000Z"


@pytest.mark.parametrize("format_name", ["csv", "jsonl"])
def test_an_export_has_every_submission_once_in_answers_that_fit(
    it: Owner, format_name: str
) -> None:
    """Lambda answers 6 MB at most, and NUL is seven times as long in its JSON."""
    stored = {
        it.store(seed=n, minutes=n, fields={"message": "\x00" * 300_000 + str(n)}).id
        for n in range(9)
    }
    stored |= {it.store(seed=n, minutes=-n, folder=Folder.SPAM).id for n in range(1, 50)}

    document = {"format": format_name, "columns": ["message"]}
    answers = list(pages(it, "/forms/contact/export", document))

    text = "".join(answer.text for answer in answers)
    if format_name == "csv":
        csv.field_size_limit(10_000_000)
        exported = [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    else:
        exported = [json.loads(line)["id"] for line in text.splitlines()]
    assert sorted(exported) == sorted(stored)
    assert len(answers) > 1


def test_half_a_character_in_json_is_malformed(it: Owner) -> None:
    """JSON can escape half of a surrogate pair, and no encoding can carry it into an answer."""
    headers = {"Authorization": f"Bearer {it.text}", "Content-Type": "application/json"}
    body = b'{"format": "csv", "columns": ["\\ud800"]}'

    answer = it.gateway.request("POST", "/forms/contact/export", headers=headers, body=body)

    assert (answer.status, answer.json["errors"][0]["code"]) == (400, "MALFORMED_BODY")


def test_an_export_can_be_a_search(it: Owner) -> None:
    it.store(fields={"message": "hay"})
    found = it.store(seed=1, fields={"message": "Needle"})
    wanted = {"format": "jsonl", "q": "needle", "folder": "inbox", "since": "2026-11-23"}

    exported = it.ask("POST", "/forms/contact/export", wanted)

    assert json.loads(exported.text)["id"] == found.id


def test_names_are_the_declared_ones_and_then_every_other(it: Owner) -> None:
    form = a_form("news", fields=(a_field("mail"), a_field("topic")))
    it.forms["news"] = form
    it.store("news", seed=1, fields={"topic": "x", "z": "1"})
    it.store("news", seed=2, folder=Folder.SPAM, fields={"a": "1"})

    answer = it.ask("GET", "/forms/news/names")

    assert answer.json == {"names": ["mail", "topic", "a", "z"], "next_cursor": None}


def test_a_person_is_found_exported_and_erased_everywhere() -> None:
    autoresponse = Target(
        "answer", "autoresponse", {"from": SENDER, "subject": "Thanks", "text": "Soon."}
    )
    with owner(MAIL, autoresponse, forms=(a_form("news", shards=2),)) as it:
        about = [
            it.store(fields={"email": "Ada@Example.com", "message": "x"}),
            it.store("news", seed=1, fields={"cc": " ada@example.com "}),
            it.store(seed=2, folder=Folder.ARCHIVE, reply_to="ADA@example.com", minutes=1),
            it.store("news", seed=3, folder=Folder.SPAM, fields={"mail": "ada@example.com"}),
        ]
        other = [
            it.store(seed=4, fields={"email": "ada@example.com.evil.example"}),
            it.store(seed=5, fields={"email": "adá@example.com"}),
            it.store("news", seed=6, fields={"message": "ask ada@example.com"}),
        ]
        it.stage.relay()
        it.stage.deliver_until_settled()
        person = {"email": "ada@example.com"}

        found = it.ask("POST", "/people/find", person)
        exported = it.ask("POST", "/people/export", person)
        receipt = it.ask("POST", "/people/erase", person)
        again = it.ask("POST", "/people/erase", person)

        assert sorted(ids(found)) == sorted(submission.id for submission in about)
        assert sorted(json.loads(line)["id"] for line in exported.text.splitlines()) == sorted(
            submission.id for submission in about
        )
        # Two of them were in the inbox of the form that tells: two deliveries for each,
        # four claims, and one note that the address was answered today.
        assert receipt.json["submissions"] == 4
        assert again.json == {"submissions": 0, "deliveries": 0, "pointers": 0, "next_cursor": None}
        for submission in about:
            assert not [item for item in it.items() if submission.id in repr(item)]
        left = repr(it.items()).casefold()
        assert left.count("ada@example.com") == left.count("ada@example.com.evil") + 1
        assert all(submission.id in repr(it.items()) for submission in other)


def test_a_person_with_much_is_erased_page_by_page() -> None:
    with owner(forms=(a_form("news"),)) as it:
        for number in range(120):
            it.store(seed=number)
            it.store("news", seed=number + 500)

        receipts = [
            answer.json for answer in pages(it, "/people/erase", {"email": "ada@example.com"})
        ]

        assert sum(receipt["submissions"] for receipt in receipts) == 240
        assert sum(receipt["pointers"] for receipt in receipts) == 240
        assert len(receipts) >= 5
        assert {item["pk"]["S"] for item in it.items()} == {"KEYS", "TOKENS"}


def test_search_and_people_look_at_folded_text_as_unicode_says() -> None:
    assert search.folded("STRAẞE Ünïcode ﬁ") == "strasse unicode fi"
