"""A stand-in of the owner's API for tests of its page: docs/inbox-api.md, in memory.

It answers as the contract says, and can be told to refuse, to fail or to wait. What it was
asked stands in ``asked``.
"""

from __future__ import annotations

import base64
import csv
import io
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chalicelib.documents import as_json
from tests.browser.inbox.content import (
    CONTACT,
    NEWSLETTER,
    a_delivery,
    address,
    entry,
    has_words,
    values,
)
from tests.browser.inbox.exchange import Answer, ProblemError, handler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.browser.inbox.content import Document
    from tests.browser.inbox.exchange import Asked

FOLDERS = ("inbox", "spam", "archive")
# A search looks at so many submissions before it answers with a cursor.
SEARCHED_AT_ONCE = 300
EXPORTED_AT_ONCE = 40
UNREAD_STOPS_AT = 1000
HELD_AT_MOST_SECONDS = 20
METADATA = ("id", "reference", "received_at", "folder", "is_read")


class InboxApi:
    """The owner's API of two forms.

    Attributes:
        scope_by_token: the tokens that are accepted; clear it, and they are revoked.
        fault: raised for every request behind a token; None is none.
        asked: what was asked, in order.
        counted_at_once: how many submissions one page of counts is about.
    """

    def __init__(self) -> None:
        self.scope_by_token = {"fpt_write": "write", "fpt_read": "read"}
        self.forms = [CONTACT, NEWSLETTER]
        self.submissions: list[Document] = []
        self.fault: ProblemError | None = None
        self.asked: list[Asked] = []
        self.counted_at_once = 100
        self.closed = False
        self._gate = threading.Event()
        self._gate.set()
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self.answer))
        self._server.daemon_threads = True
        self.address = f"http://localhost:{self._server.server_address[1]}"

    def start(self) -> None:
        """Answer until ``stop``."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Free the port."""
        self._gate.set()
        self._server.shutdown()
        self._server.server_close()

    def hold(self) -> None:
        """Let every answer wait for ``release``."""
        self._gate.clear()

    def release(self) -> None:
        """Give the answers that were held."""
        self._gate.set()

    def add(self, *submissions: Document) -> None:
        """Store submissions."""
        with self._lock:
            self.submissions += submissions
            self.submissions.sort(key=lambda each: str(each["id"]), reverse=True)

    def folder(self, folder: str, form: str = "contact") -> list[Document]:
        """Return what is in a folder, newest first."""
        with self._lock:
            return [s for s in self.submissions if (s["form"], s["folder"]) == (form, folder)]

    def asked_for(self, method: str, path: str) -> list[Asked]:
        """Return the requests that begin so."""
        return [each for each in self.asked if each.method == method and each.path.startswith(path)]

    def answer(self, asked: Asked, token: str) -> Answer:
        """Answer one request."""
        self.asked.append(asked)
        self._gate.wait(HELD_AT_MOST_SECONDS)
        parts = [unquote(part) for part in asked.path.strip("/").split("/")]
        if parts[0] == "f":
            action = f"{self.address}/f/{parts[1]}"
            snippet = f'<form method="post" action="{action}">\n  …\n</form>'
            return Answer({"snippet": snippet, "closed": self.closed})
        if self.fault:
            raise self.fault
        scope = self.scope_by_token.get(token)
        if scope is None:
            raise ProblemError(401, "not_signed_in")
        reads = asked.method == "GET" or parts[-1] in {"export", "find"}
        if scope != "write" and not reads:
            raise ProblemError(403, "not_allowed")
        with self._lock:
            return self._routed(asked, parts, scope)

    def _routed(self, asked: Asked, parts: list[str], scope: str) -> Answer:
        match asked.method, parts:
            case "GET", ["forms"]:
                return self._forms(scope)
            case "POST", ["people", verb]:
                return self._people(verb, asked.body)
            case method, ["forms", form, *rest]:
                if form not in {each["id"] for each in self.forms}:
                    raise ProblemError(404, "form_not_found")
                return self._of_form(method, form, rest, asked)
        raise ProblemError(404, "path_not_found")

    def _of_form(self, method: str, form: str, rest: list[str], asked: Asked) -> Answer:
        match method, rest:
            case _, ["submissions", submission_id, *more]:
                return self._of_submission(method, self._one(form, submission_id), more)
            case "GET", ["submissions"]:
                return self._listed(form, asked.query)
            case "PATCH", ["submissions"]:
                return self._changed(form, asked.body)
            case "GET", ["counts"]:
                return self._counts(form, asked.query.get("cursor"))
            case "GET", ["names"]:
                return self._names(form)
            case "POST", ["export"]:
                return self._exported(form, asked.body)
        raise ProblemError(405, "method_not_allowed")

    def _of_submission(self, method: str, submission: Document, rest: list[str]) -> Answer:
        match method, rest:
            case "GET", []:
                return Answer(submission)
            case "DELETE", []:
                self.submissions.remove(submission)
                return Answer(None, 204)
            case "POST", ["deliveries", target]:
                return self._sent_again(submission, target)
        raise ProblemError(405, "method_not_allowed")

    def _forms(self, scope: str) -> Answer:
        forms = []
        for form in self.forms:
            unread = {
                folder: min(
                    UNREAD_STOPS_AT,
                    sum(not s["is_read"] for s in self.folder(folder, form["id"])),
                )
                for folder in FOLDERS
            }
            forms.append({**form, "unread": unread})
        return Answer(
            {"forms": forms, "token": {"name": "test", "scope": scope, "expires_at": None}}
        )

    def _listed(self, form: str, query: dict[str, str]) -> Answer:
        found = self.folder(query.get("folder", "inbox"), form)
        found = [s for s in found if s["received_at"] >= query.get("since", "")]
        limit = int(query.get("limit", "50"))
        words = query.get("q", "")
        page, cursor = _page(found, query.get("cursor"), SEARCHED_AT_ONCE if words else limit)
        hits = [entry(each) for each in page if has_words(each, words)]
        return Answer({"submissions": hits, "next_cursor": cursor})

    def _changed(self, form: str, body: Document) -> Answer:
        if len(body["ids"]) > 100:
            raise ProblemError(422, "invalid_request")
        by_id = {each["id"]: each for each in self.submissions if each["form"] == form}
        found = [each for each in body["ids"] if each in by_id]
        for each in found:
            by_id[each].update({key: body[key] for key in ("folder", "is_read") if key in body})
        missing = [each for each in body["ids"] if each not in by_id]
        return Answer({"changed": found, "missing": missing})

    def _one(self, form: str, submission_id: str) -> Document:
        for each in self.submissions:
            if (each["form"], each["id"]) == (form, submission_id):
                return each
        raise ProblemError(404, "submission_not_found")

    def _sent_again(self, submission: Document, target: str) -> Answer:
        for delivery in submission["deliveries"]:
            if delivery["target"] == target:
                again = a_delivery("pending", attempts=delivery["attempts"], target=target)
                delivery.update(again)
                return Answer(delivery, 202)
        form = next(each for each in self.forms if each["id"] == submission["form"])
        if target not in {each["name"] for each in form["targets"]}:
            raise ProblemError(404, "target_not_found")
        delivery = a_delivery("pending", attempts=[], target=target)
        submission["deliveries"].append(delivery)
        return Answer(delivery, 202)

    def _counts(self, form: str, cursor: str | None) -> Answer:
        found = [each for each in self.submissions if each["form"] == form]
        page, next_cursor = _page(found, cursor, self.counted_at_once)
        by_day: dict[str, Document] = {}
        for each in reversed(page):
            day = each["received_at"][:10]
            counts = by_day.setdefault(day, {"day": day, "inbox": 0, "spam": 0, "archive": 0})
            counts[each["folder"]] += 1
        return Answer({"days": list(by_day.values()), "next_cursor": next_cursor})

    def _names(self, form: str) -> Answer:
        found = (each["fields"] for each in self.submissions if each["form"] == form)
        names = dict.fromkeys(name for fields in found for name in fields)
        return Answer({"names": list(names), "next_cursor": None})

    def _exported(self, form: str, body: Document) -> Answer:
        folders = [body["folder"]] if "folder" in body else FOLDERS
        found = [s for s in self.submissions if s["form"] == form and s["folder"] in folders]
        found = [s for s in found if has_words(s, body.get("q", ""))]
        page, cursor = _page(found, body.get("cursor"), EXPORTED_AT_ONCE)
        headers = {"X-Next-Cursor": cursor} if cursor else {}
        if body["format"] == "jsonl":
            return _lines(page, headers)
        text = io.StringIO()
        writer = csv.writer(text)
        if not body.get("cursor"):
            text.write("\ufeff" if body.get("bom") else "")
            writer.writerow([*METADATA, *body["columns"]])
        for each in page:
            cells = ["; ".join(values(each["fields"].get(name, ""))) for name in body["columns"]]
            writer.writerow([*(each[key] for key in METADATA), *cells])
        return Answer(text.getvalue(), 200, {**headers, "Content-Type": "text/csv; charset=utf-8"})

    def _people(self, verb: str, body: Document) -> Answer:
        wanted = body["email"].lower()
        found = [each for each in self.submissions if (address(each) or "").lower() == wanted]
        page, cursor = _page(found, body.get("cursor"), EXPORTED_AT_ONCE)
        match verb:
            case "find":
                return Answer({"submissions": list(map(entry, page)), "next_cursor": cursor})
            case "export":
                return _lines(page, {"X-Next-Cursor": cursor} if cursor else {})
            case "erase":
                for each in page:
                    self.submissions.remove(each)
                erased = sum(len(each["deliveries"]) for each in page)
                counts = {"submissions": len(page), "deliveries": erased, "pointers": len(page)}
                return Answer({**counts, "next_cursor": cursor})
        raise ProblemError(404, "path_not_found")


def _page(
    found: list[Document], cursor: str | None, limit: int
) -> tuple[list[Document], str | None]:
    """Return what is older than the cursor, and where it goes on."""
    if cursor:
        last = base64.b64decode(cursor).decode()
        found = [each for each in found if each["id"] < last]
    page = found[:limit]
    return page, base64.b64encode(page[-1]["id"].encode()).decode() if found[limit:] else None


def _lines(submissions: Iterable[Document], headers: dict[str, str]) -> Answer:
    text = "".join(f"{as_json(each).decode()}\n" for each in submissions)
    return Answer(text, 200, {**headers, "Content-Type": "application/x-ndjson"})
