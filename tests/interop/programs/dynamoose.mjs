import dynamoose from 'dynamoose'
import { client, instant, serve, table } from './program.mjs'

dynamoose.aws.ddb.set(client)
const stored = storage => ({ type: { value: Date, settings: { storage } } })
const schema = new dynamoose.Schema(
  {
    id: String,
    name: { type: String, required: true },
    at: Date,
    seconds: stored('seconds'),
    iso: stored('iso'),
    note: { type: [String, dynamoose.type.NULL] },
    tags: { type: Set, schema: [String] },
    level: { type: Number, enum: [1, 2, 3] },
  },
  { timestamps: true },
)
const User = dynamoose.model(table, schema, {
  create: false, waitForActive: false, expires: { ttl: 86_400_000, attribute: 'ttl' },
})
const seen = user => user && {
  ...user, at: user.at.toISOString(), seconds: user.seconds.toISOString(), iso: user.iso.toISOString(),
  createdAt: user.createdAt instanceof Date, updatedAt: user.updatedAt >= user.createdAt, ttl: user.ttl > new Date(),
}
serve({
  write: id =>
    User.create({ id, name: 'Ann', at: instant, seconds: instant, iso: instant, note: null, tags: new Set(['a', 'b']), level: 2 })
      .then(() => null),
  read: id => User.get(id).then(seen),
  // Renames it, if it has the level.
  change: ({ id, level }) =>
    User.update({ id }, { name: 'Eve' }, { condition: new dynamoose.Condition().where('level').eq(level) }).then(() => null),
})
