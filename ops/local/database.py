"""The embedded DynamoDB of one data folder: moto's engine and a journal beside it.

Opening replays the journal and writes it anew with one line per item, so it
stays as small as the data; only what relay has not seen keeps its own lines, and
is streamed again. Every call holds one lock, and a write is in the journal before
its answer leaves.
"""

from __future__ import annotations

import contextlib
import errno
import json
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ops.local import journal
from ops.local.engine import Answer, Engine
from ops.local.stream import Stream
from ops.local.table import create_table_request, time_to_live_request

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESOURCES_FILE = Path(__file__).resolve().parents[2] / ".chalice" / "resources.json"
_OK = 200


class Database:
    """Answers DynamoDB's JSON protocol; safe to call from many threads.

    Attributes:
        stream: what was written and relay has not seen.
    """

    def __init__(self, path: Path, table: str) -> None:
        """Read ``path``, the journal, which need not exist yet.

        Raises:
            ConfigError: a line of the journal is damaged; the file is left as it is.
        """
        self._lock = threading.Lock()
        self._engine = Engine()
        self._path = path
        self._failure: OSError | None = None
        # In the journal as it is now; a write's number is its place among them.
        self._write_count = 0
        self.stream = Stream()
        self.create_table(table)
        journal.rewrite(path, self._replay())
        self._journal = journal.Journal(path)

    def answer(self, operation: str, body: bytes) -> Answer:
        """Do one request; a write that is answered with success is in the journal."""
        with self._lock:
            if self._failure:
                return self._unavailable(self._failure)
            answer = self._engine.call(operation, body)
            if operation in journal.WRITES and answer.status == _OK:
                try:
                    self._journal.append(operation, body)
                except OSError as error:
                    # Memory is now ahead of the file, and answering from it would promise what
                    # a restart takes back.
                    self._failure = error
                    return self._unavailable(error)
                self._stream_write()
            return answer

    def mark_relayed(self, writes: int) -> None:
        """Remember, after a restart too, that relay has seen the journal's first so many writes."""
        with self._lock:
            if self._failure is None:
                # What cannot be noted is relayed again, which does no harm. A full disk is for
                # the next write to report.
                with contextlib.suppress(OSError):
                    self._journal.mark_relayed(writes)
        self.stream.drop(writes)

    def create_table(self, table: str) -> None:
        """Make the table of resources.json under this name, if it is not there."""
        with self._lock:
            self._create_table(table)

    def close(self) -> None:
        """Let a write that has begun come to its end, and take no more."""
        with self._lock:
            self._failure = OSError(errno.ESHUTDOWN, "it was closed")
            self._journal.close()

    def _replay(self) -> Iterator[bytes]:
        """Do what the journal says, and yield the lines of the new one."""
        # Without a mark the journal is from before relay: all of it is old news.
        relayed = journal.relayed_writes(self._path)
        entries = journal.read(self._path)
        with self._engine.without_streams():
            for number, entry in islice(entries, relayed):
                self._redo(number, entry)
        # A table that was made on the way has a stream even so.
        self._engine.take_stream_records()
        for line in self._snapshot():
            self._write_count += 1
            yield line
        yield journal.mark_line(self._write_count)
        for number, entry in entries:
            self._redo(number, entry)
            self._stream_write()
            yield journal.line(entry.operation, json.dumps(entry.body).encode())

    def _stream_write(self) -> None:
        self._write_count += 1
        self.stream.add(self._write_count, self._engine.take_stream_records())

    def _redo(self, number: int, entry: journal.Entry) -> None:
        try:
            self._do(*entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise journal.damaged(self._path, number, error) from error

    def _do(self, operation: str, body: dict[str, Any]) -> None:
        # What is in the journal succeeded: its conditions held, and plain puts can be repeated
        # without parsing them again, five times as fast.
        if puts := _plain_puts(operation, body):
            for put in puts:
                self._create_table(put["TableName"])
                self._engine.put(put["TableName"], put["Item"])
            return
        answer = self._engine.call(operation, json.dumps(body).encode())
        if answer.status != _OK:
            raise ValueError(answer.body.decode())

    def _snapshot(self) -> Iterator[bytes]:
        for table, item in self._engine.items():
            request = {"TableName": table, "Item": item}
            yield journal.line("PutItem", json.dumps(request, ensure_ascii=False).encode())

    def _create_table(self, table: str) -> None:
        if table in self._engine.tables():
            return
        for operation, request in (
            ("CreateTable", create_table_request(_RESOURCES_FILE, table)),
            ("UpdateTimeToLive", time_to_live_request(_RESOURCES_FILE, table)),
        ):
            answer = self._engine.call(operation, json.dumps(request).encode())
            if answer.status != _OK:
                raise ValueError(f"{operation} for {_RESOURCES_FILE}: {answer.body.decode()}")

    def _unavailable(self, error: OSError) -> Answer:
        # boto3 retries this one and gives up with an error that means "not now".
        message = f"{self._path} cannot be written: {error.strerror}. Start again once it can."
        body = {"__type": "InternalServerError", "message": message}
        return Answer(
            500, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(body).encode()
        )


def _plain_puts(operation: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the puts that a write consists of; empty when it is more than that."""
    if operation == "PutItem":
        return [body]
    if operation == "TransactWriteItems":
        puts = [member["Put"] for member in body["TransactItems"] if "Put" in member]
        return puts if len(puts) == len(body["TransactItems"]) else []
    return []
