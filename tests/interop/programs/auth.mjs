import { DynamoDBAdapter } from '@auth/dynamodb-adapter'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import { client, instant, serve, table } from './program.mjs'

const document = DynamoDBDocument.from(client, {
  marshallOptions: { convertEmptyValues: true, removeUndefinedValues: true, convertClassInstanceToMap: true },
})
const adapter = DynamoDBAdapter(document, { tableName: table })
serve({
  write: async email => {
    const user = await adapter.createUser({ name: 'Ann', email, emailVerified: instant, image: null })
    await adapter.createSession({ sessionToken: `session of ${email}`, userId: user.id, expires: new Date('2100-01-01T00:00:00.250Z') })
    return user.id
  },
  read: id => adapter.getUser(id),
  find: email => adapter.getUserByEmail(email).then(user => user?.id),
  session: async token => {
    const found = await adapter.getSessionAndUser(token)
    return found && { user: found.user.id, expires: found.session.expires.toISOString() }
  },
  change: ({ id, email }) => adapter.updateUser({ id, email }).then(() => null),
  remove: id => adapter.deleteUser(id).then(() => null),
})
