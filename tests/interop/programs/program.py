"""What every program has: its table, and a loop that answers calls, a line of JSON each."""
import json
import os
import sys
from datetime import datetime, timezone

TABLE = os.environ["INTEROP_TABLE"]
REGION = os.environ["AWS_REGION"]
ENDPOINT = os.environ["AWS_ENDPOINT_URL_DYNAMODB"]

# The instant of all programs, with a fraction that each form keeps as far as it goes.
INSTANT = datetime(2026, 11, 30, 12, 34, 56, 789000, tzinfo=timezone.utc)


def serve(**calls):
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"value": calls[request["call"]](request["input"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=plain), file=out, flush=True)


def plain(value):
    """What JSON has not."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return str(value)
