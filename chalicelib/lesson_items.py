"""What was learned, as it looks in the table: keys and wire types.

    pk               sk        what
    MODEL#<form>     MODEL     the counts of one form's words, packed, see learned.py

A submission has what it has taught in ``taught``. lesson_store.py is the only one to import
this.
"""

from __future__ import annotations

from typing import Any

from chalicelib.lessons import Model

Item = dict[str, Any]

_SPAM, _OTHER = "spam", "not_spam"


def model_key(form_id: str) -> Item:
    """Return the key of what was learned of one form."""
    return {"pk": {"S": f"MODEL#{form_id}"}, "sk": {"S": "MODEL"}}


def model_item(form_id: str, packed: bytes, version: int) -> Item:
    """Return what was learned as it is stored."""
    return {**model_key(form_id), "counts": {"B": packed}, "version": {"N": str(version)}}


def model_from(item: Any) -> Model:
    """Return what was learned from the item that holds it."""
    return Model(bytes(item["counts"]["B"]), int(item["version"]["N"]))


def is_move(item: Any) -> bool:
    """Whether an item is a submission whose last change was a move."""
    is_submission: bool = item["sk"]["S"].startswith("SUB#")
    return is_submission and item.get("last_change") == {"S": "moved"}


def taught_in(item: Any) -> bool | None:
    """Return whether a submission has been learned as spam; None if it has not been at all."""
    return item["taught"]["S"] == _SPAM if "taught" in item else None


def taught_value(*, is_spam: bool) -> Item:
    """Return what a submission has that was learned."""
    return {"S": _SPAM if is_spam else _OTHER}
