"""The table's schema has changed: every verb works on what older versions wrote.

The items stand here as those versions wrote them, attribute by attribute, and the table
as they made it: with one index. The second one is added as CloudFormation adds it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import notify, summary
from chalicelib.bulk_store import BulkStore
from chalicelib.delivery import DeliveryList, DeliveryState
from chalicelib.events import written_images
from chalicelib.model import Folder, Stored, Target
from tests.builders import NOON, a_claim, a_submission
from tests.functional.owner import owner
from tests.functional.stage import SENDER, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.owner import Owner

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
LIST = "/forms/contact/submissions"
FIRST, SPAM, READ, TOLD, FAILED = (a_submission(seed=seed, minutes=seed).id for seed in range(5))


def milliseconds(minutes: float) -> str:
    return str(round(NOON.timestamp() * 1000 + minutes * 60_000))


def of_the_first_version(submission_id: str, minutes: int, folder: str = "inbox") -> dict[str, Any]:
    """A submission before there were an inbox page, imports and erasing: no claim, never unread."""
    email = {"name": {"S": "email"}, "value": {"S": "ann@example.com"}}
    topics = {"name": {"S": "topic"}, "value": {"L": [{"S": "one"}, {"S": "two"}]}}
    return {
        "pk": {"S": "FORM#contact#0"},
        "sk": {"S": f"SUB#{submission_id}"},
        "folder_key": {"S": f"FORM#contact#0#{folder}"},
        "received_at": {"N": milliseconds(minutes)},
        "fields": {"L": [{"M": email}, {"M": topics}]},
        "threshold": {"N": "5.0"},
        "ip_hash": {"S": "ab" * 32},
    }


def of_the_first_outbox(submission_id: str, state: str) -> dict[str, Any]:
    """A delivery before tries had times of their own, and lists were in an index."""
    attempt = {
        "at": {"N": milliseconds(5)},
        "outcome": {"S": "accepted by the mail service as message-1"},
        "duration_ms": {"N": "120"},
    }
    return {
        "pk": {"S": f"SUB#{submission_id}"},
        "sk": {"S": "DELIVERY#email"},
        "form": {"S": "contact"},
        "state": {"S": state},
        "attempts": {"L": [{"M": attempt}]},
    }


SIGNAL = {"check": {"S": "honeypot"}, "points": {"N": "10.0"}, "reason": {"S": "was filled in"}}
ITEMS = [
    of_the_first_version(FIRST, 0),
    of_the_first_version(SPAM, 1, "spam") | {"signals": {"L": [{"M": SIGNAL}]}},
    # Of the first inbox: marked as read, and moved, which erased neither attribute.
    of_the_first_version(READ, 2, "archive") | {"last_change": {"S": "read"}},
    of_the_first_version(TOLD, 3),
    of_the_first_version(FAILED, 4) | {"subject": {"S": "Hi"}, "reply_to": {"S": "b@example.com"}},
    of_the_first_outbox(TOLD, "delivered"),
    of_the_first_outbox(FAILED, "failed"),
    {
        "pk": {"S": "CLAIM#contact#old"},
        "sk": {"S": "CLAIM"},
        "submission_id": {"S": FIRST},
        "received_at": {"N": milliseconds(0)},
        "fingerprint": {"S": "print-1"},
        "expires_at": {"N": str(int(NOON.timestamp()) + 172_800)},
    },
]


@pytest.fixture
def it() -> Iterator[Owner]:
    """A stage whose table has grown up, with an owner who has signed in since."""
    with owner(MAIL) as signed_in:
        client = signed_in.stage.submissions.client
        kept = signed_in.items()
        now = client.describe_table(TableName=TABLE)["Table"]
        client.delete_table(TableName=TABLE)
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=now["KeySchema"],
            AttributeDefinitions=attributes("pk", "sk", "folder_key"),
            GlobalSecondaryIndexes=[index(now, "by_folder")],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        for item in [*ITEMS, *kept]:
            client.put_item(TableName=TABLE, Item=item)
        client.update_table(
            TableName=TABLE,
            AttributeDefinitions=attributes("pk", "sk", "folder_key", "unread_key"),
            GlobalSecondaryIndexUpdates=[{"Create": index(now, "by_unread")}],
        )
        yield signed_in


def attributes(*names: str) -> list[Any]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def index(table: Any, name: str) -> Any:
    [found] = [each for each in table["GlobalSecondaryIndexes"] if each["IndexName"] == name]
    return {each: found[each] for each in ("IndexName", "KeySchema", "Projection")}


def listed(it: Owner, query: str = "") -> list[str]:
    return [entry["id"] for entry in it.ask("GET", LIST + query).json["submissions"]]


def unread(it: Owner) -> Any:
    [form] = it.ask("GET", "/forms").json["forms"]
    return form["unread"]


def test_all_of_it_is_listed_searched_counted_and_shown(it: Owner) -> None:
    assert listed(it) == [FAILED, TOLD, FIRST]
    assert listed(it, "?folder=spam") == [SPAM]
    assert listed(it, "?folder=archive&q=two") == [READ]
    counts = it.ask("GET", "/forms/contact/counts").json
    assert sum(day["inbox"] for day in counts["days"]) == 3
    assert it.ask("GET", "/forms/contact/names").json["names"][:2] == ["email", "topic"]
    shown = it.ask("GET", f"{LIST}/{SPAM}").json
    assert shown["fields"] == {"email": "ann@example.com", "topic": ["one", "two"]}
    assert [signal["reason"] for signal in shown["spam"]["signals"]] == ["was filled in"]


def test_it_counts_as_read_until_somebody_marks_it(it: Owner) -> None:
    """As decision 0013 says: what is from before the index is not in it."""
    assert unread(it) == {"inbox": 0, "spam": 0, "archive": 0}
    it.ask("PATCH", f"{LIST}/{FIRST}", {"is_read": False})
    assert unread(it) == {"inbox": 1, "spam": 0, "archive": 0}
    it.ask("PATCH", f"{LIST}/{FIRST}", {"folder": "archive"})
    assert unread(it) == {"inbox": 0, "spam": 0, "archive": 1}
    it.ask("PATCH", f"{LIST}/{FIRST}", {"is_read": True})
    assert unread(it) == {"inbox": 0, "spam": 0, "archive": 0}


def test_what_is_moved_out_of_spam_is_told(it: Owner) -> None:
    it.stage.stream_event()
    it.ask("PATCH", f"{LIST}/{SPAM}", {"folder": "inbox"})
    it.stage.relay()
    it.stage.deliver_until_settled()

    assert it.stage.delivery(a_submission(id=SPAM), "email").state == DeliveryState.DELIVERED
    assert len(it.stage.mails) == 1


def test_a_record_that_an_older_version_left_in_the_stream_is_told(it: Owner) -> None:
    record = {"dynamodb": {"NewImage": of_the_first_version(FIRST, 0)}}
    notify.relay(written_images({"Records": [record]}), it.stage.outbox)
    it.stage.deliver_until_settled()

    assert len(it.stage.mails) == 1


def test_old_deliveries_are_shown_and_made_again(it: Owner) -> None:
    shown = it.ask("GET", f"{LIST}/{FAILED}").json
    assert [delivery["state"] for delivery in shown["deliveries"]] == ["failed"]

    assert it.ask("POST", f"{LIST}/{FAILED}/deliveries/email").status == 202
    it.stage.deliver_until_settled()
    assert it.stage.delivery(a_submission(id=FAILED), "email").state == DeliveryState.DELIVERED
    it.stage.bounce(a_submission(id=TOLD), "email")
    assert [d.submission_id for d in it.stage.deliveries.listed(DeliveryList.UNDELIVERED)] == [TOLD]
    summary.summarize(it.stage.outbox)
    # The notice, and the summary.
    assert len(it.stage.mails) == 2


def test_a_repeat_of_what_was_sent_to_an_older_version_is_known(it: Owner) -> None:
    again = it.stage.submissions.add(a_submission(seed=9), it.stage.form, a_claim("old"))

    assert isinstance(again, Stored)
    assert (again.submission_id, again.is_repeat) == (FIRST, True)


def test_a_person_is_found_exported_and_erased(it: Owner) -> None:
    person = {"email": "ann@example.com"}

    assert len(it.ask("POST", "/people/find", person).json["submissions"]) == 5
    assert it.ask("POST", "/people/export", person).status == 200
    gone = it.ask("POST", "/people/erase", person).json
    assert (gone["submissions"], gone["deliveries"]) == (5, 2)
    # The claim has no way to be found from a submission of that time; it ends within two days.
    assert gone["pointers"] == 0
    assert listed(it) == []


def test_it_is_exported_deleted_and_kept_for_another_time(it: Owner) -> None:
    exported = it.ask("POST", "/forms/contact/export", {"format": "jsonl", "folder": "inbox"})
    assert exported.text.count("\n") == 3
    assert it.ask("DELETE", f"{LIST}/{TOLD}").status == 204
    client = it.stage.submissions.client
    bulk = BulkStore(lambda: client, table=TABLE, pause=lambda _seconds: None)
    kept = list(bulk.kept(it.stage.form))
    ends = int(NOON.timestamp()) + 86_400

    assert len(kept) == 4
    assert all(bulk.keep(each, ends) for each in kept)
    assert {s.expires_at for s in it.stage.submissions.list(
        it.stage.form, Folder.INBOX, now=NOON).submissions} == {ends}  # fmt: skip


def test_new_submissions_stand_beside_the_old_ones(it: Owner) -> None:
    new = it.store(seed=7, minutes=7)
    form = replace(it.stage.form, shards=4)

    assert listed(it) == [new.id, FAILED, TOLD, FIRST]
    assert unread(it)["inbox"] == 1
    # More shards is a change of the schema, too: what is there stays where it is.
    it.forms["contact"] = form
    newer = it.store(seed=8, minutes=8)
    assert listed(it) == [newer.id, new.id, FAILED, TOLD, FIRST]
    assert it.ask("PATCH", f"{LIST}/{FIRST}", {"folder": "spam"}).status == 200
