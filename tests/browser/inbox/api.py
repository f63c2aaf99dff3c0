"""A stand-in of the owner's API for tests of its page: docs/inbox-api.md, in memory.

It answers as the contract says, CORS and problem+json included, and can be told to
refuse, to fail or to wait. What it was asked stands in ``asked``.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from chalicelib.documents import as_json
from tests.browser.inbox.content import (
    CONTACT,
    NEWSLETTER,
    Document,
    a_delivery,
    address,
    entry,
    has_words,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDERS = ("inbox", "spam", "archive")
# A search looks at so many submissions before it answers with a cursor.
SEARCHED_AT_ONCE = 300
EXPORTED_AT_ONCE = 40
UNREAD_STOPS_AT = 1000
HELD_AT_MOST_SECONDS = 20
METADATA = ("id", "reference", "received_at", "folder", "is_read")

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Allow-Methods": "*",
    "Access-Control-Expose-Headers": "X-Request-Id,Retry-After,X-Next-Cursor",
}


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class Answer(NamedTuple):
    """What is sent back: JSON, or a text of the type that the headers name."""

    body: Any
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012  never changed


class ProblemError(Exception):
    """An error that is answered as problem+json."""

    def __init__(self, status: int, code: str, retry_after_seconds: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_seconds = retry_after_seconds


class InboxApi:
    """The owner's API of two forms.

    Attributes:
        scope_by_token: the tokens that are accepted; clear it, and they are revoked.
        fault: raised for every request behind a token; None is none.
        asked: what was asked, in order.
    """

    def __init__(self) -> None:
        self.scope_by_token = {"fpt_write": "write", "fpt_read": "read"}
        self.forms = [CONTACT, NEWSLETTER]
        self.submissions: list[Document] = []
        self.fault: ProblemError | None = None
        self.asked: list[Asked] = []
        self._gate = threading.Event()
        self._gate.set()
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
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

    def answer(self, asked: Asked, token: str | None) -> Answer:
        """Answer one request."""
        self.asked.append(asked)
        self._gate.wait(HELD_AT_MOST_SECONDS)
        parts = [unquote(part) for part in asked.path.strip("/").split("/")]
        if parts[0] == "f":
            action = f"{self.address}/f/{parts[1]}"
            return Answer({"snippet": f'<form method="post" action="{action}">\n  …\n</form>'})
        if self.fault:
            raise self.fault
        scope = self.scope_by_token.get(token or "")
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
            case "GET", ["submissions"]:
                return self._listed(form, asked.query)
            case "PATCH", ["submissions"]:
                return self._changed(form, asked.body)
            case "GET", ["submissions", submission_id]:
                return Answer(self._one(form, submission_id))
            case "DELETE", ["submissions", submission_id]:
                self.submissions.remove(self._one(form, submission_id))
                return Answer(None, 204)
            case "POST", ["submissions", submission_id, "deliveries", target]:
                return self._sent_again(self._one(form, submission_id), target)
            case "GET", ["counts"]:
                return self._counts(form)
            case "GET", ["names"]:
                found = (s["fields"] for s in self.submissions if s["form"] == form)
                names = dict.fromkeys(name for fields in found for name in fields)
                return Answer({"names": list(names), "next_cursor": None})
            case "POST", ["export"]:
                return self._exported(form, asked.body)
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
        raise ProblemError(404, "target_not_found")

    def _counts(self, form: str) -> Answer:
        by_day: dict[str, Document] = {}
        for each in reversed(self.submissions):
            if each["form"] == form:
                day = each["received_at"][:10]
                counts = by_day.setdefault(day, {"day": day, "inbox": 0, "spam": 0, "archive": 0})
                counts[each["folder"]] += 1
        return Answer({"days": list(by_day.values())})

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


def _handler(api: InboxApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_OPTIONS(self) -> None:
            self._send(Answer(None, 204))

        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            url = urlsplit(self.path)
            query = {name: given[0] for name, given in parse_qs(url.query).items()}
            asked = Asked(self.command, url.path, query, json.loads(content) if content else None)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            try:
                self._send(api.answer(asked, token))
            except ProblemError as problem:
                self._send(_problem(problem))
            except BrokenPipeError:
                """The page did not wait for the answer."""

        do_GET = do_POST = do_PATCH = do_DELETE = _handle

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

        def _send(self, answer: Answer) -> None:
            content = b""
            if answer.status != HTTPStatus.NO_CONTENT:
                is_text = isinstance(answer.body, str)
                content = answer.body.encode() if is_text else as_json(answer.body)
            headers = {"Content-Type": "application/json", **_CORS, **answer.headers}
            self.send_response(answer.status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

    return Handler


def _problem(problem: ProblemError) -> Answer:
    document = {
        "type": f"urn:formpost:{problem.code}",
        "title": problem.code,
        "status": problem.status,
        "detail": f"The stand-in says {problem.code}.",
        "request_id": "r-1",
    }
    headers = {"Content-Type": "application/problem+json"}
    if problem.retry_after_seconds:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    return Answer(document, problem.status, headers)
