#!/usr/bin/env bash
# An item of a table export in Amazon Ion cannot be handed to AWS's own marshaller for JavaScript.
#
# ion-js 5.2.1 reads the line of an export (form: "DynamoDB table export output format", Amazon Ion,
# in the DynamoDB Developer Guide), and @aws-sdk/util-dynamodb 3.996.9 marshalls what it read.
# Guessed: text, numbers, lists and maps pass, and a boolean, which ion-js gives as an object, fails.
# Seen: the boolean, text and binary pass. Every list fails with "children is not iterable", since the
# marshaller maps over it and an Ion list cannot be made from a length. NULL, decimals and maps fail as
# unsupported; with the option that the message names, NULL is stored as an empty map, a decimal as a
# map of its private fields, and each field of a map as a list of one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
    ion-js@5.2.1 jsbi@4.3.2 @aws-sdk/util-dynamodb@3.996.9

cat >show.js <<'JS'
const { load } = require("ion-js");
const { marshall } = require("@aws-sdk/util-dynamodb");

const line = '$ion_1_0 {Item:{id:"a",ok:true,raw:{{YWJj}},gone:null,price:12.50,sizes:[1.,2.],m:{k:true}}}';
const item = load(line).get("Item");
for (const [name, value] of item.fields()) {
  for (const convertClassInstanceToMap of [false, true]) {
    let seen;
    try {
      seen = JSON.stringify(marshall({ x: value }, { convertClassInstanceToMap }).x);
    } catch (error) {
      seen = error.message.replace(/\. Pass options.*/, "");
    }
    console.log(name, convertClassInstanceToMap ? "converted" : "as it is", seen);
  }
}
JS
node show.js | tee seen

diff seen - <<'SEEN'
id as it is {"S":"a"}
id converted {"S":"a"}
ok as it is {"BOOL":true}
ok converted {"BOOL":true}
raw as it is {"B":"YWJj"}
raw converted {"B":"YWJj"}
gone as it is Unsupported type passed: null
gone converted {"M":{}}
price as it is Unsupported type passed: 12.50
price converted {"M":{"_decimalValue":{"M":{"_isNegative":{"BOOL":false},"_coefficient":{"N":"1250"},"_exponent":{"N":"-2"}}},"_numberValue":{"N":"12.5"}}}
sizes as it is children is not iterable
sizes converted children is not iterable
m as it is Unsupported type passed: {k: true}
m converted {"M":{"_fields":{"M":{"k":{"L":[{"BOOL":true}]}}}}}
SEEN
echo "as it was seen"
