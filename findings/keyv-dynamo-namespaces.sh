#!/usr/bin/env bash
# Namespaces of @keyv/dynamo on one table share entries, clear each other, and expire in six hours.
#
# @keyv/dynamo 1.2.4 with keyv 5.6.0 keeps a cache in a DynamoDB table, here on dynalite 4.0.0. Guessed: a
# namespace is a part of the key, `clear` deletes the namespace's own entries, a batch at a time, and a
# value that was set without a time to live stays.
# Seen: of `createKeyv({ namespace })` the namespace is not in the key, so the second namespace's value
# replaces the first's. With `new Keyv(store, { namespace })` it is, and `clear` deletes each key that
# begins with the name: `user` clears `users` too. From 26 entries on, `clear` deletes none, since its one
# batch is refused, which is said by an event only. A value without a time to live has `expiresAt` six
# hours ahead, the attribute that the package turns the table's expiry on for.
set -euo pipefail

work=$(mktemp -d)
trap 'kill "$engine" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
    @keyv/dynamo@1.2.4 keyv@5.6.0 @aws-sdk/client-dynamodb@3.1169.0 dynalite@4.0.0

port=$(python3 -c 'import socket; it = socket.socket(); it.bind(("", 0)); print(it.getsockname()[1])')
node node_modules/dynalite/cli.js --port "$port" --createTableMs 10 >engine.log 2>&1 &
engine=$!
until grep -q 'listening' engine.log; do kill -0 "$engine"; sleep 0.1; done

cat >show.mjs <<'JS'
import { DynamoDB, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { createKeyv, KeyvDynamo } from "@keyv/dynamo";
import Keyv from "keyv";

const config = {
  endpoint: `http://127.0.0.1:${process.argv[2]}`, region: "eu-west-1",
  credentials: { accessKeyId: "a", secretAccessKey: "a" },
};
const client = new DynamoDB(config);
const items = async (TableName) => (await client.scan({ TableName })).Items;
// Made beforehand, since this engine knows no expiry to turn on.
for (const TableName of ["first", "second"]) {
  await client.createTable({
    TableName, BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  });
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName });
}

const [user, users] = ["user", "users"].map((namespace) => createKeyv({ ...config, tableName: "first", namespace }));
await user.set("a", 1);
await users.set("a", 2);
console.log("createKeyv:", await user.get("a"), await users.get("a"), (await items("first")).map((it) => it.id.S));
const left = Number((await items("first"))[0].expiresAt.N) - Date.now() / 1000;
console.log("hours to the expiry:", Math.round(left / 3600));

const [one, other] = ["user", "users"].map((namespace) =>
  new Keyv(new KeyvDynamo({ ...config, tableName: "second" }), { namespace }));
one.on("error", (error) => console.log("event:", error.name));
await one.set("a", 1);
await other.set("a", 2);
console.log("new Keyv:", await one.get("a"), await other.get("a"), (await items("second")).map((it) => it.id.S).sort());
await one.clear();
console.log("after clear of user:", await one.get("a"), await other.get("a"));
for (let each = 0; each < 26; each++) await one.set(`${each}`, each);
await one.clear();
console.log("left of 26 after clear:", (await items("second")).length);
JS
node --no-warnings show.mjs "$port" | tee seen

diff seen - <<'SEEN'
createKeyv: 2 2 [ 'a' ]
hours to the expiry: 6
new Keyv: 1 2 [ 'user:a', 'users:a' ]
after clear of user: undefined undefined
event: ValidationException
left of 26 after clear: 26
SEEN
echo "as it was seen"
