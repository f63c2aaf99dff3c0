"""A stage on moto with its owner in front of API Gateway: tokens, forms, and requests counted."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import app as routes
from chalicelib.inbox import Inbox
from chalicelib.inbox import Owner as OwnerSide
from chalicelib.lesson_store import DynamoLessons
from chalicelib.lessons import MAX_AGE_SECONDS, Lessons
from chalicelib.owner_store import OwnerStore
from chalicelib.token_store import TokenStore
from chalicelib.tokens import Gate, Scope
from tests.builders import a_claim, a_submission
from tests.functional.stage import TABLE, stage
from tests.gateway import Gateway
from tests.inbox_fakes import Stopwatch, a_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.model import Form, Submission, Target
    from chalicelib.tokens import Token
    from tests.conversion import Answer
    from tests.functional.stage import Stage


class Owner:
    """The owner of one stage, signed in with a token that may write."""

    def __init__(self, it: Stage, *forms: Form) -> None:
        self.stage = it
        self.log: list[Any] = []
        client = it.submissions.client
        self.forms = {form.id: form for form in (it.form, *forms)}
        self.tokens = TokenStore(lambda: client, table=TABLE)
        self.gate = Gate(self.tokens, it.submissions.signing_key, it.clock)
        self.inbox = Inbox(
            forms=self.forms,
            submissions=it.submissions,
            store=OwnerStore(lambda: client, table=TABLE),
            deliveries=it.deliveries,
            queue=it.queue,
            now=it.clock,
            seconds=Stopwatch(),
        )
        # Each time it is asked, a minute has gone by.
        self.lessons = Lessons(
            DynamoLessons(lambda: client, table=TABLE), Stopwatch(MAX_AGE_SECONDS)
        )
        self.gateway = Gateway(routes.app, routes.app.routes)
        self.text = self.sign_up()[1]
        # A container reads the stage's secret once, with its first request.
        it.submissions.signing_key()

    def sign_up(self, scope: Scope = Scope.WRITE, **options: Any) -> tuple[Token, str]:
        """Make a token, as ``python -m ops tokens create`` does."""
        token, text = a_token(scope, now=self.stage.clock, **options)
        self.tokens.keep(token)
        return token, text

    def ask(
        self, method: str, path: str, document: Any = None, *, authorization: str | None = None
    ) -> Answer:
        """Send a request, with the owner's token unless it says otherwise."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.text}" if authorization is None else authorization,
        }
        if authorization == "":
            del headers["Authorization"]
        body = None if document is None else json.dumps(document).encode()
        return self.gateway.request(method, path, headers=headers, body=body)

    def store(self, form: str = "contact", **changes: Any) -> Submission:
        """Store a submission, as a post does."""
        submission = a_submission(form=form, **changes)
        claim = a_claim(f"claim-of-{submission.id}")
        self.stage.submissions.add(submission, self.forms[form], claim)
        return submission

    def counted(self, method: str, path: str, document: Any = None) -> tuple[Answer, Counter[str]]:
        """Send a request, and return the answer with what was asked of AWS for it."""
        requests: Counter[str] = Counter()
        self.stage.count_requests(requests)
        answer = self.ask(method, path, document)
        return answer, Counter(requests)

    def forget_failures(self) -> None:
        """Let this address try wrong tokens again."""
        for item in self.items():
            if item["pk"]["S"].startswith("SIGNIN#"):
                key = {"pk": item["pk"], "sk": item["sk"]}
                self.stage.submissions.client.delete_item(TableName=TABLE, Key=key)

    def items(self) -> list[Any]:
        """Return everything in the table."""
        pages = self.stage.submissions.client.get_paginator("scan").paginate(TableName=TABLE)
        return [item for page in pages for item in page["Items"]]


@contextmanager
def owner(*targets: Target, forms: tuple[Form, ...] = (), **options: Any) -> Iterator[Owner]:
    """Yield the owner of a stage in an account of its own; options as Stage takes them."""
    with stage(*targets, **options) as it, owner_of(it, *forms) as signed_in:
        yield signed_in


@contextmanager
def owner_of(it: Stage, *forms: Form) -> Iterator[Owner]:
    """Yield the owner of a stage that is there; the app works with that one for as long."""
    before = routes.app.intake, routes.app.owner, routes.app.write_log
    try:
        signed_in = Owner(it, *forms)
        routes.app.owner = OwnerSide(signed_in.inbox, signed_in.gate)
        routes.app.intake = replace(
            routes.app.intake,
            forms=signed_in.forms,
            store=it.submissions,
            now=it.clock,
            lessons=signed_in.lessons,
        )
        routes.app.write_log = signed_in.log.append
        yield signed_in
    finally:
        routes.app.intake, routes.app.owner, routes.app.write_log = before
