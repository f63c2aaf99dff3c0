"""The proof of work in a browser: nobody sees it, and nobody has to wait for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chalicelib.config import PROJECT_DIR
from tests.browser.inbox.conftest import deployed_policy
from tests.browser.journeys import (
    a_visitor,
    answer,
    fill_in,
    problem,
    proof_of,
    send,
    sent_as,
    serve,
)
from tests.functional.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Request, Route

    from tests.browser.conftest import OpenPage, System
    from tests.functional.conftest import Backend

CHALLENGE = "**/challenge"


@pytest.fixture
def backend() -> Iterator[Backend]:
    """The app in this process, with a clock of its own; ``answer_from`` puts it on the wire."""
    with running() as backend:
        yield backend


def test_it_comes_along_solved(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    posts = posts_of(page)

    fill_in(page, visitor)
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    [submission] = system.stored(email=visitor["email"])
    assert said_of_proof(submission) == []
    assert submission["folder"] == "inbox"
    assert submission["fields"] == visitor
    [post] = posts
    assert proof_of(post)["challenge"]["parameters"]["data"]["form"] == "contact"


def test_opening_a_page_asks_for_nothing_and_turning_to_its_form_once(
    open_page: OpenPage, system: System
) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto("/contact.html")
    page.wait_for_load_state("networkidle")
    assert not [path for path in asked if "altcha" in path or "proof" in path]

    with page.expect_response(CHALLENGE):
        page.locator("[name=first_name]").focus()
    fill_in(page, a_visitor())

    assert asked.count("/proof.js") == 1
    assert asked.count("/f/contact/challenge") == 1


def test_nothing_of_it_is_seen_or_kept_in_the_browser(open_page: OpenPage, system: System) -> None:
    page = open_page()
    before = page.locator("body").aria_snapshot()

    with page.expect_response(CHALLENGE):
        page.locator("[name=first_name]").focus()
    expect(page.locator("altcha-widget")).to_have_count(0)
    focused = page.locator("body").aria_snapshot()
    fill_in(page, a_visitor())
    send(page)
    expect(page.get_by_role("status")).to_be_focused()

    assert focused.replace(" [active]", "") == before.replace(" [active]", "")
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"


def test_the_policy_of_the_deployed_site_lets_it_work(open_page: OpenPage, system: System) -> None:
    """A violation would stand in the console, where open_page looks."""
    visitor = a_visitor()
    page = open_page("about:blank")

    def with_policy(route: Route) -> None:
        response = route.fetch()
        policy = {"content-security-policy": deployed_policy(system.api)}
        route.fulfill(response=response, headers={**response.headers, **policy})

    page.route(f"{system.site}/**", with_policy)
    page.goto(f"{system.site}/contact.html")
    fill_in(page, visitor)
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    assert said_of_proof(*system.stored(email=visitor["email"])) == []


def test_everybody_can_use_the_page_while_it_is_solved(open_page: OpenPage) -> None:
    page = open_page()
    page.route(CHALLENGE, lambda _route: None)
    with page.expect_request(CHALLENGE):
        page.locator("[name=first_name]").focus()
    expect(page.locator("altcha-widget")).to_have_count(1)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


class TestWithoutIt:
    def test_without_javascript_it_costs_a_point_and_blocks_nobody(
        self, open_page: OpenPage, system: System
    ) -> None:
        visitor = a_visitor()
        page = open_page(script=False)

        fill_in(page, visitor)
        send(page)

        page.wait_for_url(f"{system.site}/thanks.html")
        [submission] = system.stored(email=visitor["email"])
        assert submission["folder"] == "inbox"
        assert said_of_proof(submission) == [
            "no proof of work came along: JavaScript is off, or a program sent this"
        ]

    def test_a_challenge_that_is_not_answered_is_waited_for_a_moment_only(
        self, open_page: OpenPage, system: System
    ) -> None:
        visitor = a_visitor()
        page = open_page()
        page.route(CHALLENGE, lambda _route: None)

        fill_in(page, visitor)
        send(page)
        expect(page.get_by_role("button")).to_have_text("Sending …")

        expect(page.get_by_role("status")).to_be_focused()
        [submission] = system.stored(email=visitor["email"])
        assert len(said_of_proof(submission)) == 1

    @pytest.mark.parametrize("file", ["challenge", "proof.js", "altcha.min.js", "pbkdf2.js"])
    def test_whatever_of_it_is_missing_the_form_is_sent(
        self, open_page: OpenPage, system: System, file: str
    ) -> None:
        visitor = a_visitor()
        page = open_page()
        page.route(f"**/{file}", lambda route: route.fulfill(status=503, body="Away"))

        fill_in(page, visitor)
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        [submission] = system.stored(email=visitor["email"])
        assert len(said_of_proof(submission)) == 1
        assert submission["folder"] == "inbox"

    def test_a_form_can_do_without(self, open_page: OpenPage, system: System) -> None:
        visitor = a_visitor()
        page = open_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        serve_form(
            page, system, '<input name="email" aria-label="E-mail">', 'data-formpost-proof="off"'
        )

        page.get_by_label("E-mail").fill(visitor["email"])
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        assert len(said_of_proof(*system.stored(email=visitor["email"]))) == 1
        assert not [url for url in asked if "proof" in url or "challenge" in url]


class TestOneProofForOneSubmission:
    def test_a_recorded_one_is_told_from_a_new_one(
        self, open_page: OpenPage, system: System, backend: Backend
    ) -> None:
        page = open_page()
        posts = posts_of(page)
        answer_from(page, system, backend)
        fill_in(page, a_visitor())
        send(page)
        expect(page.get_by_role("status")).to_be_focused()
        backend.clock.advance(seconds=30)

        recorded = sent_as(posts[0], "altcha")
        backend.gateway.post_form("/contact", {**a_visitor(message="Hi"), "altcha": recorded})

        first, replayed = backend.stored
        assert "proof_of_work" not in {signal.check for signal in first.verdict.signals}
        assert replayed.verdict.reasons == (
            "proof_of_work: the proof of work had been used before",
        )

    def test_a_retry_carries_the_same_and_is_stored_once(
        self, open_page: OpenPage, system: System
    ) -> None:
        def lose_answer(route: Route) -> None:
            route.fetch()
            route.abort()

        visitor = a_visitor()
        page = open_page()
        posts = posts_of(page)
        keys = answer(page, system, lose_answer, problem(503, retry_after=1))

        fill_in(page, visitor)
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        proofs = [sent_as(post, "altcha") for post in posts]
        assert len(keys) == len(proofs) == 3
        assert len(set(keys)) == len(set(proofs)) == 1
        assert said_of_proof(*system.stored(email=visitor["email"])) == []

    def test_sending_again_by_hand_carries_the_same(
        self, open_page: OpenPage, system: System
    ) -> None:
        page = open_page()
        posts = posts_of(page)
        answer(page, system, problem(503, retry_after=60))
        fill_in(page, a_visitor())
        send(page)

        page.get_by_role("alert").get_by_role("button").click()

        expect(page.get_by_role("status")).to_be_focused()
        first, second = (sent_as(post, "altcha") for post in posts)
        assert first == second

    def test_what_is_refused_has_not_used_it_up(self, open_page: OpenPage, system: System) -> None:
        page = open_page()
        posts = posts_of(page)
        answer(page, system, problem(422, title="Wrong"))
        fill_in(page, a_visitor())
        send(page)
        expect(page.get_by_role("alert")).to_be_focused()

        visitor = a_visitor()
        fill_in(page, visitor)
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        first, second = (sent_as(post, "altcha") for post in posts)
        assert first == second
        assert said_of_proof(*system.stored(email=visitor["email"])) == []

    def test_other_words_after_a_lost_answer_bring_another(
        self, open_page: OpenPage, system: System
    ) -> None:
        """The first may have been stored, and its proof with it."""
        page = open_page()
        posts = posts_of(page)
        answer(page, system, problem(503, retry_after=60))
        fill_in(page, a_visitor())
        send(page)
        expect(page.get_by_role("alert")).to_be_focused()

        fill_in(page, a_visitor())
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        first, second = (proof_of(post)["challenge"]["signature"] for post in posts)
        assert first != second

    def test_what_is_written_after_success_brings_another(
        self, open_page: OpenPage, system: System
    ) -> None:
        held: list[Route] = []
        page = open_page()
        posts = posts_of(page)
        answer(page, system, held.append)
        fill_in(page, a_visitor())
        with page.expect_request(lambda request: request.method == "POST"):
            send(page)
        later = a_visitor(message="While it was sent")
        fill_in(page, later)
        held[0].continue_()
        expect(page.get_by_role("status")).to_contain_text("still here")
        send(page)
        expect(page.locator("form")).to_be_hidden()

        first, second = (proof_of(post)["challenge"]["signature"] for post in posts)
        assert first != second
        assert said_of_proof(*system.stored(email=later["email"])) == []


class TestAPageThatIsLeftOpen:
    def test_it_asks_anew_when_the_visitor_writes_on(
        self, open_page: OpenPage, system: System, backend: Backend
    ) -> None:
        page = open_page()
        page.clock.install()
        answer_from(page, system, backend)
        with page.expect_response(CHALLENGE):
            page.locator("[name=first_name]").fill("Ada")
        expect(page.locator("altcha-widget")).to_have_count(0)

        page.clock.fast_forward("01:00:00")
        backend.clock.advance(hours=1)
        with page.expect_response(CHALLENGE):
            page.locator("[name=first_name]").fill("Ada Augusta")
        backend.clock.advance(seconds=30)
        fill_in(page, a_visitor())
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        [submission] = backend.stored
        assert submission.verdict.signals == ()

    def test_one_that_has_expired_all_the_same_is_a_point_and_no_more(
        self, open_page: OpenPage, system: System, backend: Backend
    ) -> None:
        """A visitor's clock can have stood still, as in a machine that was asleep."""
        page = open_page()
        answer_from(page, system, backend)
        with page.expect_response(CHALLENGE):
            page.locator("[name=first_name]").focus()

        backend.clock.advance(hours=1)
        fill_in(page, a_visitor())
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        [submission] = backend.stored
        assert submission.verdict.reasons == (
            "proof_of_work: the proof of work had expired: its page was open for long",
        )
        assert submission.folder == "inbox"

    def test_a_person_who_takes_their_time_has_no_signal_at_all(
        self, open_page: OpenPage, system: System, backend: Backend
    ) -> None:
        page = open_page()
        answer_from(page, system, backend)
        with page.expect_response(CHALLENGE):
            page.locator("[name=first_name]").focus()

        backend.clock.advance(seconds=30)
        fill_in(page, a_visitor())
        send(page)

        expect(page.get_by_role("status")).to_be_focused()
        [submission] = backend.stored
        assert submission.verdict.signals == ()


class TestTheWidgetItself:
    """In a form without formpost.js, as docs/formpost-js.md shows it."""

    def test_its_proof_comes_along(self, open_page: OpenPage, system: System) -> None:
        visitor = a_visitor()
        page = open_page()
        serve_widget(page, system)

        with page.expect_response(CHALLENGE):
            page.get_by_label("E-mail").fill(visitor["email"])
        expect(page.locator("[name=altcha]")).to_have_value(re.compile("^ey"))
        found = Axe().run(page)
        send(page)

        page.wait_for_url(f"{system.site}/thanks.html")
        assert said_of_proof(*system.stored(email=visitor["email"])) == []
        assert found.violations_count == 0, found.generate_report()
        assert page.context.cookies() == []

    def test_without_a_challenge_the_form_is_sent(
        self, open_page: OpenPage, system: System
    ) -> None:
        visitor = a_visitor()
        page = open_page()
        page.route(CHALLENGE, lambda route: route.fulfill(status=503, body="Away"))
        serve_widget(page, system)

        with page.expect_response(CHALLENGE):
            page.get_by_label("E-mail").fill(visitor["email"])
        expect(page.locator("altcha-widget [data-state=error]")).to_have_count(1)
        send(page)

        page.wait_for_url(f"{system.site}/thanks.html")
        assert len(said_of_proof(*system.stored(email=visitor["email"]))) == 1


def posts_of(page: Page) -> list[Request]:
    """Return what the page posts; grows as it does."""
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    return posts


def said_of_proof(*submissions: dict[str, Any]) -> list[str]:
    """Return what the owner reads of the proof of work in the one submission."""
    [submission] = submissions
    signals = submission["spam"]["signals"]
    return [signal["reason"] for signal in signals if signal["check"] == "proof_of_work"]


def answer_from(page: Page, system: System, backend: Backend) -> None:
    """Let the app of this process answer instead of the running one."""

    def handle(route: Route) -> None:
        request = route.request
        found = backend.gateway.request(
            request.method,
            urlsplit(request.url).path,
            headers=request.all_headers(),
            body=request.post_data_buffer,
        )
        route.fulfill(status=found.status, headers=found.headers, body=found.text)

    page.route(f"{system.api}/**", handle)


def serve_widget(page: Page, system: System) -> None:
    """Go to a page with the form of docs/formpost-js.md, for the form ``anything``."""
    text = (PROJECT_DIR / "docs" / "formpost-js.md").read_text("utf-8")
    [html] = re.findall(r"(?s)```html\n(<link[^`]*<altcha-widget.*?)```", text)
    html = html.replace("http://localhost:8000/f/contact", f"{system.api}/f/anything")
    html = html.replace("http://localhost:8000/contact", f"{system.api}/f/anything")
    next_page = '<input type="hidden" name="_next" value="/thanks.html"></form>'
    serve(page, system, html.replace("</form>", next_page))


def serve_form(page: Page, system: System, inputs: str, attributes: str) -> None:
    """Go to a page with a form that takes anything."""
    serve(
        page,
        system,
        f'<form data-formpost {attributes} method="post" action="{system.api}/f/anything">'
        f"{inputs}<button>Send</button></form>",
    )
