"""What every layer of the tests shares."""

from __future__ import annotations

import os

from hypothesis import settings

# The app is imported with the settings of a developer's machine, whatever the shell has.
for name in [name for name in os.environ if name.startswith(("AWS_", "FORMPOST_"))]:
    del os.environ[name]

# Ten thousand examples are for `make fuzz`; here every example counts in CI's time.
settings.register_profile("formpost", deadline=None, max_examples=200)
settings.load_profile("formpost")
