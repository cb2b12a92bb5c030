#!/usr/bin/env bash
# A map with members called S, M and L is read by dynamodb-json as the text of one of them.
#
# dynamodb-json 1.4.2 (boto3 1.44.8, simplejson 4.3.0) reads DynamoDB JSON into Python values and writes them again.
# Guessed: it knows a value by where it stands, so that a name may be any, and what is read and written again has the
# types that it had.
# Seen: every object of the text is looked at alone, also a map's own: where it has a member S, the map becomes that
# member as text, else where it has M or L, what that holds; an item with an attribute L is that list. Nothing is raised.
# The stock of XS and XL is right, of S, M and L it is the text 3. Written again, sets are lists, their numbers texts,
# a binary is a text, and a text that looks like a time has other digits.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dynamodb-json==1.4.2 boto3==1.44.8 simplejson==4.3.0

cat >show.py <<'PY'
from dynamodb_json import json_util

for sizes in "XS XL", "S M L", "M XL":
    members = ",".join(f'"{size}":{{"N":"{count}"}}' for count, size in enumerate(sizes.split(), 3))
    print(json_util.loads(f'{{"sku":{{"S":"shirt"}},"stock":{{"M":{{{members}}}}}}}'))
print(json_util.loads('{"id":{"S":"a"},"L":{"L":[{"N":"1"}]}}'))
item = '{"ids":{"NS":["7"]},"tags":{"SS":["a"]},"photo":{"B":"aGk="},"at":{"S":"2026-01-02T03:04:05.5"}}'
print(json_util.dumps(json_util.loads(item)))
PY
env/bin/python show.py | tee seen

diff seen - <<'SEEN'
{'sku': 'shirt', 'stock': {'XS': 3, 'XL': 4}}
{'sku': 'shirt', 'stock': '3'}
{'sku': 'shirt', 'stock': 3}
[1]
{"ids": {"L": [{"S": "7"}]}, "tags": {"L": [{"S": "a"}]}, "photo": {"S": "aGk="}, "at": {"S": "2026-01-02T03:04:05.500000"}}
SEEN
echo "as it was seen"
