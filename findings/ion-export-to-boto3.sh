#!/usr/bin/env bash
# An item of a table export in Amazon Ion changes types when boto3 writes it back, without an error.
#
# amazon.ion 0.15.0 reads the line of an export (form: "DynamoDB table export output format", Amazon
# Ion, in the DynamoDB Developer Guide), and boto3 1.44.8 serialises what it read, as `Table.put_item`
# does. Guessed: a boolean is no problem, NULL becomes NULL, and a set, which Ion marks by an
# annotation, becomes a list.
# Seen: `true` becomes the number 1 and `false` the number 0, in maps too, since amazon.ion's boolean
# is a subclass of int and boto3 asks for bool before it asks for numbers. A set becomes a list. NULL is
# a TypeError. Text, numbers with their zeros, and binary are kept.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check amazon.ion==0.15.0 boto3==1.44.8

cat >show.py <<'PY'
from amazon.ion import simpleion
from boto3.dynamodb.types import TypeSerializer

line = '$ion_1_0 {Item:{id:"a",ok:true,m:{no:false},tags:$dynamodb_SS::["x"],price:12.50,raw:{{YWJj}},gone:null}}'
for name, value in simpleion.loads(line)["Item"].items():
    try:
        print(name, TypeSerializer().serialize(value))
    except TypeError as error:
        print(name, "TypeError", str(error).split(" for value")[0])
PY
env/bin/python show.py | tee seen

diff seen - <<'SEEN'
id {'S': 'a'}
ok {'N': '1'}
m {'M': {'no': {'N': '0'}}}
tags {'L': [{'S': 'x'}]}
price {'N': '12.50'}
raw {'B': b'abc'}
gone TypeError Unsupported type "<class 'amazon.ion.simple_types.IonPyNull'>"
SEEN
echo "as it was seen"
