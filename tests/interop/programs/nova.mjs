import { DataMapper, DynamoDbSchema, DynamoDbTable } from '@nova-odm/mapper'
import { client, instant, serve, table } from './program.mjs'

class User {
  constructor(fields) {
    Object.assign(this, fields)
  }
}
Object.defineProperties(User.prototype, {
  [DynamoDbTable]: { value: table },
  [DynamoDbSchema]: {
    value: {
      id: { type: 'String', keyType: 'HASH' },
      name: { type: 'String' },
      at: { type: 'Date' },
      note: { type: 'String' },
      tags: { type: 'Set', memberType: 'String' },
      v: { type: 'Number', versionAttribute: true },
    },
  },
})
const mapper = new DataMapper({ client })
const read = id => mapper.get(new User({ id }))
let kept
serve({
  write: id => mapper.put(new User({ id, name: 'Ann', at: instant, note: '', tags: new Set(['a', 'b']) })).then(() => null),
  read: async id => {
    const user = await read(id)
    return { ...user, at: user.at.toISOString() }
  },
  change: async id => {
    await mapper.put(Object.assign(await read(id), { name: 'Eve' }))
  },
  // Reads it now, to be written from this copy later.
  keep: async id => {
    kept = await read(id)
  },
  writeKept: () => mapper.put(kept).then(() => null),
})
