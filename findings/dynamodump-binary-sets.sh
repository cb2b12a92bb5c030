#!/usr/bin/env bash
# A binary set comes back from a dynamodump backup as other bytes, while a binary comes back as it was.
#
# dynamodump 1.11.1 (boto3 1.40.43) backs a table up to JSON and restores it, here both on dynalite
# 4.0.0. Guessed: a backup holds both as Base64 text, and the restore decodes both, or neither.
# Seen: the backup holds both as Base64 text; the restore decodes `B` and leaves `BS` as it is, so each
# element of a set is stored as the bytes of its own Base64 text. Numbers of 38 digits, empty text and
# binary, NULL, and lists of mixed types come back as they were. Both runs say "completed".
set -euo pipefail

work=$(mktemp -d)
trap 'kill "$engine" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dynamodump==1.11.1 boto3==1.40.43
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts dynalite@4.0.0

port=$(python3 -c 'import socket; it = socket.socket(); it.bind(("", 0)); print(it.getsockname()[1])')
node node_modules/dynalite/cli.js --port "$port" --createTableMs 10 >engine.log 2>&1 &
engine=$!
until grep -q 'listening' engine.log; do kill -0 "$engine"; sleep 0.1; done

cat >table.py <<'PY'
import sys
import boto3

client = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}", region_name="eu-west-1",
                      aws_access_key_id="a", aws_secret_access_key="a")
if sys.argv[2] == "fill":
    client.create_table(TableName="source", BillingMode="PAY_PER_REQUEST",
                        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    client.get_waiter("table_exists").wait(TableName="source", WaiterConfig={"Delay": 1})
    client.put_item(TableName="source", Item={
        "id": {"S": "a"},
        "binary": {"B": b"abc"}, "none": {"B": b""}, "binaries": {"BS": [b"abc"]},
        "digits": {"N": "1.2345678901234567890123456789012345678"}, "text": {"S": ""},
        "null": {"NULL": True}, "mixed": {"L": [{"N": "1"}, {"S": "1"}]}})
else:
    before = client.scan(TableName="source")["Items"][0]
    after = client.scan(TableName="target")["Items"][0]
    for name in sorted(before):
        print(name, before[name], "as it was" if after[name] == before[name] else f"is now {after[name]}")
PY
env/bin/python table.py "$port" fill
for way in "backup -s source" "restore -s source -d target"; do
    env/bin/dynamodump -m $way -r local --host 127.0.0.1 --port "$port" --accessKey a --secretKey a \
        --noConfirm >dump.log 2>&1 || { cat dump.log >&2; exit 1; }
done
env/bin/python table.py "$port" compare | tee seen

diff seen - <<'SEEN'
binaries {'BS': [b'abc']} is now {'BS': [b'YWJj']}
binary {'B': b'abc'} as it was
digits {'N': '1.2345678901234567890123456789012345678'} as it was
id {'S': 'a'} as it was
mixed {'L': [{'N': '1'}, {'S': '1'}]} as it was
none {'B': b''} as it was
null {'NULL': True} as it was
text {'S': ''} as it was
SEEN
echo "as it was seen"
