"""FastAPI behind Mangum, the fields checked by pydantic, and ``boto3.client``."""

from __future__ import annotations

from typing import Annotated, Any

import boto3
import contact
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse
from mangum import Mangum
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()
dynamodb = boto3.client("dynamodb")


class Contact(BaseModel):
    """The seven fields and the decoy."""

    model_config = ConfigDict(str_strip_whitespace=True)

    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    # EmailStr would be a library more, and 70 ms.
    email: str = Field(max_length=254, pattern=f"^(?:{contact.EMAIL})$")
    job_title: str = Field("", max_length=100)
    phone_number: str = Field("", max_length=50)
    company: str = Field("", max_length=200)
    message: str = Field("", max_length=20_000)
    decoy: str = Field("", alias=contact.DECOY)


@app.post("/contact")
def submit(form: Annotated[Contact, Form()], request: Request) -> JSONResponse:
    """Accept a form post; FastAPI has refused it with 422 if a field is wrong."""
    # There is no Lambda under uvicorn.
    context = request.scope.get("aws.context")
    request_id = context.aws_request_id if context else "local"
    item = contact.submission(
        form.model_dump(by_alias=True),
        origin=request.headers.get("origin"),
        agent=request.headers.get("user-agent", ""),
        ip=request.client.host if request.client else "",
    )
    status = stored(item)
    contact.log(status, request_id)
    headers = {**contact.HEADERS, "X-Request-Id": request_id}
    return JSONResponse(contact.receipt(item), status, headers)


def stored(item: Any) -> int:
    """Store it once and return the status."""
    try:
        dynamodb.transact_write_items(TransactItems=contact.wire_puts(item))
    except dynamodb.exceptions.TransactionCanceledException:
        return 200
    return 201


handler = Mangum(app, lifespan="off")
