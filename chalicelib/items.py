"""What the table's items look like: keys, wire types, sizes and cursors.

    pk                      sk                   what
    FORM#<form>#<shard>     SUB#<id>             one submission
    CLAIM#<form>#<key>      CLAIM                who made this claim first, until expires_at
    QUOTA#<key>             QUOTA                how many one address sent to a form in an hour
    SEEN#<kind>#<key>       SEEN                 that a proof of work or a text has come before
    KEYS                    SIGNING              the stage's secret for keyed hashes

The index ``by_folder`` (folder_key, sk) lists one folder of one shard by time. The
sparse index ``by_unread`` (unread_key, folder_key) has what its owner has not read.
Deliveries are in delivery_items.py, what was learned in lesson_items.py. repository.py,
owner_store.py, bulk_store.py and lesson_store.py alone import this.
"""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.errors import InvalidCursor
from chalicelib.model import (
    CROCKFORD,
    RANDOM_BYTES,
    SUBMISSION_ID_LENGTH,
    Answer,
    Folder,
    Sender,
    Signal,
    Submission,
    Verdict,
    ulid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.model import Claim, Form, Novelty, Quota

Item = dict[str, Any]
"""One DynamoDB item, or a value in it, in wire types, e.g. ``{"pk": {"S": "KEYS"}}``."""

SECRET_KEY: Item = {"pk": {"S": "KEYS"}, "sk": {"S": "SIGNING"}}
# An attribute of what was received elsewhere. It stays: to move such a submission, or to undo
# that, tells nobody of a message that is years old.
IMPORTED: Item = {"imported": {"N": "1"}}
# The last change of a submission that its form now keeps for longer, or for less long.
KEPT = "kept"
# The last change of a submission that was learned from, see lesson_store.py.
TAUGHT = "taught"
# What nobody is told of, though the stream shows it.
_NO_NEWS = frozenset({"read", KEPT, TAUGHT})
# Behind every submission of a partition, and before.
LAST_SORT_KEY, FIRST_SORT_KEY = "SUB#~", "SUB#"

# The lower bits of an id say nothing of the time.
_RANDOM_BITS = 8 * RANDOM_BYTES
_SUBMISSION_ID = rf"[{CROCKFORD}]{{{SUBMISSION_ID_LENGTH}}}"


def submission_item(submission: Submission, form: Form, claim: Claim | None = None) -> Item:
    """Return a submission as it is stored, with what points to it."""
    shard = _shard(form, submission.id)
    # Not the folder's key: so a move changes one attribute, and both indexes follow.
    unread = {} if submission.is_read else {"unread_key": {"S": partition(form, shard)}}
    return {
        "pk": {"S": partition(form, shard)},
        "sk": {"S": f"SUB#{submission.id}"},
        "folder_key": {"S": folder_key(form, shard, submission.folder)},
        **unread,
        **_attributes(submission),
        **(_pointers(claim) if claim else {}),
    }


def _pointers(claim: Claim) -> Item:
    """Return what leads to the pointers, for who erases the submission."""
    seen = [{"S": f"{novelty.kind}#{novelty.key}"} for novelty in claim.novelties]
    return {"claim": {"S": claim.key}, **({"seen": {"L": seen}} if seen else {})}


def pointer_keys(item: Any) -> Iterator[Item]:
    """Yield the key of each pointer that was written with a submission."""
    if "claim" in item:
        yield claim_key(item["folder_key"]["S"].split("#")[1], item["claim"]["S"])
    for pointer in item.get("seen", {"L": []})["L"]:
        kind, hashed = pointer["S"].split("#")
        yield novelty_key(kind, hashed)


def claim_item(claim: Claim, submission: Submission) -> Item:
    """Return a claim as it is stored: the first result is what a repeat is answered with."""
    return {
        **claim_key(submission.form, claim.key),
        "submission_id": {"S": submission.id},
        "received_at": {"N": _milliseconds(submission.received_at)},
        "fingerprint": {"S": claim.fingerprint},
        "expires_at": {"N": str(claim.expires_at)},
    }


def is_submission(item: Any) -> bool:
    """Whether an item is a submission, by its key."""
    return bool(item["sk"]["S"].startswith("SUB#"))


def is_news(item: Any) -> bool:
    """Whether an item's last change can be one to tell of: it was stored or moved, not read."""
    is_quiet = item.get("last_change", {}).get("S") in _NO_NEWS
    return not is_quiet and not IMPORTED.keys() & item.keys()


def partition(form: Form, shard: int) -> str:
    """Return the partition key of one shard."""
    return f"FORM#{form.id}#{shard}"


def folder_key(form: Form, shard: int, folder: Folder) -> str:
    """Return the index key of one folder of one shard."""
    return f"FORM#{form.id}#{shard}#{folder}"


def _shard(form: Form, submission_id: str) -> int:
    return zlib.crc32(submission_id.encode()) % form.shards


def places(form: Form, submission_id: str) -> Iterator[tuple[int, Item]]:
    """Yield each shard and key where a submission can be, the likeliest first.

    A submission stays where it was put when its form's number of shards grows.
    """
    likeliest = _shard(form, submission_id)
    others = (shard for shard in range(form.shards) if shard != likeliest)
    for shard in (likeliest, *others):
        yield shard, {"pk": {"S": partition(form, shard)}, "sk": {"S": f"SUB#{submission_id}"}}


def claim_key(form_id: str, hashed: str) -> Item:
    """Return the key of one claim."""
    return {"pk": {"S": f"CLAIM#{form_id}#{hashed}"}, "sk": {"S": "CLAIM"}}


def quota_key(quota: Quota) -> Item:
    """Return the key under which one address is counted for an hour."""
    return {"pk": {"S": f"QUOTA#{quota.key}"}, "sk": {"S": "QUOTA"}}


def novelty_item(novelty: Novelty, submission_id: str) -> Item:
    """Return a novelty as it is stored once it is none any more."""
    return {
        **novelty_key(novelty.kind, novelty.key),
        "holder": {"S": novelty.holder},
        "submission_id": {"S": submission_id},
        "expires_at": {"N": str(novelty.expires_at)},
    }


def novelty_key(kind: str, hashed: str) -> Item:
    """Return the key of what should come once."""
    return {"pk": {"S": f"SEEN#{kind}#{hashed}"}, "sk": {"S": "SEEN"}}


def sort_key_at(moment: datetime) -> str:
    """Return a sort key that nothing of this millisecond or later stands before."""
    milliseconds = max(0, round(moment.timestamp() * 1000))
    return f"SUB#{ulid(milliseconds << _RANDOM_BITS)}"


def sort_key_before(sort_key: str) -> str:
    """Return the greatest sort key before another one."""
    if not re.fullmatch(_SUBMISSION_ID, sort_key.removeprefix("SUB#")):
        return sort_key
    number = 0
    for character in sort_key.removeprefix("SUB#"):
        number = number << 5 | CROCKFORD.index(character)
    return f"SUB#{ulid(number - 1)}" if number else FIRST_SORT_KEY


def submission_id_of(item: Any) -> str:
    """Return the id of a submission from its key."""
    return str(item["sk"]["S"].removeprefix("SUB#"))


def folder_of(item: Any) -> Folder:
    """Return where a submission is, from its index key."""
    return Folder(item["folder_key"]["S"].rpartition("#")[2])


def cursor_at(submission_id: str) -> str:
    """Return the cursor of the page that starts behind a submission."""
    return urlsafe_b64encode(submission_id.encode()).decode().rstrip("=")


def position(cursor: str | None) -> str:
    """Return the sort key before which a page starts."""
    if cursor is None:
        return LAST_SORT_KEY
    try:
        submission_id = urlsafe_b64decode(cursor.encode() + b"==").decode()
    except ValueError as error:
        raise InvalidCursor from error
    if not re.fullmatch(_SUBMISSION_ID, submission_id):
        raise InvalidCursor
    return f"SUB#{submission_id}"


def _attributes(submission: Submission) -> Item:
    """Return a submission as wire types, without what is not there."""
    verdict, sender = submission.verdict, submission.sender
    attributes: Item = {
        "received_at": {"N": _milliseconds(submission.received_at)},
        "fields": {"L": [_answer_item(answer) for answer in submission.answers]},
        "threshold": {"N": str(verdict.threshold)},
        "ip_hash": {"S": sender.ip_hash},
    }
    if verdict.signals:
        attributes["signals"] = {"L": [_signal_item(signal) for signal in verdict.signals]}
    optional = {
        "origin": sender.origin,
        "user_agent": sender.user_agent,
        "subject": submission.subject,
        "reply_to": submission.reply_to,
    }
    attributes.update((name, {"S": text}) for name, text in optional.items() if text is not None)
    if submission.expires_at is not None:
        attributes["expires_at"] = {"N": str(submission.expires_at)}
    return attributes


def _answer_item(answer: Answer) -> Item:
    # A list of pairs, since a DynamoDB map forgets the order of its keys.
    values = [{"S": value} for value in answer.values]
    return {
        "M": {
            "name": {"S": answer.name},
            "value": values[0] if len(values) == 1 else {"L": values},
        }
    }


def _signal_item(signal: Signal) -> Item:
    points = {"N": str(signal.points)}
    return {"M": {"check": {"S": signal.check}, "points": points, "reason": {"S": signal.reason}}}


def submission_from(item: Any) -> Submission:
    """Return the submission that an item holds."""
    _, form_id, _, folder = item["folder_key"]["S"].split("#")
    signals = tuple(
        Signal(s["M"]["check"]["S"], float(s["M"]["points"]["N"]), s["M"]["reason"]["S"])
        for s in item.get("signals", {"L": []})["L"]
    )
    expires_at = item.get("expires_at")
    return Submission(
        id=submission_id_of(item),
        form=form_id,
        received_at=moment(item["received_at"]),
        answers=tuple(_answer_from(entry["M"]) for entry in item["fields"]["L"]),
        folder=Folder(folder),
        verdict=Verdict(signals, float(item["threshold"]["N"])),
        sender=Sender(item["ip_hash"]["S"], _text(item, "origin"), _text(item, "user_agent")),
        subject=_text(item, "subject"),
        reply_to=_text(item, "reply_to"),
        expires_at=int(expires_at["N"]) if expires_at else None,
        is_read="unread_key" not in item,
    )


def _answer_from(entry: Item) -> Answer:
    value = entry["value"]
    values = (value["S"],) if "S" in value else tuple(each["S"] for each in value["L"])
    return Answer(entry["name"]["S"], values)


def _text(item: Item, name: str) -> str | None:
    return item[name]["S"] if name in item else None


def has_expired(item: Any, now: datetime) -> bool:
    """Whether an item's time is over, though TTL has not deleted it yet."""
    return "expires_at" in item and int(item["expires_at"]["N"]) <= now.timestamp()


def _milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def moment(number: Item) -> datetime:
    """Return the time that a number of milliseconds says."""
    return datetime.fromtimestamp(int(number["N"]) / 1000, tz=UTC)


# A list or map costs 3 bytes, and each of its members one more.
# Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
_CONTAINER_BYTES = 3
# A number has at most 38 digits, two a byte, and one byte beside.
_NUMBER_BYTES = 21


def bytes_of(value: Any) -> int:
    """Return how much of an item's 400 kB a value in wire types takes."""
    [(wire_type, content)] = value.items()
    if wire_type == "S":
        return len(content.encode())
    if wire_type == "N":
        return _NUMBER_BYTES
    if wire_type == "L":
        return _CONTAINER_BYTES + sum(1 + bytes_of(each) for each in content)
    return _CONTAINER_BYTES + sum(
        1 + len(name.encode()) + bytes_of(each) for name, each in content.items()
    )
