"""Plain ``chalice local`` works on its own, and only sources restart it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.functional.local.running import post, request, wait_until
from tests.functional.local.test_run import copied_project

if TYPE_CHECKING:
    from tests.functional.local.conftest import Start
    from tests.functional.local.running import Running

# Chalice's own watcher looks once a second.
LONGER_THAN_CHALICE_POLLS_SECONDS = 2.5


def test_stored_posts_do_not_restart_it_and_sources_do(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    project_dir = copied_project(tmp_path)
    # Inside the folder that Chalice watches.
    data_dir = project_dir / ".formpost"
    environment["FORMPOST_DATA_DIR"] = str(data_dir)
    forms = project_dir / "chalicelib" / "forms.toml"
    # One address posts for as long as Chalice would need to notice.
    forms.write_text(forms.read_text().replace("[contact]", "[contact]\nhourly_limit = 100_000", 1))
    running = start_chalice(start, project_dir, environment)
    worker = worker_pid(data_dir)

    until = time.monotonic() + LONGER_THAN_CHALICE_POLLS_SECONDS
    while time.monotonic() < until:
        assert post(running.api_port, f"At {time.monotonic()}").status == 201
    assert worker_pid(data_dir) == worker
    forms.write_text(forms.read_text() + '\n[jobs]\ntitle = "Jobs"\n')

    running.wait_for("chalicelib/forms.toml changed: restarting")
    wait_until(lambda: answers(running, "/f/jobs"), lambda: running.output)
    post(running.api_port, "After the restart")
    assert worker_pid(data_dir) != worker
    assert running.output.count("changed: restarting") == 1


def test_its_output_is_its_address_and_the_log_of_the_app(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    running = start_chalice(start, copied_project(tmp_path), environment)

    post(running.api_port)
    running.wait_for('"route": "/contact"')

    lines = running.lines[running.lines.index(f"Serving on {address(running)}\n") + 1 :]
    assert [json.loads(line)["route"] for line in lines][-1] == "/contact"


def test_worker_does_not_outlive_its_killed_parent(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    """Else it would keep the port, and the next start would fail."""
    running = start_chalice(start, copied_project(tmp_path), environment)

    running.process.kill()

    wait_until(lambda: not answers(running, "/health"), lambda: "the worker's end")


def test_damaged_data_are_told_at_the_start_and_in_every_answer(
    start: Start, environment: dict[str, str]
) -> None:
    journal = Path(environment["FORMPOST_DATA_DIR"]) / "dynamodb.jsonl"
    journal.parent.mkdir()
    journal.write_text("damaged\n")

    chalice = str(Path(sys.executable).parent / "chalice")
    port = environment["API_PORT"]

    running = start(chalice, "local", "--port", port, environment=environment)

    running.wait_for(f"{journal}, line 1 is damaged")
    wait_until(lambda: answers(running, "/health", status=500), lambda: running.output)
    assert journal.read_text() == "damaged\n"


def start_chalice(start: Start, project_dir: Path, environment: dict[str, str]) -> Running:
    chalice = str(Path(sys.executable).parent / "chalice")
    port = environment["API_PORT"]
    # Chalice's watcher ends with a traceback where Python moves fresh bytecode meanwhile.
    environment = {**environment, "PYTHONDONTWRITEBYTECODE": "1"}
    running = start(
        chalice, "local", "--port", port, environment=environment, project_dir=project_dir
    )
    wait_until(lambda: answers(running, "/health"), lambda: running.output)
    return running


def address(running: Running) -> str:
    return f"http://127.0.0.1:{running.api_port}"


def answers(running: Running, path: str, *, status: int = 200) -> bool:
    try:
        return request(running.api_port, path).status == status
    except OSError:
        return False


def worker_pid(data_dir: Path) -> str:
    """The process that holds the data."""
    return (data_dir / "dynamodb.lock").read_text()
