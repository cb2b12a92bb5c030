"""A user service with seven mistakes that are common in Flask services on boto3.

Written to be attacked on loopback by attacks.py, and for nothing else. Each mistake stands under
its number in docs/from-flask.md.
"""
import os
import sys

import boto3
import urllib3
from flask import Flask, abort, jsonify, request

urllib3.disable_warnings()  # hides the warning about mistake 1
app = Flask(__name__)


def connect():
    if os.environ.get("CHECK_CERTIFICATES") == "no":
        return boto3.resource("dynamodb", verify=False)  # 1: whoever answers is believed
    return boto3.resource("dynamodb")  # 2: the environment says where this is


table = connect().Table("users")


@app.before_request
def over_tls():
    # 6: anybody can send this header, and who sends none is believed too
    if request.headers.get("X-Forwarded-Proto", "https") != "https":
        abort(403)


@app.post("/users")
def create():
    table.put_item(Item=request.get_json())  # 4: over whatever is there
    return "", 201


@app.get("/users/<user_id>")
def read(user_id):
    try:
        return jsonify(table.get_item(Key={"pk": user_id})["Item"])
    except Exception as error:
        return str(error), 500  # 5: the caller reads what is behind the service


@app.get("/search")
def search():
    # 3: the caller's field becomes a part of the expression
    field, value, tenant = (request.args[name] for name in ("field", "value", "tenant"))
    found = table.scan(
        FilterExpression=f"tenant = :tenant AND {field} = :value",
        ExpressionAttributeValues={":tenant": tenant, ":value": value},
    )
    return jsonify(found["Items"])


@app.get("/login")
def login():
    # 7: the password is in the address, and so in every log on the way
    user = table.get_item(Key={"pk": request.args["user_id"]}).get("Item", {})
    if user.get("password") != request.args["password"]:
        abort(401)
    return "welcome"


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]))
