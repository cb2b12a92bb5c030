#!/usr/bin/env bash
# What Powertools parses of a change in Kinesis has the time of the change without its unit.
#
# DynamoDB writes a change to a Kinesis data stream with `ApproximateCreationDateTime` in milliseconds or
# microseconds and `ApproximateCreationDateTimePrecision` beside it, which says in which ("Using Kinesis
# Data Streams to capture changes to DynamoDB", DynamoDB Developer Guide). @aws-lambda-powertools/parser
# 2.35.0 with zod 4.6.7 has a schema for just this record. Guessed: it keeps both, or gives a Date.
# Seen: the number is kept, and the precision is dropped without an error, so that the same moment is
# two numbers, a thousandfold apart, that nothing in the parsed record tells one from the other.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @aws-lambda-powertools/parser@2.35.0 zod@4.6.7

cat >show.mjs <<'JS'
import { DynamoDBStreamToKinesisRecord } from "@aws-lambda-powertools/parser/schemas/dynamodb";

for (const [precision, time] of [["MILLISECOND", 1764500000123], ["MICROSECOND", 1764500000123000]]) {
  const parsed = DynamoDBStreamToKinesisRecord.parse({
    awsRegion: "eu-west-1", eventID: "1", eventName: "INSERT", eventSource: "aws:dynamodb",
    recordFormat: "application/json", tableName: "users", userIdentity: null,
    dynamodb: {
      ApproximateCreationDateTime: time, ApproximateCreationDateTimePrecision: precision,
      Keys: { id: { S: "a" } }, NewImage: { id: { S: "a" } }, SizeBytes: 6,
    },
  });
  console.log(precision, JSON.stringify(parsed.dynamodb));
}
JS
node show.mjs | tee seen

diff seen - <<'SEEN'
MILLISECOND {"ApproximateCreationDateTime":1764500000123,"Keys":{"id":"a"},"NewImage":{"id":"a"},"SizeBytes":6}
MICROSECOND {"ApproximateCreationDateTime":1764500000123000,"Keys":{"id":"a"},"NewImage":{"id":"a"},"SizeBytes":6}
SEEN
echo "as it was seen"
