"""A proof of work on its way: asked for, solved, sent, and sent in every wrong way."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.model import Folder, Signal
from chalicelib.repository import Repository
from tests.dynamodb import TABLE, dynamodb_client
from tests.functional.conftest import FORMS
from tests.proof_of_work import encoded, solved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.model import Submission
    from tests.functional.conftest import Backend

FILL_IN_SECONDS = 30


class Visitors:
    """Everybody who sends to the app, which stores in DynamoDB."""

    def __init__(self, backend: Backend, repository: Repository) -> None:
        self._backend = backend
        self._repository = repository
        self._sent = 0

    def solve(self, form: str = "any") -> str:
        """Ask for a challenge, solve it, and take a person's time to fill in the form."""
        answer = self._backend.gateway.get(f"/f/{form}/challenge", accept="*/*")
        assert answer.status == 200
        self.wait(FILL_IN_SECONDS)
        return encoded(solved(answer.json))

    def wait(self, seconds: float) -> None:
        self._backend.clock.advance(seconds=seconds)

    def send(self, proof: str | None, form: str = "any", **fields: str) -> Submission:
        """Send something new, as a browser's window does; return what is stored of it."""
        self._sent += 1
        control = {} if proof is None else {"altcha": proof}
        answer = self._backend.gateway.post_form(
            f"/f/{form}", {"message": f"Message {self._sent}", **control, **fields}
        )
        assert answer.status == 303
        newest = self.stored(form)[0]
        # Within one millisecond, which came first is left to chance.
        self.wait(1)
        return newest

    def stored(self, form: str = "any") -> list[Submission]:
        """Return what a form's owner finds, newest first."""
        now = self._backend.clock()
        return [
            submission
            for folder in Folder
            for submission in self._repository.list(FORMS[form], folder, now=now).submissions
        ]


@pytest.fixture
def requests() -> Counter[str]:
    """What was asked of DynamoDB, by operation."""
    return Counter()


@pytest.fixture
def visitors(backend: Backend, requests: Counter[str]) -> Iterator[Visitors]:
    with dynamodb_client() as client:
        client.meta.events.register(
            "before-call.dynamodb", lambda model, **_: requests.update([model.name])
        )
        repository = Repository(
            lambda: client,
            table=TABLE,
            random_bytes=secrets.token_bytes,
            pause=lambda _seconds: None,
        )
        backend.use(repository)
        yield Visitors(backend, repository)


def signals(submission: Submission) -> list[Signal]:
    """Return what is said of the proof of work, and of the time."""
    checks = {"proof_of_work", "too_fast"}
    return [signal for signal in submission.verdict.signals if signal.check in checks]


class TestTheChallenge:
    def test_any_page_may_ask_for_it_and_nothing_is_left_in_the_browser(
        self, backend: Backend
    ) -> None:
        answer = backend.gateway.get("/f/any/challenge", accept="*/*", Origin="https://a.example")

        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "set-cookie" not in {name.lower() for name in answer.headers}
        assert answer.json["parameters"]["data"]["form"] == "any"

    @pytest.mark.parametrize(
        ("form", "status", "code"),
        [("nothing", 404, "FORM_NOT_FOUND"), ("closed", 410, "FORM_CLOSED")],
    )
    def test_a_form_that_takes_nothing_asks_for_nothing(
        self, backend: Backend, form: str, status: int, code: str
    ) -> None:
        answer = backend.gateway.get(f"/f/{form}/challenge")

        assert (answer.status, answer.json["errors"][0]["code"]) == (status, code)

    def test_it_costs_no_request_to_the_store_but_the_key_of_a_new_container(
        self, visitors: Visitors, requests: Counter[str]
    ) -> None:
        visitors.solve()
        first = requests.copy()
        visitors.solve()
        visitors.solve("contact")

        assert first == requests
        assert set(first) <= {"GetItem", "PutItem"}


class TestTheProof:
    def test_a_solved_one_speaks_against_nobody(self, visitors: Visitors) -> None:
        assert signals(visitors.send(visitors.solve())) == []

    def test_it_is_no_answer_of_the_visitor_s(self, visitors: Visitors) -> None:
        stored = visitors.send(visitors.solve())

        assert dict(stored.answers) == {"message": ("Message 1",)}

    def test_it_is_stored_with_the_submission_by_one_request(
        self, visitors: Visitors, requests: Counter[str]
    ) -> None:
        proof = visitors.solve()
        requests.clear()
        visitors.send(proof)

        assert {name: n for name, n in requests.items() if name != "Query"} == {
            "TransactWriteItems": 1
        }

    def test_a_repeat_of_the_same_post_is_the_first_one(self, visitors: Visitors) -> None:
        proof = visitors.solve()
        first = visitors.send(proof, message="The same", _idempotency_key="a-key")

        again = visitors.send(proof, message="The same", _idempotency_key="a-key")

        assert (again, signals(again)) == (first, [])
        assert len(visitors.stored()) == 1

    def test_a_visitor_who_is_corrected_sends_it_again_unspent(
        self, visitors: Visitors, backend: Backend
    ) -> None:
        proof = visitors.solve("contact")
        named = {"first_name": "Ada", "last_name": "Lovelace"}
        refused = backend.gateway.post_form("/contact", {**named, "email": "x", "altcha": proof})
        assert refused.status == 422

        # From the page of the API's own that says what is wrong.
        assert f'name="altcha" value="{proof}"' in refused.text
        sent = visitors.send(proof, "contact", email="ada@example.com", **named)

        assert signals(sent) == []


class TestWhatIsWrongWithIt:
    """Each has points and a sentence of its own; nobody is refused, and nothing is spam by it."""

    def test_missing(self, visitors: Visitors) -> None:
        says(
            visitors.send(None),
            1,
            "no proof of work came along: JavaScript is off, or a program sent this",
        )

    def test_replayed(self, visitors: Visitors) -> None:
        proof = visitors.solve()
        assert signals(visitors.send(proof)) == []

        says(visitors.send(proof), 3, "the proof of work had been used before")

    def test_replayed_to_another_form(self, visitors: Visitors) -> None:
        proof = visitors.solve()
        visitors.send(proof)

        says(visitors.send(proof, "mine"), 3, "the proof of work had been used before")

    def test_expired(self, visitors: Visitors) -> None:
        proof = visitors.solve()
        visitors.wait(3_600 - FILL_IN_SECONDS)

        says(visitors.send(proof), 1, "the proof of work had expired: its page was open for long")

    def test_of_another_form(self, visitors: Visitors) -> None:
        says(
            visitors.send(visitors.solve("any"), "mine"),
            2,
            "the proof of work was made for another form",
        )

    def test_forged(self, visitors: Visitors, backend: Backend) -> None:
        challenge = backend.gateway.get("/f/any/challenge").json
        visitors.wait(FILL_IN_SECONDS)
        easy: Mapping[str, Any] = {**challenge["parameters"], "keyPrefix": "", "cost": 1}
        forged = encoded(solved({**challenge, "parameters": easy}))

        says(visitors.send(forged), 3, "the proof of work was forged: it was not asked for here")

    def test_unsolved(self, visitors: Visitors, backend: Backend) -> None:
        challenge = backend.gateway.get("/f/any/challenge").json
        visitors.wait(FILL_IN_SECONDS)
        guess = {"counter": 300, "derivedKey": challenge["parameters"]["keyPrefix"] * 2}

        says(
            visitors.send(encoded({"challenge": challenge, "solution": guess})),
            3,
            "the proof of work was not solved",
        )

    @pytest.mark.parametrize("proof", ["1", "e30=", "x" * 100_000, "é%00"])
    def test_unreadable(self, visitors: Visitors, proof: str) -> None:
        says(visitors.send(proof), 2, "the proof of work could not be read")

    def test_sent_at_once(self, visitors: Visitors, backend: Backend) -> None:
        proof = encoded(solved(backend.gateway.get("/f/any/challenge").json))
        visitors.wait(0.4)

        stored = visitors.send(proof)

        assert signals(stored) == [
            Signal("too_fast", 2.0, "sent 0.4 s after the form was turned to")
        ]
        assert stored.folder is Folder.INBOX


def says(submission: Submission, points: float, reason: str) -> None:
    """Check what the owner reads, and that it is in the inbox."""
    assert signals(submission) == [Signal("proof_of_work", points, reason)]
    assert submission.folder is Folder.INBOX
