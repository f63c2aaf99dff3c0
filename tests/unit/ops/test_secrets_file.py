"""Secrets of local mode stand in a file; what is missing is told, what is there never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.errors import DeliveryFailed
from ops.local.secrets_file import SecretsFile

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = "ssm:/formpost/prod/webhook"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets.toml"


def test_reference_is_looked_up(path: Path) -> None:
    path.write_text(f'"{REFERENCE}" = "whsec_1"\n"secretsmanager:formpost/x" = "2"\n')

    assert SecretsFile(path).read(REFERENCE) == "whsec_1"
    assert SecretsFile(path).read("secretsmanager:formpost/x") == "2"


def test_edit_counts_at_once(path: Path) -> None:
    secrets = SecretsFile(path)
    path.write_text(f'"{REFERENCE}" = "old"\n')
    secrets.read(REFERENCE)

    path.write_text(f'"{REFERENCE}" = "new"\n')

    assert secrets.read(REFERENCE) == "new"


@pytest.mark.parametrize(
    "text", [None, "", f'"{REFERENCE}" = ""\n', f'"{REFERENCE}" = 5\n', '"ssm:/formpost/x" = "1"\n']
)
def test_secret_that_is_not_there_is_told_with_the_line_to_write(
    path: Path, text: str | None
) -> None:
    if text is not None:
        path.write_text(text)

    with pytest.raises(DeliveryFailed) as failed:
        SecretsFile(path).read(REFERENCE)

    assert str(failed.value) == (
        f'{path} has no secret for this. Write a line there: "{REFERENCE}" = "..."'
    )


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'a = 1\n"ssm:/x" = whsec_TOP\n', "at line 2, column 12"),
        (b'"ssm:/x" = "whsec_TOP', "at end of document"),
    ],
)
def test_damaged_file_is_told_by_place_and_never_quoted(
    path: Path, content: bytes, place: str
) -> None:
    path.write_bytes(content)

    with pytest.raises(DeliveryFailed) as failed:
        SecretsFile(path).read(REFERENCE)

    assert str(failed.value) == f"{path} is not valid TOML ({place})."
    assert failed.value.__context__ is None


def test_file_that_may_not_be_read_is_told(path: Path) -> None:
    path.mkdir()

    with pytest.raises(DeliveryFailed, match=f"{path} cannot be read: Is a directory"):
        SecretsFile(path).read(REFERENCE)
