import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import { client, serve, table } from './program.mjs'

// A context of Lambda, from which it takes how long a call may be in progress.
const config = new IdempotencyConfig({})
config.registerLambdaContext({ getRemainingTimeInMillis: () => 60_000, functionName: 'pay' })
let runs = 0
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table, awsSdkV3Client: client })
const pay = makeIdempotent(
  async order => {
    runs++
    return { message: `paid ${order.id}`, n: 1 }
  },
  { persistenceStore, config },
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
