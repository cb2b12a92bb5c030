"""What a schema cannot say of a request that fits it."""

import re
import uuid

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    headers, body = case.headers, case.body
    # A key belongs to one request.
    if headers and re.fullmatch("[A-Za-z0-9_-]{1,64}", headers.get("Idempotency-Key") or ""):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if isinstance(body, dict):
        # A time of expiry lies in the future.
        expires_at = body.get("expires_at")
        if isinstance(expires_at, str) and re.match(r"\d{4}-\d\d-\d\d[Tt]", expires_at):
            body["expires_at"] = "2999" + expires_at[4:]
        # A cursor is one that the service gave, which none of the requests has.
        cursor = body.get("cursor")
        if isinstance(cursor, str) and len(cursor) <= 4096:
            del body["cursor"]
