"""Formpost's routes and event handlers: decode, call one function, encode."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

gc.disable()  # What is imported and made until the end is kept: to look at it is in vain.

from chalicelib import answers, errors, web, wiring
from chalicelib.answers import Answer
from chalicelib.intake import accept_submission

if TYPE_CHECKING:
    from chalice.app import CloudWatchEvent, DynamoDBEvent, SNSEvent, SQSEvent

settings, intake, notices, owner, write_log = wiring.from_env()
app = web.FormApp("formpost", intake=intake, owner=owner, write_log=write_log)


@app.route("/")
def home() -> Answer:
    """Say what runs here."""
    return answers.home_answer(app.exchange)


@app.route("/health")
def health() -> Answer:
    """Say whether the store answers."""
    app.intake.store.ping()
    return Answer({"status": "ok"})


@app.route("/contact", methods=["GET"])
@app.route("/f/{form_id}", methods=["GET"])
def teach(form_id: str = "contact") -> Answer:
    """Show how to send to a form."""
    return answers.teaching_answer(form_id, app.intake, app.exchange)


@app.route("/contact", methods=["POST"])
@app.route("/f/{form_id}", methods=["POST"])
def submit(form_id: str = "contact") -> Answer:
    """Accept a submission."""
    receipt = accept_submission(app.exchange.post(form_id), app.intake)
    return answers.receipt_answer(receipt, app.exchange)


@app.route("/f/{form_id}/thanks")
def thanks(form_id: str) -> Answer:
    """Thank the visitor."""
    return answers.thanks_answer(form_id, app.intake, app.exchange)


@app.route("/f/{form_id}/challenge")
def challenge(form_id: str) -> Answer:
    """Ask for a proof of work."""
    return answers.challenge_answer(form_id, app.intake)


@app.owner_route("/forms")
def list_forms() -> Answer:
    """List the forms, with what is unread."""
    from chalicelib import owner_routes

    return owner_routes.list_forms(app.exchange, app.inbox)


@app.owner_route("/forms/{form_id}/submissions")
def list_submissions(form_id: str) -> Answer:
    """List a folder, or search it."""
    from chalicelib import owner_routes

    return owner_routes.list_submissions(form_id, app.exchange, app.inbox)


@app.owner_route("/forms/{form_id}/submissions", "PATCH", "write")
def change_submissions(form_id: str) -> Answer:
    """Move or mark many."""
    from chalicelib import owner_routes

    return owner_routes.change_submissions(form_id, app.exchange, app.inbox)


@app.owner_route("/forms/{form_id}/submissions/{submission_id}")
def read_submission(form_id: str, submission_id: str) -> Answer:
    """Show one submission with its deliveries."""
    from chalicelib import owner_routes

    return owner_routes.read_submission(form_id, submission_id, app.inbox)


@app.owner_route("/forms/{form_id}/submissions/{submission_id}", "PATCH", "write")
def change_submission(form_id: str, submission_id: str) -> Answer:
    """Move or mark one."""
    from chalicelib import owner_routes

    return owner_routes.change_submission(form_id, submission_id, app.exchange, app.inbox)


@app.owner_route("/forms/{form_id}/submissions/{submission_id}", "DELETE", "write")
def delete_submission(form_id: str, submission_id: str) -> Answer:
    """Erase one, with its deliveries."""
    from chalicelib import owner_routes

    return owner_routes.delete_submission(form_id, submission_id, app.inbox)


@app.owner_route(
    "/forms/{form_id}/submissions/{submission_id}/deliveries/{target}", "POST", "write"
)
def send_again(form_id: str, submission_id: str, target: str) -> Answer:
    """Tell a target again."""
    from chalicelib import owner_routes

    return owner_routes.send_again(form_id, submission_id, target, app.inbox)


@app.owner_route("/forms/{form_id}/counts")
def count_submissions(form_id: str) -> Answer:
    """Count what came each day."""
    from chalicelib import owner_routes

    return owner_routes.count_submissions(form_id, app.exchange, app.inbox)


@app.owner_route("/forms/{form_id}/names")
def list_field_names(form_id: str) -> Answer:
    """List the names of fields that were sent."""
    from chalicelib import owner_routes

    return owner_routes.list_field_names(form_id, app.exchange, app.inbox)


@app.owner_route("/forms/{form_id}/export", "POST")
def export_submissions(form_id: str) -> Answer:
    """Export one page."""
    from chalicelib import owner_routes

    return owner_routes.export_submissions(form_id, app.exchange, app.inbox)


@app.owner_route("/people/find", "POST")
def find_person() -> Answer:
    """Find what is about a person."""
    from chalicelib import owner_routes

    return owner_routes.find_person(app.exchange, app.inbox)


@app.owner_route("/people/export", "POST")
def export_person() -> Answer:
    """Export what is about a person."""
    from chalicelib import owner_routes

    return owner_routes.export_person(app.exchange, app.inbox)


@app.owner_route("/people/erase", "POST", "write")
def erase_person() -> Answer:
    """Erase what is about a person."""
    from chalicelib import owner_routes

    return owner_routes.erase_person(app.exchange, app.inbox)


@app.route("/{proxy+}", methods=list(web.METHODS))
def unknown_path() -> Answer:
    """Answer any other path with a 404 of ours."""
    raise errors.PathNotFound


@app.on_dynamodb_record(settings.stream_arn, batch_size=100, starting_position="TRIM_HORIZON")
def relay(event: DynamoDBEvent) -> None:
    """Open the deliveries of what was stored."""
    notices().relay(event.to_dict())


# One message each: Chalice cannot report partial failures, so a batch would send good ones again.
@app.on_sqs_message(queue=settings.delivery_queue, batch_size=1)
def deliver(event: SQSEvent) -> None:
    """Make one attempt at one delivery."""
    notices().deliver(event.to_dict())


@app.on_sns_message(topic=settings.mail_events_topic)
def feedback(event: SNSEvent) -> None:
    """Record bounces and complaints."""
    notices().take_feedback(event.to_dict())


@app.schedule("rate(1 day)")
def summarize(_event: CloudWatchEvent) -> None:
    """Tell owners by mail what was not delivered."""
    notices().summarize()


app.refuse_other_methods()
gc.freeze()  # No later collection looks at what is there now.
gc.enable()
