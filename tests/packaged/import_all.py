"""Import a package as Lambda does, and print what was compiled and where each module is from.

Started by test_read_only.py in the package's folder, in a process of its own.
"""

from __future__ import annotations

import json
import pkgutil
import sys
from importlib import import_module
from typing import Any

ROOT, HANDLERS, SERVICES = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
compiled: list[str] = []


def note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "compile":
        filename = arguments[1]
        name = filename.decode() if isinstance(filename, bytes) else str(filename)
        if name.startswith(ROOT):
            compiled.append(name)


# Also told of by importlib, which compiles what has no bytecode.
sys.addaudithook(note)
for handler in HANDLERS:
    module, _, name = handler.rpartition(".")
    assert callable(getattr(import_module(module), name))

# After the handlers, as in Lambda.
boto3, chalicelib = map(import_module, ("boto3", "chalicelib"))
for found in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    import_module(found.name)
# What is imported at the first page and the first upload.
for name in ("jinja2", "markupsafe", "multipart"):
    import_module(name)
for service in SERVICES:
    boto3.client(service)

files = {
    name: getattr(module, "__file__", None)
    for name, module in sys.modules.items()
    # The second is what multiprocessing calls the first.
    if name not in ("__main__", "__mp_main__")
}
json.dump({"compiled": compiled, "files": files}, sys.stdout)
