// What every program has: a client, its table, and a loop that answers calls, a line of JSON each.
import { createInterface } from 'node:readline'
import { DynamoDB } from '@aws-sdk/client-dynamodb'

export const table = process.env.INTEROP_TABLE
export const client = new DynamoDB({})

// The instant of all programs, with a fraction that each form keeps as far as it goes.
export const instant = new Date('2026-11-30T12:34:56.789Z')

export async function serve(calls) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { call, input } = JSON.parse(line)
    let answer
    try {
      answer = { value: (await calls[call](input)) ?? null }
    } catch (error) {
      answer = { error: `${error.name}: ${error.message}` }
    }
    console.log(JSON.stringify(answer, (_, value) => (value instanceof Set ? [...value].sort() : value)))
  }
}
