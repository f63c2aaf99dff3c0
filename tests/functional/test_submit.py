"""The main job: a form is posted, stored, and its visitor is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.model import Folder, timestamp
from tests.builders import ADA
from tests.functional.conftest import SITE
from tests.gateway import BROWSER_HEADERS, DOMAIN

if TYPE_CHECKING:
    from tests.functional.conftest import Backend

API = f"https://{DOMAIN}/prod"


@pytest.mark.parametrize("path", ["/contact", "/f/contact"])
def test_a_plain_form_is_stored_and_redirected(backend: Backend, path: str) -> None:
    answer = backend.gateway.post_form(path, ADA)

    assert answer.status == 303
    [submission] = backend.stored
    assert dict(submission.answers) == {name: (value,) for name, value in ADA.items()}
    end = submission.id[-8:]
    assert answer.headers["Location"] == (f"{API}/f/contact/thanks?reference={end[:4]}-{end[4:]}")


def test_json_is_stored_and_answered_with_its_id(backend: Backend) -> None:
    answer = backend.gateway.post_json("/contact", ADA)

    [submission] = backend.stored
    assert answer.status == 201
    assert answer.json == {
        "id": submission.id,
        "form": "contact",
        "received_at": timestamp(submission.received_at),
        "next": f"{API}/f/contact/thanks?reference={submission.id[-8:-4]}-{submission.id[-4:]}",
    }


def test_a_repeat_is_answered_200_with_the_same_body(backend: Backend) -> None:
    first = backend.gateway.post_json("/contact", ADA, idempotency_key="k")
    again = backend.gateway.post_json("/contact", ADA, idempotency_key="k")

    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert len(backend.stored) == 1


def test_a_second_submission_from_one_address_is_a_second_record(backend: Backend) -> None:
    backend.gateway.post_form("/contact", {**ADA, "message": "one"})
    backend.gateway.post_form("/contact", {**ADA, "message": "two"})

    assert [dict(s.answers)["message"] for s in backend.stored] == [("one",), ("two",)]


def test_a_multipart_form_with_bytes_that_are_not_utf8_is_stored(backend: Backend) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\ngr\xfcn\r\n--b--\r\n'

    answer = backend.gateway.request(
        "POST",
        "/f/any",
        headers={**BROWSER_HEADERS, "Content-Type": "multipart/form-data; boundary=b"},
        body=body,
    )

    assert answer.status == 303
    assert dict(backend.stored[0].answers) == {"a": ("grün",)}


def test_checkboxes_of_one_name_are_all_stored(backend: Backend) -> None:
    backend.gateway.post_form("/f/any", {"topic": ["a", "b"], "name": "Ada"})

    assert dict(backend.stored[0].answers) == {"topic": ("a", "b"), "name": ("Ada",)}


def test_the_visitor_is_sent_to_the_page_that_the_form_asks_for(backend: Backend) -> None:
    answer = backend.gateway.post_form("/f/any", {"a": "1", "_next": "/thanks.html"})

    assert (answer.status, answer.headers["Location"]) == (303, f"{SITE}/thanks.html")


def test_a_bot_in_the_honeypot_sees_success(backend: Backend) -> None:
    answer = backend.gateway.post_json("/f/any", {"a": "Buy", "_gotcha": "x"})

    assert answer.status == 201
    assert [s.folder for s in backend.stored] == [Folder.SPAM]


class TestTheAnswerToAPage:
    def test_a_refused_form_comes_back_filled_in(self, backend: Backend) -> None:
        typed = {**ADA, "email": "ada@", "message": "<b>keep\nme</b>", "extra": "kept, too"}

        answer = backend.gateway.post_form("/contact", {**typed, "_next": "/thanks.html"})

        assert answer.status == 422
        for value in (*ADA.values(), "ada@", "kept, too", "&lt;b&gt;keep\nme&lt;/b&gt;"):
            assert value in answer.text or value in ("ada@example.com", ADA["message"])
        assert 'name="_next" value="https://site.example/thanks.html"' in answer.text
        assert "<b>keep" not in answer.text
        assert backend.stored == []

    def test_it_can_be_mended_and_sent_again_from_there(self, backend: Backend) -> None:
        backend.gateway.post_form("/contact", {**ADA, "email": "ada@"})

        mended = backend.gateway.post_form("/contact", ADA, origin=f"https://{DOMAIN}")

        assert mended.status == 303
        assert len(backend.stored) == 1

    def test_a_key_of_other_words_does_not_go_along_when_sent_again(self, backend: Backend) -> None:
        backend.gateway.post_form("/f/any", {"a": "1", "_idempotency_key": "used"})

        refused = backend.gateway.post_form("/f/any", {"a": "2", "_idempotency_key": "used"})

        assert refused.status == 422
        assert "_idempotency_key" not in refused.text

    def test_a_key_that_is_still_good_goes_along(self, backend: Backend) -> None:
        refused = backend.gateway.post_form("/contact", {"a": "1", "_idempotency_key": "good"})

        assert 'name="_idempotency_key" value="good"' in refused.text

    def test_a_page_that_may_not_post_is_told_so_with_what_was_typed(
        self, backend: Backend
    ) -> None:
        answer = backend.gateway.post_form(
            "/f/mine", {"message": "my words"}, origin="https://other.example"
        )

        assert answer.status == 403
        assert "https://other.example" in answer.text
        assert "my words" in answer.text
        assert '<form method="post"' not in answer.text

    @pytest.mark.parametrize(
        ("path", "status"), [("/f/closed", 410), ("/f/none", 404), ("/contact/x", 404)]
    )
    def test_no_refusal_loses_what_was_typed(
        self, backend: Backend, path: str, status: int
    ) -> None:
        answer = backend.gateway.post_form(path, {"message": "my words"})

        assert answer.status == status
        assert "my words" in answer.text

    def test_its_policy_allows_its_own_style_only(self, backend: Backend) -> None:
        answer = backend.gateway.post_form("/contact", {})

        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "script" not in policy


class TestPages:
    @pytest.mark.parametrize("path", ["/contact", "/f/contact", "/f/any"])
    def test_a_form_s_address_teaches_how_to_send_to_it(self, backend: Backend, path: str) -> None:
        answer = backend.gateway.get(path, accept="text/html")

        assert answer.status == 200
        assert f'&lt;form method="post" action="{API}{path}"&gt;' in answer.text

    def test_the_snippet_is_there_for_programs_too(self, backend: Backend) -> None:
        taught = backend.gateway.get("/contact").json

        assert taught["action"] == f"{API}/contact"
        assert f'<form method="post" action="{API}/contact">' in taught["snippet"]
        for name in ADA:
            assert f'name="{name}"' in taught["snippet"]

    def test_a_closed_form_s_address_says_so(self, backend: Backend) -> None:
        """Whoever pastes it finds out now, and not from a visitor."""
        page = backend.gateway.get("/f/closed", accept="text/html")

        assert page.status == 200
        assert "This form is closed: what is sent to it is refused." in page.text
        assert backend.gateway.get("/f/closed").json["closed"] is True
        assert backend.gateway.get("/f/any").json["closed"] is False
        assert "closed" not in backend.gateway.get("/f/any", accept="text/html").text

    def test_the_thanks_page_shows_the_reference(self, backend: Backend) -> None:
        location = backend.gateway.post_form("/f/any", {"a": "1"}).headers["Location"]

        answer = backend.gateway.get(location.removeprefix(API), accept="text/html")

        assert answer.status == 200
        assert location[-9:] in answer.text

    @pytest.mark.parametrize("reference", ["", "<script>", "ABCD-EFG", "ABCDE-FGHI", "IIII-LLLL"])
    def test_a_reference_that_is_none_of_ours_is_not_shown(
        self, backend: Backend, reference: str
    ) -> None:
        answer = backend.gateway.get(f"/f/any/thanks?reference={reference}", accept="text/html")

        assert answer.status == 200
        assert not reference or reference not in answer.text

    def test_the_root_says_what_runs_here(self, backend: Backend) -> None:
        assert "Formpost" in backend.gateway.get("/").json["detail"]
        assert "Formpost" in backend.gateway.get("/", accept="text/html").text

    def test_health_asks_the_store(self, backend: Backend) -> None:
        assert backend.gateway.get("/health").json == {"status": "ok"}


class TestTheLog:
    def test_each_request_is_one_line(self, backend: Backend) -> None:
        backend.gateway.post_form("/contact", ADA)
        backend.gateway.post_form("/contact", ADA)
        backend.gateway.post_form("/contact", {})
        backend.gateway.post_form("/f/any", {"a": "1", "_gotcha": "x"})
        backend.gateway.post_form("/f/none", ADA)

        assert [(line["form"], line["status"], line["outcome"]) for line in backend.log] == [
            ("contact", 303, "accepted"),
            ("contact", 303, "repeat"),
            ("contact", 422, "invalid_submission"),
            ("any", 303, "spam"),
            (None, 404, "form_not_found"),
        ]
        assert all(line["duration_ms"] >= 0 for line in backend.log)

    def test_the_visitor_sees_the_request_id_of_the_line(self, backend: Backend) -> None:
        answer = backend.gateway.post_json("/contact", {})

        [line] = backend.log
        assert answer.headers["X-Request-Id"] == line["request_id"]
        assert answer.json["request_id"] == line["request_id"]

    def test_no_value_and_no_address_is_ever_logged(self, backend: Backend) -> None:
        for fields in (ADA, {**ADA, "email": "ada@"}, {"a": "1"}):
            backend.gateway.post_form("/contact", fields, idempotency_key="private-key")
            backend.gateway.post_json("/f/mine", fields, origin="https://evil.example")

        logged = repr(backend.log)
        for secret in (*ADA.values(), "ada@", "192.0.2.1", "private-key", "Firefox"):
            assert secret not in logged
