"""tests/functional/test_bad_input.py, on the package."""

from tests.functional.test_bad_input import *  # noqa: F403
