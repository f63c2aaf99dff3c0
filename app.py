"""Formpost's routes: decode, call one function, encode."""

from __future__ import annotations

from chalicelib import answers, web, wiring
from chalicelib.answers import Answer
from chalicelib.errors import PathNotFound
from chalicelib.intake import accept_submission
from chalicelib.web import FormApp

app = FormApp("formpost", intake=wiring.intake_from_env(), write_log=wiring.write_log)


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
