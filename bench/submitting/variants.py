"""Who takes part: Formpost, its peers, and the peers as their own tools ship them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Bytecode = Literal["in the package", "none"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One package that accepts a form post.

    Attributes:
        name: in results.json.
        title: in tables and plots.
        peer: folder below bench/peers/; None is Formpost.
        handler: what Lambda is told to call.
        bytecode: as the peer's tool ships it there is none.
    """

    name: str
    title: str
    peer: str | None
    handler: str = "app.handler"
    bytecode: Bytecode = "in the package"


FORMPOST = Variant("formpost", "Formpost", None, "app.app")
RAW = Variant("raw", "raw handler + boto3.client", "raw")
POWERTOOLS = Variant("powertools", "Powertools' resolver + boto3.client", "powertools")
FLASK = Variant("flask", "Flask + serverless-wsgi + boto3.resource", "flask")
FASTAPI = Variant("fastapi", "FastAPI + Mangum + pydantic", "fastapi")
CHALICE = Variant("chalice", "Chalice + boto3.resource", "chalice", "app.app")
FLOOR = Variant("floor", "floor: no SDK, signed by hand", "floor")
# `sam build` and `chalice package` ship sources alone.
AS_SHIPPED = tuple(
    Variant(f"{it.name}_as_shipped", f"{it.title}, {by}", it.peer, it.handler, "none")
    for it, by in (
        (RAW, "as sam build ships it"),
        (POWERTOOLS, "as sam build ships it"),
        (FLASK, "as sam build ships it"),
        (FASTAPI, "as sam build ships it"),
        (CHALICE, "as chalice package ships it"),
    )
)
CHALICE_AS_SHIPPED = AS_SHIPPED[-1]
# Compared cold and warm; bytecode makes no difference once all is imported.
COMPILED = (FLOOR, FORMPOST, RAW, CHALICE, POWERTOOLS, FLASK, FASTAPI)
VARIANTS = (*COMPILED, *AS_SHIPPED)
