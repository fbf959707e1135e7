import { expect, test } from 'vitest'
import type { LiveToken, StackApi } from '../../../src/ports/stack.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { attended } from '../../../src/workflow/looks/attended.ts'

function health() {
  const told: (string | null)[] = []
  const clock = { at: '2026-06-01T09:00:00.000Z' }
  const made = createHealth({ now: () => new Date(clock.at), onChange: (why) => void told.push(why) })
  return { ...made, told, clock }
}

test('a log that cannot be written is reported once for each reason, with since when, and once when it can be again', () => {
  const { fails, works, trouble, words, told, clock } = health()
  works()
  fails('the disk is full')
  clock.at = '2026-06-01T10:00:00.000Z'
  fails('the disk is full')
  fails('it is locked')
  expect(trouble()).toEqual({ why: 'it is locked', since: '2026-06-01T09:00:00.000Z' })
  expect(words()).toContain("it can't write its log, because it is locked")
  for (const _ of [1, 2]) works()
  expect(told).toEqual(['the disk is full', 'it is locked', null])
  expect([trouble(), words()]).toEqual([null, null])
  fails('the disk is full')
  expect(trouble()).toEqual({ why: 'the disk is full', since: clock.at })
})

test('changes that the log did not bear out are named until the app is started again', () => {
  const { doubt, doubts } = health()
  expect(doubt()).toBeNull()
  for (const id of [4, 2]) doubts(id)
  expect(doubt()).toContain('does not bear out what would have been applied (#4, #2)')
})

test('unreadable parts of the database are named too, and the first ones if there are many', () => {
  const { canNotRead, doubt, doubts, lacks, unreadable } = health()
  for (const id of [3, 4, 5, 6, 7, 8]) canNotRead(`change #${id}`)
  expect(unreadable()).toHaveLength(6)
  const said =
    "something in the database can't be read (change #3, change #4, change #5, change #6, change #7, and 1 more)"
  expect(doubt()).toBe(`${said}: verify it, then start the app again`)
  lacks(9)
  expect(doubt()).toMatch(/, and the audit log has lost 9 of its newest entries: verify it/)
  doubts(1)
  expect(doubt()).toMatch(/\(#1\), and something in the database can't be read/)
})

test('an unreadable part is named once, however often it is met, and five are not called many', () => {
  const { canNotRead, doubt, unreadable } = health()
  for (const id of [3, 4, 5, 6, 7, 7, 3]) canNotRead(`change #${id}`)
  expect(unreadable()).toHaveLength(5)
  expect(doubt()).toContain('(change #3, change #4, change #5, change #6, change #7)')
})

test('the result of each look at a token is reported, and nothing about it changes', async () => {
  const down = new Error('the stack is down')
  const known: unknown[] = []
  const token = { uid: 't1' } as LiveToken
  const stack = { token: async (uid: string) => (uid === 't1' ? token : Promise.reject(down)) } as unknown as StackApi
  const watched = attended(stack, (uid, failure) => void known.push([uid, failure]))
  expect(await watched.token('t1')).toBe(token)
  await expect(watched.token('t2')).rejects.toBe(down)
  expect(known).toEqual([
    ['t1', null],
    ['t2', down],
  ])
})
