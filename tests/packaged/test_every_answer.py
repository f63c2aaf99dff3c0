"""tests/functional/test_every_answer.py, on the package."""

from tests.functional.test_every_answer import *  # noqa: F403
