"""Start as Lambda does, accept one post, and print every module that this has imported.

And what state the start has left behind: whether garbage is collected, and what is spared.

Started by test_imports.py in the package's folder, in a process of its own.
"""

from __future__ import annotations

import gc
import json
import sys
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO

ROOT, EVENT = sys.argv[1], sys.argv[2]
# What this script needs itself, or Python to start, is there before.
BEFORE = set(sys.modules) - {"gc", "json"}


class Context:
    aws_request_id = "request-1"


def collections() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


with redirect_stdout(StringIO()):
    before = collections()
    app = import_module("app").app
    start = {
        "collections": collections() - before,
        "collects": gc.isenabled(),
        "frozen": gc.get_freeze_count(),
    }
    answer = app(json.loads(EVENT), Context)
assert answer["statusCode"] == 201, answer

library, standard = set(), set()
for name in sys.modules.keys() - BEFORE:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        # With its parts, which are Python's own affair.
        standard.add(top)
    else:
        library.add(name)
ours = {name for name in library if name.partition(".")[0] in {"app", "chalicelib"}}
found = {
    "ours": ours,
    "libraries": library - ours,
    "standard library": {name for name in standard if not name.startswith("_")},
}
modules = {group: sorted(names) for group, names in found.items()}
json.dump({"start": start, "modules": modules}, sys.stdout)
