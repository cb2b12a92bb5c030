#!/usr/bin/env bash
# A pydynox save that is refused for its version passes when it is tried again, and erases the other's.
#
# pydynox 1.8.0, whose core is the Rust SDK, here on dynalite 4.0.0; boto3 1.44.8 shows what is stored.
# Guessed: `VersionAttribute` guards and raises the version in every write of a loaded item, a refused
# write leaves the instance as it was, and a `NumberSetAttribute` is stored as `NS`.
# Seen: `save` raises the version of the instance before it is sent and leaves it so when it is refused, so
# that the second try has the version of the other writer. `update` neither checks the version nor raises
# it, and the save of one who has read before that update passes. `delete` checks it. A number set is
# stored as `L` of `S`, a string set too, though `client.put_item` stores the same set as `NS`: `ADD`,
# `DELETE` and the sets of other libraries do not apply to it.
set -euo pipefail

work=$(mktemp -d)
trap 'kill "$engine" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pydynox==1.8.0 boto3==1.44.8
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts dynalite@4.0.0

port=$(python3 -c 'import socket; it = socket.socket(); it.bind(("", 0)); print(it.getsockname()[1])')
node node_modules/dynalite/cli.js --port "$port" --createTableMs 10 >engine.log 2>&1 &
engine=$!
until grep -q 'listening' engine.log; do kill -0 "$engine"; sleep 0.1; done

cat >show.py <<'PY'
import sys
import boto3
from pydynox import DynamoDBClient, Model, ModelConfig
from pydynox.attributes import (NumberAttribute, NumberSetAttribute, StringAttribute, StringSetAttribute,
                                VersionAttribute)

url = f"http://127.0.0.1:{sys.argv[1]}"
raw = boto3.client("dynamodb", endpoint_url=url, region_name="eu-west-1", aws_access_key_id="a",
                   aws_secret_access_key="a")
raw.create_table(TableName="items", BillingMode="PAY_PER_REQUEST",
                 KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                 AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
raw.get_waiter("table_exists").wait(TableName="items", WaiterConfig={"Delay": 1})
client = DynamoDBClient(region="eu-west-1", endpoint_url=url, access_key="a", secret_key="a")


class Item(Model):
    model_config = ModelConfig(table="items", client=client)
    id = StringAttribute(partition_key=True)
    count = NumberAttribute()
    version = VersionAttribute()
    numbers = NumberSetAttribute()
    texts = StringSetAttribute()


def stored(*names):
    item = raw.get_item(TableName="items", Key={"id": {"S": "a"}}).get("Item", {})
    return {name: item[name] for name in names if name in item}


Item(id="a", count=1, numbers={2}, texts={"t"}).sync_save()
print("model", stored("numbers", "texts"))
client.sync_put_item("items", {"id": "b", "numbers": {2}})
print("client", raw.get_item(TableName="items", Key={"id": {"S": "b"}})["Item"]["numbers"])



def write(name, it):
    try:
        it()
        print(name, "passed", stored("count", "version"))
    except Exception as error:
        print(name, type(error).__name__)


stale, other = Item.sync_get(id="a"), Item.sync_get(id="a")
stale.count, other.count = 7, 2
write("another's save", lambda: other.sync_save())
write("save", lambda: stale.sync_save())
write("save again", lambda: stale.sync_save())

stale, other, before = Item.sync_get(id="a"), Item.sync_get(id="a"), Item.sync_get(id="a")
before.count = 9
write("update", lambda: stale.sync_update(count=8))
write("save of one who read before", lambda: before.sync_save())
write("delete", lambda: other.sync_delete())
PY
env/bin/python show.py "$port" | tee seen

diff seen - <<'SEEN'
model {'numbers': {'L': [{'S': '2'}]}, 'texts': {'L': [{'S': 't'}]}}
client {'NS': ['2']}
another's save passed {'count': {'N': '2'}, 'version': {'N': '2'}}
save ConditionalCheckFailedException
save again passed {'count': {'N': '7'}, 'version': {'N': '3'}}
update passed {'count': {'N': '8'}, 'version': {'N': '3'}}
save of one who read before passed {'count': {'N': '9'}, 'version': {'N': '4'}}
delete ConditionalCheckFailedException
SEEN
echo "as it was seen"
