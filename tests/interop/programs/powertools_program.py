import os
from types import SimpleNamespace

os.environ.setdefault("AWS_LAMBDA_FUNCTION_NAME", "test-func")
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function,
)

from program import TABLE, serve

layer = DynamoDBPersistenceLayer(table_name=TABLE)
# A context of Lambda, from which it takes how long a call may be in progress.
config = IdempotencyConfig()
config.register_lambda_context(SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000, function_name="pay"))
runs = 0


@idempotent_function(data_keyword_argument="order", persistence_store=layer, config=config)
def work(order):
    global runs
    runs += 1
    return {"message": f"paid {order['id']}", "n": 1}


def pay(id):
    """What the function returns, and whether it ran."""
    before = runs
    result = work(order={"id": id})
    return {"result": result, "ran": runs > before}


serve(pay=pay, key=lambda id: layer._get_hashed_idempotency_key({"id": id}))
