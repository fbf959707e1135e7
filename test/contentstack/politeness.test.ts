import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connectTo } from './connect.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const record = { uid: 'blt1', name: 'ci' }

/** A client of a stack that always answers at once, and the methods of the requests sent to it. */
function polite(
  options: { requestsPerSecond?: number; writeTimeoutMs?: number; retryDelayMs?: number; failing?: number } = {},
) {
  const { failing = 0, ...rest } = options
  const sent: string[] = []
  const client = connectTo((request) => {
    sent.push(request.method)
    return sent.length <= failing ? new Response('', { status: 503 }) : Response.json({ token: record })
  }, rest)
  return { client, sent }
}

test('the first requests go out at once, and then only so many in any second', async () => {
  const { client, sent } = polite({ requestsPerSecond: 2 })
  const looks = Promise.all([1, 2, 3, 4, 5].map(() => client.token('blt1')))
  await vi.advanceTimersByTimeAsync(0)
  expect(sent).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(999)
  expect(sent).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sent).toHaveLength(4)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await looks).toHaveLength(5)
})

test('at the end of one second and the start of the next, no more go out than in any other', async () => {
  const { client, sent } = polite({ requestsPerSecond: 2 })
  await client.token('blt1')
  await vi.advanceTimersByTimeAsync(990)
  await client.token('blt1')
  await vi.advanceTimersByTimeAsync(20)
  const looks = Promise.all([client.token('blt1'), client.token('blt1')])
  await vi.advanceTimersByTimeAsync(20)
  expect(sent).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(1_000)
  await looks
})

test('a retry waits for its turn like any request', async () => {
  const { client, sent } = polite({ requestsPerSecond: 1, failing: 2 })
  const look = client.token('blt1')
  await vi.advanceTimersByTimeAsync(999)
  expect(sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await look).toMatchObject({ uid: 'blt1' })
})

test('a failed read is tried again after a while, and each time after twice as long', async () => {
  const { client, sent } = polite({ retryDelayMs: 100, failing: 3 })
  const look = client.token('blt1')
  for (const [waiting, before, after] of [
    [100, 1, 2],
    [200, 2, 3],
    [400, 3, 4],
  ] as const) {
    await vi.advanceTimersByTimeAsync(waiting - 10)
    expect(sent).toHaveLength(before)
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toHaveLength(after)
  }
  expect(await look).toMatchObject({ uid: 'blt1' })
})

test('a read is not timed while it waits for its turn', async () => {
  const { client } = polite({ requestsPerSecond: 1 })
  const looks = Promise.all(Array.from({ length: 30 }, () => client.token('blt1')))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await looks).toHaveLength(30)
})

test('an update that does not get its turn in time is known not to be sent, and never is', async () => {
  const { client, sent } = polite({ requestsPerSecond: 1, writeTimeoutMs: 50 })
  const live = await client.token('blt1')
  const update = client.update(live, { ...live.settings, name: 'cd' })
  await vi.advanceTimersByTimeAsync(50)
  expect(await update).toEqual({ kind: 'busy', why: expect.stringMatching(/was not sent/) })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual(['GET'])
})

test('a stack that says when to come back is asked then, and after a few seconds at most', async () => {
  const answers: string[] = []
  const busy = (seconds: string) => {
    answers.length = 0
    const client = connectTo(() => {
      answers.push(seconds)
      return new Response('', { status: 429, headers: { 'retry-after': seconds } })
    })
    return client.token('blt1').catch((error: Error) => answers.push(error.message))
  }
  void busy('3')
  await vi.advanceTimersByTimeAsync(2_990)
  expect(answers).toEqual(['3'])
  await vi.advanceTimersByTimeAsync(20)
  expect(answers).toEqual(['3', '3'])
  await vi.advanceTimersByTimeAsync(60_000)
  void busy('3600')
  await vi.advanceTimersByTimeAsync(16_000)
  expect(answers).toEqual(['3600', '3600', '3600', '3600', expect.stringMatching(/can't be reached right now.*429/)])
})

test('looks that an approved change waits for go before those that only show something', async () => {
  const { client, sent } = polite({ requestsPerSecond: 2 })
  const shown = Promise.all(Array.from({ length: 40 }, () => client.token('blt1')))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sent).toHaveLength(4)
  const apply = async () => {
    const live = await client.token('blt1', { first: true })
    const answer = await client.update(live, { ...live.settings, name: 'cd' })
    await client.token('blt1', { first: true })
    return answer
  }
  const applied = apply()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(sent).toHaveLength(10)
  expect(sent).toContain('PUT')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await applied).toEqual({ kind: 'taken' })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await shown).toHaveLength(40)
})

test('a look is refused in words if too many already wait, and one for an approved change is not', async () => {
  const { client, sent } = polite({ requestsPerSecond: 2 })
  const waiting = Promise.all(Array.from({ length: 62 }, () => client.token('blt1')))
  await vi.advanceTimersByTimeAsync(0)
  await expect(client.token('blt1')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/Too many looks at "site" are waiting already.*Try again in a minute/),
  })
  await expect(client.tokens()).rejects.toMatchObject({ code: 'unavailable' })
  const first = client.token('blt1', { first: true })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await first).toMatchObject({ uid: 'blt1' })
  expect(await waiting).toHaveLength(62)
  expect(sent).toHaveLength(63)
})

test('a read that is tried again is not turned away by later ones', async () => {
  const { client, sent } = polite({ requestsPerSecond: 2, failing: 1 })
  const tried = client.token('blt1')
  const others = Promise.all(Array.from({ length: 61 }, () => client.token('blt1')))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await tried).toMatchObject({ uid: 'blt1' })
  expect(await others).toHaveLength(61)
  expect(sent).toHaveLength(63)
})

test('an update that nobody waits for any more takes no turn from others', async () => {
  const { client, sent } = polite({ requestsPerSecond: 1, writeTimeoutMs: 50 })
  const live = await client.token('blt1')
  const update = client.update(live, { ...live.settings, name: 'cd' })
  const look = client.token('blt1')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sent).toEqual(['GET', 'GET'])
  expect(await update).toMatchObject({ kind: 'busy' })
  expect(await look).toMatchObject({ uid: 'blt1' })
})

test('a clock that is set back delays nothing', async () => {
  const { client, sent } = polite({ requestsPerSecond: 1 })
  await client.token('blt1')
  vi.setSystemTime(Date.now() - 86_400_000)
  const look = client.token('blt1')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sent).toHaveLength(2)
  expect(await look).toMatchObject({ uid: 'blt1' })
})

test.each([
  [0.5, 4_000, 3],
  [2.5, 2_000, 6],
])('a pace of %d requests a second is kept to', async (requestsPerSecond, ms, sentBy) => {
  const { client, sent } = polite({ requestsPerSecond })
  const looks = Promise.all(Array.from({ length: 10 }, () => client.token('blt1')))
  await vi.advanceTimersByTimeAsync(ms)
  expect(sent).toHaveLength(sentBy)
  await vi.advanceTimersByTimeAsync(60_000)
  await looks
})
