import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import { client, serve, table } from './program.mjs'

const document = DynamoDBDocument.from(client)
serve({
  write: id =>
    document.put({
      TableName: table,
      Item: {
        id, name: 'Ann', large: 10n ** 20n, ratio: 0.1 + 0.2, active: true, nothing: null, raw: new Uint8Array([104, 105]),
        tags: new Set(['a', 'b']), numbers: new Set([1, 2]), list: [1, 'x', null], map: { a: 1 },
      },
    }).then(() => null),
  read: async id => {
    const options = { wrapNumbers: false }
    const { Item: found } = await document.get({ TableName: table, Key: { id } }, options)
    return found && { ...found, raw: Buffer.from(found.raw).toString(), large: String(found.large) }
  },
  // Renames it, if it has the name.
  change: ({ id, from, to }) =>
    document.update({
      TableName: table, Key: { id }, UpdateExpression: 'SET #n = :to', ConditionExpression: '#n = :from',
      ExpressionAttributeNames: { '#n': 'name' }, ExpressionAttributeValues: { ':from': from, ':to': to },
    }).then(() => null),
})
