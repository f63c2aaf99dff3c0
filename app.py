"""Formpost's routes and event handlers: decode, call one function, encode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import answers, events, notify, summary, web, wiring
from chalicelib.answers import Answer
from chalicelib.errors import PathNotFound
from chalicelib.intake import accept_submission
from chalicelib.web import FormApp

if TYPE_CHECKING:
    from chalice.app import CloudWatchEvent, DynamoDBEvent, SNSEvent, SQSEvent

settings, intake, outbox = wiring.from_env()
app = FormApp("formpost", intake=intake, write_log=wiring.write_log)


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


@app.route("/{proxy+}", methods=list(web.METHODS))
def unknown_path() -> Answer:
    """Answer any other path with a 404 of ours."""
    raise PathNotFound


app.refuse_other_methods()


@app.on_dynamodb_record(
    stream_arn=settings.stream_arn, batch_size=100, starting_position="TRIM_HORIZON"
)
def relay(event: DynamoDBEvent) -> None:
    """Open the deliveries of what was stored."""
    notify.relay(events.written_images(event.to_dict()), outbox)


# One message an invocation: Chalice cannot report partial batch failures, so a larger
# batch would send every good delivery again when one fails.
@app.on_sqs_message(queue=settings.delivery_queue, batch_size=1)
def deliver(event: SQSEvent) -> None:
    """Make one attempt at one delivery."""
    notify.deliver(events.delivery_task(event.to_dict()), outbox)


@app.on_sns_message(topic=settings.mail_events_topic)
def feedback(event: SNSEvent) -> None:
    """Record bounces and complaints."""
    notify.take_feedback(events.mail_feedback(event.to_dict()), outbox)


@app.schedule("rate(1 day)")
def summarize(_event: CloudWatchEvent) -> None:
    """Tell owners by mail what was not delivered."""
    summary.summarize(outbox)
