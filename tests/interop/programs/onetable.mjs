import { Table } from 'dynamodb-onetable'
import { client, instant, serve, table as name } from './program.mjs'

const table = new Table({
  name, client, partial: true,
  schema: {
    format: 'onetable:1.1.0',
    version: '0.0.1',
    indexes: { primary: { hash: 'pk', sort: 'sk' } },
    params: { timestamps: true, typeField: '_type' },
    models: {
      User: {
        pk: { type: String, value: 'user:${id}' },
        sk: { type: String, value: 'user:' },
        id: { type: String, required: true },
        email: { type: String, unique: true },
        at: { type: Date },
        iso: { type: Date, isoDates: true },
        expires: { type: Date, ttl: true },
        raw: { type: Buffer },
        tags: { type: Set },
      },
    },
  },
})
const User = table.getModel('User')
const seen = user => user && {
  ...user, at: user.at.toISOString(), iso: user.iso.toISOString(), expires: user.expires > new Date(0),
  created: user.created instanceof Date, updated: user.updated >= user.created, raw: user.raw.toString(),
}
serve({
  write: ({ id, email }) =>
    User.create({
      id, email, at: instant, iso: instant, expires: new Date('2100-01-01'), raw: Buffer.from('hi'),
      tags: new Set(['a', 'b']),
    }).then(() => null),
  read: id => User.get({ id }).then(seen),
  change: ({ id, email }) => User.update({ id, email }).then(() => null),
})
