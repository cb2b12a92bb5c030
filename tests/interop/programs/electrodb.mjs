import { Entity } from 'electrodb'
import { client, serve, table } from './program.mjs'

const task = new Entity(
  {
    model: { entity: 'task', version: '1', service: 'taskapp' },
    attributes: {
      taskId: { type: 'string', required: true },
      project: { type: 'string', required: true },
      num: { type: 'number', required: true },
      done: { type: 'boolean' },
      tags: { type: 'set', items: 'string' },
      st: { type: ['open', 'closed'] },
    },
    indexes: {
      task: {
        pk: { field: 'pk', composite: ['taskId'] },
        sk: { field: 'sk', composite: ['project', 'num'] },
      },
      byState: {
        index: 'gsi1',
        pk: { field: 'gsi1pk', composite: ['st'] },
        sk: { field: 'gsi1sk', composite: ['project', 'num'] },
      },
    },
  },
  { client, table },
)

const key = id => ({ taskId: id, project: 'p1', num: 7 })
serve({
  write: id => task.create({ ...key(id), done: false, tags: ['a', 'b'], st: 'open' }).go().then(() => null),
  read: id => task.get(key(id)).go().then(({ data }) => data),
  // Of one state, by the index.
  find: state => task.query.byState({ st: state }).go().then(({ data }) => data.map(each => each.taskId).sort()),
  // Closes it, if it is open.
  change: id =>
    task.patch(key(id)).set({ st: 'closed' }).composite({ project: 'p1', num: 7 })
      .where(({ st }, { eq }) => eq(st, 'open')).go().then(() => null),
})
