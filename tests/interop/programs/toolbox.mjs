import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import {
  $add, DeleteItemCommand, Entity, GetItemCommand, PutItemCommand, Table, UpdateItemCommand, binary, item, list, map, number,
  prefix, set, string,
} from 'dynamodb-toolbox'
import { client, serve, table as name } from './program.mjs'

const table = new Table({
  name,
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  documentClient: DynamoDBDocumentClient.from(client),
})
const pokemon = new Entity({
  name: 'Pokemon',
  table,
  schema: item({
    name: string().key().savedAs('pk').transform(prefix('POKEMON')),
    level: string().key().savedAs('sk').default('x'),
    points: number(),
    tags: set(string()).optional(),
    raw: binary().optional(),
    moves: list(map({ name: string(), power: number().optional() })).optional(),
  }),
})
serve({
  write: id =>
    pokemon.build(PutItemCommand).item({
      name: id, level: 'x', points: 5, tags: new Set(['a', 'b']), raw: new Uint8Array([104, 105]), moves: [{ name: 'cut', power: 3 }],
    }).send().then(() => null),
  read: async id => {
    const { Item: found } = await pokemon.build(GetItemCommand).key({ name: id, level: 'x' }).send()
    return found && { ...found, raw: Buffer.from(found.raw).toString(), created: new Date(found.created) <= new Date(), modified: found.modified >= found.created }
  },
  // Adds a point, if it has so many.
  change: ({ id, points }) =>
    pokemon.build(UpdateItemCommand).item({ name: id, level: 'x', points: $add(1) })
      .options({ condition: { attr: 'points', eq: points } }).send().then(() => null),
  remove: id => pokemon.build(DeleteItemCommand).key({ name: id, level: 'x' }).send().then(() => null),
})
