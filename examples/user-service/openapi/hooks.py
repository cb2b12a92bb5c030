"""What a schema cannot say of a request that fits it."""

import itertools
import os
import re
import uuid

import requests
import schemathesis

URL, CA, TOKEN = (os.environ[name] for name in ("URL", "CA", "TOKEN"))
changes = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    headers, body = case.headers, case.body
    # A key belongs to one request.
    if headers and re.fullmatch("[A-Za-z0-9_-]{1,64}", headers.get("Idempotency-Key") or ""):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    # A change is of a user who is there, as it was seen. Every other one is left as it was made, and
    # so are the sequences of requests, which take both from the responses before.
    if is_valid_change(case) and next(changes) % 2 == 0:
        user_id = case.path_parameters["user_id"]
        headers["If-Match"] = version_of(user_id) or create(user_id)
    if isinstance(body, dict):
        # A time of expiry lies in the future.
        expires_at = body.get("expires_at")
        if isinstance(expires_at, str) and re.match(r"\d{4}-\d\d-\d\d[Tt]", expires_at):
            body["expires_at"] = "2999" + expires_at[4:]
        # A cursor is one that the service gave, which none of the requests has.
        cursor = body.get("cursor")
        if isinstance(cursor, str) and len(cursor) <= 4096:
            del body["cursor"]


def is_valid_change(case):
    meta = case.meta
    return (
        case.operation.label in ("DELETE /users/{user_id}", "PATCH /users/{user_id}")
        and case.method == case.operation.method.upper()
        and meta is not None
        and meta.generation.mode.value == "positive"
        and meta.phase.name.value != "stateful"
    )


def version_of(user_id):
    """The ETag of the user, if there is one."""
    response = requests.get(f"{URL}/users/{user_id}", headers=bearer(), verify=CA, timeout=10)
    return response.headers.get("ETag")


def create(user_id):
    """The ETag of a new user. It has none where the token does not allow to create any."""
    user = {
        "user_id": user_id,
        "email": f"{uuid.uuid4()}@example.com",
        "name": "Ada",
        "password": "correct horse",
    }
    response = requests.post(f"{URL}/users", json=user, headers=bearer(), verify=CA, timeout=10)
    return response.headers.get("ETag", '"1"')


def bearer():
    return {"Authorization": f"Bearer {TOKEN}"}
