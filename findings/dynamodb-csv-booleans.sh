#!/usr/bin/env bash
# A table that dynamodb-csv exported and imported again holds `false` where it held `true`.
#
# dynamodb-csv 1.5.5 (boto3 1.44.8) exports a table by a file of column types and imports it by the same
# file, here both on dynalite 4.0.0. Guessed: what one writes the other reads, and an attribute that an
# item lacks is lacking afterwards; from the import's code alone, that `False` would come back as true.
# Seen: the export leaves every boolean blank, true or not, and the import reads a blank as false, for a
# boolean that was lacking too. A lacking string becomes an empty one, a lacking list or set of strings
# holds one empty string; lacking numbers stay away. A string set loses the spaces in its elements, which
# are its delimiters, and a decimal all digits that a double does not hold. All items count as imported.
set -euo pipefail

work=$(mktemp -d)
trap 'kill "$engine" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dynamodb-csv==1.5.5 boto3==1.44.8
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts dynalite@4.0.0

port=$(python3 -c 'import socket; it = socket.socket(); it.bind(("", 0)); print(it.getsockname()[1])')
node node_modules/dynalite/cli.js --port "$port" --createTableMs 10 >engine.log 2>&1 &
engine=$!
until grep -q 'listening' engine.log; do kill -0 "$engine"; sleep 0.1; done

cat >show.py <<'PY'
import sys
from decimal import Decimal
import boto3
from app.dynamodb.csv_export import csv_export
from app.dynamodb.csv_import import csv_import

tables = boto3.resource("dynamodb", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}", region_name="eu-west-1",
                        aws_access_key_id="a", aws_secret_access_key="a")
source, target = (tables.create_table(
    TableName=name, BillingMode="PAY_PER_REQUEST",
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}]) for name in ("source", "target"))
for table in source, target:
    table.meta.client.get_waiter("table_exists").wait(TableName=table.name, WaiterConfig={"Delay": 1})
source.put_item(Item={"id": "whole", "paid": True, "note": "n", "count": 1, "rate": Decimal("0.12345678901234567890"), "towns": {"new york"}, "tags": ["a"]})
source.put_item(Item={"id": "bare"})
with open("items.csv.spec", "w") as spec:
    spec.write("[CSV_SPEC]\nid=S\npaid=B\nnote=S\ncount=I\nrate=D\ntowns=SS\ntags=SL\n")
csv_export(source, "items.csv")
print(csv_import(target, "items.csv")[0])
for item in sorted(target.scan()["Items"], key=lambda item: item["id"]):
    print({name: sorted(it) if isinstance(it, set) else str(it) if isinstance(it, Decimal) else it
           for name, it in sorted(item.items())})
PY
env/bin/python show.py "$port" 2>/dev/null | grep -v '^please wait' | tee seen

diff seen - <<'SEEN'
target csv imported 2 items
{'id': 'bare', 'note': '', 'paid': False, 'tags': [''], 'towns': ['']}
{'count': '1', 'id': 'whole', 'note': 'n', 'paid': False, 'rate': '0.12345678901234568', 'tags': ['a'], 'towns': ['new', 'york']}
SEEN
echo "as it was seen"
