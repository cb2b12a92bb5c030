import { promisify } from 'node:util'
import connect from 'connect-dynamodb'
import session from 'express-session'
import { client, serve, table } from './program.mjs'

const store = new (connect(session))({ client, table, initialized: true })
const [set, get, touch, destroy] = ['set', 'get', 'touch', 'destroy'].map(name => promisify(store[name].bind(store)))
serve({
  write: id => set(id, { cookie: { maxAge: 3_600_000, path: '/' }, user: 'u1', n: 1 }).then(() => null),
  read: id => get(id).then(found => found && { user: found.user, n: found.n }),
  change: id => touch(id, { cookie: { maxAge: 7_200_000 } }).then(() => null),
  remove: id => destroy(id).then(() => null),
})
