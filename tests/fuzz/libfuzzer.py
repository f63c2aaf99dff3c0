"""Become libFuzzer on one target: ``python -m tests.fuzz.libfuzzer TARGET OPTIONS``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["chalicelib", "multipart", "altcha"]):
    from tests.fuzz.targets import TARGETS


def main(target: str, options: list[str]) -> None:
    """Run until libFuzzer has enough, or a target raises."""
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
