"""The owner's routes: decode, call one verb, encode.

app.py imports this in the first request of an owner's, since a visitor's post must not
wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import inbox as verbs
from chalicelib import owner_answers, owner_requests, people

if TYPE_CHECKING:
    from chalicelib.answers import Answer
    from chalicelib.exchange import Exchange
    from chalicelib.inbox import Inbox


def list_forms(exchange: Exchange, inbox: Inbox) -> Answer:
    """List the forms, with what is unread."""
    return owner_answers.forms(verbs.unread_by_form(inbox), exchange.token)


def list_submissions(form_id: str, exchange: Exchange, inbox: Inbox) -> Answer:
    """List a folder, or search it."""
    form = verbs.form_of(form_id, inbox)
    listing = owner_requests.listing(exchange)
    return owner_answers.page(verbs.list_submissions(form, listing, inbox), form)


def change_submissions(form_id: str, exchange: Exchange, inbox: Inbox) -> Answer:
    """Move or mark many."""
    form = verbs.form_of(form_id, inbox)
    ids, change = owner_requests.change_of_many(exchange)
    return owner_answers.changed(verbs.change_many(form, ids, inbox, **change._asdict()))


def read_submission(form_id: str, submission_id: str, inbox: Inbox) -> Answer:
    """Show one submission with its deliveries."""
    form = verbs.form_of(form_id, inbox)
    return owner_answers.whole(verbs.whole(form, submission_id, inbox))


def change_submission(form_id: str, submission_id: str, exchange: Exchange, inbox: Inbox) -> Answer:
    """Move or mark one."""
    form = verbs.form_of(form_id, inbox)
    change = owner_requests.change(exchange)
    return owner_answers.whole(verbs.change(form, submission_id, inbox, **change._asdict()))


def delete_submission(form_id: str, submission_id: str, inbox: Inbox) -> Answer:
    """Erase one, with its deliveries."""
    verbs.delete(verbs.form_of(form_id, inbox), submission_id, inbox)
    return owner_answers.NO_CONTENT


def send_again(form_id: str, submission_id: str, target: str, inbox: Inbox) -> Answer:
    """Tell a target again."""
    form = verbs.form_of(form_id, inbox)
    return owner_answers.delivery(verbs.send_again(form, submission_id, target, inbox), form)


def count_submissions(form_id: str, exchange: Exchange, inbox: Inbox) -> Answer:
    """Count what came each day."""
    form = verbs.form_of(form_id, inbox)
    return owner_answers.counts(verbs.count(form, *owner_requests.days(exchange), inbox))


def list_field_names(form_id: str, exchange: Exchange, inbox: Inbox) -> Answer:
    """List the names of fields that were sent."""
    form = verbs.form_of(form_id, inbox)
    return owner_answers.names(verbs.field_names(form, owner_requests.cursor(exchange), inbox))


def export_submissions(form_id: str, exchange: Exchange, inbox: Inbox) -> Answer:
    """Export one page."""
    form = verbs.form_of(form_id, inbox)
    listing, written = owner_requests.export(exchange, form)
    exported = verbs.export(form, listing, written, inbox)
    return owner_answers.export(exported, written.content_type)


def find_person(exchange: Exchange, inbox: Inbox) -> Answer:
    """Find what is about a person."""
    return owner_answers.people(people.find(*owner_requests.person(exchange), inbox))


def export_person(exchange: Exchange, inbox: Inbox) -> Answer:
    """Export what is about a person."""
    exported = people.export(*owner_requests.person(exchange), inbox)
    return owner_answers.export(exported, people.CONTENT_TYPE)


def erase_person(exchange: Exchange, inbox: Inbox) -> Answer:
    """Erase what is about a person."""
    return owner_answers.receipt(people.erase_all(*owner_requests.person(exchange), inbox))
