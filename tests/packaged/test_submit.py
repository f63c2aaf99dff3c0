"""tests/functional/test_submit.py, on the package."""

from tests.functional.test_submit import *  # noqa: F403
