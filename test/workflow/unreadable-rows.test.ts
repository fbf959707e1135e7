import { describe, expect, test } from 'vitest'
import { settings } from '../../src/domain/token.ts'
import { createWorld } from '../support/core.ts'
import { rawConnection } from '../support/file.ts'

const texts = ['{}', 'not JSON', '{"expiresOn":"2026-06-10"}']

describe('a token as it is known that cannot be read', () => {
  function world(text: string) {
    const made = createWorld()
    const raw = rawConnection(made.path)
    const spoil = () => raw.prepare(`update tokens set settings = ? where uid = 't1'`).run(text)
    const known = async () => (await made.core.store.knownTokens()).map(({ uid }) => uid)
    return { ...made, raw, spoil, known }
  }

  test.each(texts)('is not known until the next look, and leaves the others known: %s', async (text) => {
    const { clock, core, known, spoil } = world(text)
    await core.looks.refreshAll()
    expect(await known()).toHaveLength(3)
    spoil()
    expect(await known()).toEqual(['t2', 't3'])
    expect(await core.store.knownToken({ stack: 'website', tokenUid: 't1' })).toBeNull()
    clock.pass(1)
    expect(await core.looks.refreshAll()).toEqual([])
    expect(await known()).toEqual(['t1', 't2', 't3'])
  })

  test.each(texts)('keeps no approved change from its stack: %s', async (text) => {
    const { clock, core, spoil, stack } = world(text)
    await core.looks.refreshAll()
    const id = await core.approved()
    spoil()
    clock.pass(1)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })

  test.each(texts)('keeps nothing from App Home or the gone tokens: %s', async (text) => {
    const { core, raw, spoil } = world(text)
    await core.looks.refreshAll()
    spoil()
    const days = { from: '2026-06-01', to: '2026-06-30' }
    const all = { page: 0, size: 5 }
    const { expiring } = await core.store.overview({ ended: all, expiring: { ...all, ...days }, outsideEdits: all })
    expect(expiring.items).toEqual([])
    raw.prepare(`update tokens set gone_at = seen_at where uid in ('t1', 't2')`).run()
    expect((await core.store.goneTokens()).map(({ uid }) => uid)).toEqual(['t2'])
  })

  test('is told once', async () => {
    const { core, known, spoil } = world('{}')
    await core.looks.refreshAll()
    spoil()
    await known()
    await core.store.knownToken({ stack: 'website', tokenUid: 't1' })
    expect(core.unread).toEqual([{ table: 'tokens', row: 'website t1' }])
  })
})

test('what a stack allows is not known where that cannot be read, and is by the next look', async () => {
  const { core, path } = createWorld()
  await core.looks.refreshAll()
  rawConnection(path).exec(`update stacks set facts = '{}'`)
  expect(await core.store.knownFacts('website')).toBeNull()
  expect(core.unread).toEqual([{ table: 'stacks', row: 'website' }])
  await core.looks.refreshAll()
  expect(await core.store.knownFacts('website')).not.toBeNull()
})

test('one App Home that cannot be read back leaves those of others shown', async () => {
  const { core, path } = createWorld()
  for (const person of ['U0ALICE', 'U0BOB'])
    await core.store.homeIsShown({ person, pages: {}, digest: '', openedAt: '2026-06-01T09:00:00.000Z' })
  rawConnection(path).exec(`update homes set pages = '[' where person = 'U0ALICE'`)
  expect((await core.store.homes()).map(({ person }) => person)).toEqual(['U0BOB'])
  expect(await core.store.home('U0ALICE')).toBeNull()
})

test('an error of the app itself is told to people in words, and to its log as it is', async () => {
  const { core, stack } = createWorld()
  const id = await core.approved()
  const bug = async () => void settings.parse({})
  stack.onLook = bug
  await core.catchUp.all()
  const why = 'something went wrong within Countersign, of which its own log says more'
  expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', interruption: { why } })
  expect(core.failures).toEqual([expect.stringContaining('invalid_type')])
  await core.looks.refreshAll()
  expect(core.looks.lastLooks()).toMatchObject([{ trouble: { why } }])
})
