import { expect, test } from 'vitest'
import { createClosedRules } from '../../src/app/closed-rules.ts'
import { policy } from '../support/world.ts'

const people = {
  obstacle: async () => null,
  members: async () => [],
  canonical: async (id: string) => id,
  group: async () => null,
  isSomebody: async () => true,
}
const isArchived = expect.stringContaining('is archived')

/** Each look at the channel waits until the test answers it; `looks` has the oldest first. */
function watched() {
  const looks: PromiseWithResolvers<string | null>[] = []
  const problem = () => {
    const look = Promise.withResolvers<string | null>()
    looks.push(look)
    return look.promise
  }
  const slack = { people, channels: { problem, isThere: async () => true } }
  const told: unknown[] = []
  const onChange: Parameters<typeof createClosedRules>[2]['onChange'] = (closed, open) =>
    void told.push({ closed: closed.map(({ says }) => says), open })
  const rules = createClosedRules([{ name: 'website', channel: 'C1', policy }], slack, { atStart: [], onChange })
  return { rules, looks, told }
}

test('what has closed is reported once, and its reopening once', async () => {
  const { rules, looks, told } = watched()
  for (const answer of ['is archived', 'is archived', null, null]) {
    const asked = rules()
    looks.at(-1)!.resolve(answer)
    expect(await asked).toMatchObject(answer === null ? [] : [{ of: 'channel', says: isArchived }])
  }
  expect(told).toEqual([
    { closed: [isArchived], open: [] },
    { closed: [], open: ['The approvals channel C1 of website'] },
  ])
})

test('something that closes for a new reason is reported again, and not as open', async () => {
  const { rules, looks, told } = watched()
  for (const answer of ['is archived', 'does not have the app as a member']) {
    const asked = rules()
    looks.at(-1)!.resolve(answer)
    await asked
  }
  expect(told.at(-1)).toEqual({ closed: [expect.stringContaining('does not have the app as a member')], open: [] })
})

test('an answer that comes after the answer to a later question is ignored', async () => {
  const { rules, looks, told } = watched()
  const asked = [rules(), rules()]
  looks[1]!.resolve('is archived')
  await asked[1]
  looks[0]!.resolve(null)
  expect(await asked[0]).toMatchObject([{ says: isArchived }])
  expect(told).toHaveLength(1)
})

test('while Slack cannot be asked, the last known state stays', async () => {
  const { rules, looks, told } = watched()
  const first = rules()
  looks[0]!.resolve('is archived')
  await first
  const second = rules()
  looks[1]!.reject(new Error('down'))
  expect(await second).toMatchObject([{ says: isArchived }])
  expect(told).toHaveLength(1)
})
