"""``python -m ops submissions erase``: one submission, and everything about a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.delivery import Delivery
from chalicelib.model import Folder
from tests.builders import a_submission
from tests.functional.local.running import ops
from tests.functional.local.stored import Stored, answered, forms_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    forms = forms_file(tmp_path, '[contact]\ntitle = "Contact"\n[news]\nshards = 2\n')
    return {**environment, "FORMPOST_FORMS": forms}


def keys(stored: Stored) -> set[str]:
    """Return what is in the table, but for the stage's own secret."""
    return {item["pk"]["S"] for item in stored.items()} - {"KEYS"}


def fill(stored: Stored) -> str:
    """Store three things about Ada with a delivery, and one about somebody else."""
    ada = [
        a_submission(seed=1, fields={"email": "Ada@example.com", "message": "Hello"}),
        a_submission(seed=2, form="news", folder=Folder.SPAM, fields={"cc": "ada@example.com"}),
        a_submission(seed=3, form="news", folder=Folder.ARCHIVE, reply_to="ada@example.com"),
    ]
    other = a_submission(seed=4, fields={"email": "bob@example.com"})
    stored.add(*ada, other, deliveries=(Delivery("contact", ada[0].id, "email"),))
    return other.id


def test_a_person_is_erased_with_a_receipt_and_nothing_is_left(
    environment: dict[str, str],
) -> None:
    stored = Stored(environment)
    other_id = fill(stored)

    erased = answered(
        *("submissions", "erase", "--email", "ADA@example.com"),
        answer=" ada@Example.com ",
        environment=environment,
    )

    assert erased.returncode == 0, erased.stderr
    assert "Hello" in erased.stdout
    receipt = erased.stdout.partition("Erased ADA@example.com")[2].split()
    assert receipt[-6:] == ["submissions", "3", "deliveries", "1", "pointers", "3"]
    assert keys(stored) == {"FORM#contact#0", f"CLAIM#contact#claim-of-{other_id}"}
    assert "ada" not in str(stored.items()).lower()


def test_another_answer_erases_nothing(environment: dict[str, str]) -> None:
    stored = Stored(environment)
    fill(stored)
    before = keys(stored)

    erased = answered(
        "submissions", "erase", "--email", "ada@example.com", answer="yes", environment=environment
    )

    assert erased.returncode == 1
    assert "Nothing was done." in erased.stderr
    assert keys(stored) == before


def test_a_person_of_whom_nothing_is_kept(environment: dict[str, str]) -> None:
    erased = ops("submissions", "erase", "--email", "ada@example.com", environment=environment)

    assert erased.returncode == 0
    assert erased.stdout == "There is nothing about ada@example.com.\n"


def test_more_than_one_request_can_erase_is_erased(environment: dict[str, str]) -> None:
    stored = Stored(environment)
    about = [a_submission(seed=n, fields={"email": "ada@example.com"}) for n in range(60)]
    stored.add(*about)

    erased = ops(
        "submissions", "erase", "--email", "ada@example.com", "--yes", environment=environment
    )

    assert "and 40 more." in erased.stdout
    assert erased.stdout.split()[-6:] == ["submissions", "60", "deliveries", "0", "pointers", "60"]
    assert keys(stored) == set()


def test_one_submission_is_erased_by_its_id(environment: dict[str, str]) -> None:
    stored = Stored(environment)
    fill(stored)
    submission = a_submission(seed=1)

    erased = ops(
        *("submissions", "erase", submission.id.lower(), "--form", "contact", "--yes"),
        environment=environment,
    )
    again = ops(
        *("submissions", "erase", submission.id, "--form", "contact", "--yes"),
        environment=environment,
    )

    assert erased.returncode == 0
    assert erased.stdout.split()[-6:] == ["submissions", "1", "deliveries", "1", "pointers", "1"]
    assert submission.id not in str(stored.items())
    assert again.returncode == 1
    assert f"[contact] has no submission {submission.id}." in again.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--yes",),
        ("--email", "yes"),
        ("01KAYBKW000000000000000001",),
        ("01KAYBKW000000000000000001", "--email", "ada@example.com"),
        ("--email", "ada@example.com", "--form", "contact"),
        ("01KAYBKW000000000000000001", "--form", "jobs"),
    ],
)
def test_what_is_unclear_erases_nothing(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    unclear = ops("submissions", "erase", *arguments, environment=environment)

    assert unclear.returncode == 2
    assert "Error: " in unclear.stderr
