import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import { client, serve, table } from './program.mjs'

let runs = 0
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table, awsSdkV3Client: client })
const pay = makeIdempotent(
  async order => {
    runs++
    return { message: `paid ${order.id}`, n: 1 }
  },
  { persistenceStore, config: new IdempotencyConfig({}) },
)
serve({
  // What the function returns, and whether it ran.
  pay: async id => {
    const before = runs
    const result = await pay({ id })
    return { result, ran: runs > before }
  },
  key: id => persistenceStore.getHashedIdempotencyKey({ id }),
})
