import { expect, test } from 'vitest'
import { StillListed, TokenMissing } from '../../../src/domain/looks/gone.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import type { LiveToken, StackApi } from '../../../src/ports/stack.ts'
import { sayingSinceWhen } from '../../../src/workflow/looks/missing-for.ts'
import { createClock } from '../../support/clock.ts'

const gone = new Refusal('not_found', 'There is no such token.')

/** A stack that says what it is told to of its one token, looked at once a minute. */
function looking(lastSeen: () => string | null = () => null) {
  const { monotonic, pass } = createClock()
  let says: unknown = gone
  let listed: LiveToken[] = []
  const stack = {
    token: async () => Promise.reject(says),
    tokens: async () => listed,
  } as unknown as StackApi
  const { token, tokens } = sayingSinceWhen(stack, monotonic, async () => lastSeen())
  /** Seconds for which it has been missing, or what was said instead. */
  const look = async (answer: unknown = gone) => {
    says = answer
    pass(60)
    const error = await token('t1').catch((error: unknown) => error)
    return error instanceof TokenMissing ? error.forMs / 1000 : error
  }
  const lists = async (uids: string[]) => {
    listed = uids.map((uid) => ({ uid }) as LiveToken)
    await tokens()
  }
  return { look, lists, pass }
}

test('a token is missing for as long as the stack has said so, again and again', async () => {
  const { look } = looking()
  expect([await look(), await look(), await look()]).toEqual([0, 60, 120])
})

test('a list that has it, or a word that it is still listed, begins that anew; other trouble does not', async () => {
  const { look, lists } = looking()
  await look()
  await lists(['t2'])
  expect(await look()).toBe(60)
  await lists(['t1'])
  expect(await look()).toBe(0)
  const listed = new StillListed('It is listed.')
  expect([await look(), await look(listed), await look()]).toEqual([60, listed, 0])
  const outage = new Error('no answer')
  expect([await look(), await look(outage), await look()]).toEqual([60, outage, 180])
})

test('a token that another process has seen meanwhile begins that anew, and so does a long silence', async () => {
  let seenAt: string | null = null
  const { look, pass } = looking(() => seenAt)
  expect([await look(), await look()]).toEqual([0, 60])
  seenAt = '2026-06-01T09:02:30.000Z'
  expect([await look(), await look()]).toEqual([0, 60])
  pass(600)
  expect(await look()).toBe(0)
})
