from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr

from program import TABLE, serve

table = boto3.resource("dynamodb").Table(TABLE)


def write(id):
    table.put_item(
        Item={
            "id": id, "name": "Ann", "large": Decimal("100000000000000000000"), "ratio": Decimal("2.50"), "active": True,
            "nothing": None, "raw": b"hi", "tags": {"a", "b"}, "numbers": {1, Decimal("2.5")}, "list": [1, "x", None],
            "map": {"a": 1},
        },
        ConditionExpression=Attr("id").not_exists(),
    )


def read(id):
    found = table.get_item(Key={"id": id}, ConsistentRead=True).get("Item")
    return found and {**found, "raw": bytes(found["raw"])}


def change(of):
    """Renames it, if it has the name."""
    table.update_item(
        Key={"id": of["id"]}, UpdateExpression="SET #n = :to", ConditionExpression=Attr("name").eq(of["from"]),
        ExpressionAttributeNames={"#n": "name"}, ExpressionAttributeValues={":to": of["to"]},
    )


serve(write=write, read=read, change=change)
