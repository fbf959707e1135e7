import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { settings as settingsSchema } from '../../../src/domain/token/token.ts'
import type { StoredChange } from '../../../src/ports/changes.ts'
import { openInRuns } from '../../../src/workflow/open-in-runs.ts'
import { createWorld } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { bob, settings } from '../../support/world.ts'

const texts = ['{}', 'not JSON', '{"expiresOn":"2026-06-10"}']

describe('a stored token that cannot be read', () => {
  function world(text: string) {
    const made = createWorld()
    const raw = rawConnection(made.path)
    const spoil = () => raw.prepare(`update tokens set settings = ? where uid = 't1'`).run(text)
    const known = async () => (await made.core.store.knownTokens()).map(({ uid }) => uid)
    return { ...made, raw, spoil, known }
  }

  test.each(texts)('is unknown until the next look, and leaves the others known: %s', async (text) => {
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

  test('is reported once', async () => {
    const { core, known, spoil } = world('{}')
    await core.looks.refreshAll()
    spoil()
    await known()
    await core.store.knownToken({ stack: 'website', tokenUid: 't1' })
    expect(core.unread).toEqual([{ table: 'tokens', row: 'website t1' }])
  })
})

test("a stack's facts are unknown if they cannot be read, and known again by the next look", async () => {
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

test('an error of the app itself is reported to people in words, and to its log as it is', async () => {
  const { core, stack } = createWorld()
  const id = await core.approved()
  const bug = async () => void settingsSchema.parse({})
  stack.onLook = bug
  await core.catchUp.all()
  const why = 'something went wrong in Countersign itself; its own log says more'
  expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', interruption: { why } })
  expect(core.failures).toEqual([expect.stringContaining('invalid_type')])
  await core.looks.refreshAll()
  expect(core.looks.lastLooks()).toMatchObject([{ trouble: { why } }])
})

describe('a change that cannot be read', () => {
  const unreadable = { table: 'change_requests', row: '3' }

  /** Change #1 of t1 and #2 of t2 wait for approvals, and somebody wrote a third into the file, for t3. */
  async function world(state: string, columns: Partial<Record<'status' | 'due_at' | 'token_uid', string | null>> = {}) {
    const made = createWorld()
    const { core, stack } = made
    await core.looks.refreshAll()
    await core.proposed()
    await core.proposed({ tokenUid: 't2', before: stack.live.get('t2')!, after: settings({ name: 'preview-2' }) })
    const row = { id: 3, status: 'pending', due_at: '2026-06-01T09:00:00.000Z', token_uid: 't3', ...columns, state }
    rawConnection(made.path)
      .prepare(
        `insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq, due_at)
         values (@id, 'website', @token_uid, 'U0X', @status, 1, @state, 'planted', 1, @due_at)`,
      )
      .run(row)
    return made
  }

  test.each(['{}', 'not JSON'])('is left out of every list, and reported once: %s', async (state) => {
    const { clock, core } = await world(state)
    const idsOf = (found: readonly StoredChange[]) => found.map(({ change }) => change.id)
    expect(idsOf(await core.store.openChanges())).toEqual([2, 1])
    expect(idsOf(await core.store.openChangesBefore(100, 2))).toEqual([2, 1])
    expect(idsOf(await core.store.changes({ most: 10 }))).toEqual([2, 1])
    expect(await core.store.unfinished(clock.iso())).toEqual([1, 2, 3])
    expect(core.unread).toEqual([unreadable])
  })

  test.each(['{}', 'not JSON'])('that has ended keeps nothing from Home, the history or a look: %s', async (state) => {
    const { core, path, stack } = await world(state, { status: 'applied', due_at: null, token_uid: 't2' })
    rawConnection(path).exec(`update change_requests set watch_until = '2026-06-02' where id = 3`)
    const all = { page: 0, size: 5 }
    const { ended } = await core.store.overview({
      ended: all,
      expiring: { ...all, from: '', to: '' },
      outsideEdits: all,
    })
    expect(ended.items).toEqual([])
    expect((await core.store.past({ stack: 'website', tokenUid: 't2' }, { skip: 0, size: 5 })).entries).toEqual([])
    stack.live.set('t2', settings({ name: 'by hand' }))
    expect(await core.looks.refreshAll()).toEqual([])
    expect(await core.store.watched('2026-06-01')).toEqual([])
  })

  test('keeps no other change from being stopped, decided on or applied', async () => {
    const { clock, core, stack } = await world('{}')
    clock.pass(1)
    stack.live.set('t2', settings({ name: 'by hand' }))
    await core.looks.refreshAll()
    await core.changes.approve({ id: 1, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    const statuses = [1, 2].map(async (id) => (await core.store.get(id)).change.status)
    expect(await Promise.all(statuses)).toEqual(['applied', 'drifted'])
  })

  test('lets nothing be written to its own token, since nobody knows its outcome', async () => {
    const { core, stack } = await world('{}', { token_uid: 't1' })
    await core.changes.approve({ id: 1, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('approved')
    expect(stack.writes()).toBe(0)
    expect(core.failures).toContain(
      "apply #1: Change #3 can't be read from the database, so it can't be shown or changed, and nothing is written to its token. Tell whoever runs Countersign.",
    )
  })

  test('holds up only its own token in a look at several', async () => {
    const { clock, core, stack } = await world('{}', { token_uid: 't2' })
    clock.pass(1)
    for (const uid of ['t1', 't2']) stack.live.set(uid, settings({ name: 'by hand' }))
    await core.looks.refreshAll()
    expect((await core.store.get(1)).change.status).toBe('drifted')
  })

  test('is refused in words to anybody who asks for it', async () => {
    const { core } = await world('{}')
    await expect(core.store.get(3)).rejects.toThrow(/^Change #3 can't be read from the database/)
    await expect(core.changes.cancel(3, bob)).rejects.toBeInstanceOf(Refusal)
    await expect(core.store.openedFrom('planted')).rejects.toBeInstanceOf(Refusal)
  })

  test('does not end a list, however many there are', async () => {
    const { core, path } = await world('{}')
    rawConnection(path).exec(`
      with recursive n (i) as (select 4 union all select i + 1 from n where i < 300)
      insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq, due_at)
      select i, 'website', 't3', 'U0X', 'pending', 1, '{}', 'planted ' || i, 1, '2026-06-01' from n`)
    const runs: number[] = []
    for await (const run of openInRuns(core.store)) runs.push(...run.map(({ change }) => change.id))
    expect(runs).toEqual([2, 1])
  })
})

test('an entry about an edit made elsewhere that cannot be read is left out of Home and of the history', async () => {
  const { core, path } = createWorld()
  await core.looks.refreshAll()
  const body = JSON.stringify({ stack: 'website', tokenUid: 't1' })
  rawConnection(path)
    .prepare(`insert into audit_events (seq, at, actor, type, body) values (1, '2026-06-01', 'app', 'outside_edit', ?)`)
    .run(body)
  const all = { page: 0, size: 5 }
  const { outsideEdits } = await core.store.overview({
    ended: all,
    expiring: { ...all, from: '', to: '' },
    outsideEdits: all,
  })
  expect(outsideEdits.items).toEqual([])
  expect((await core.store.past({ stack: 'website', tokenUid: 't1' }, { skip: 0, size: 5 })).entries).toEqual([])
  expect(core.unread).toEqual([{ table: 'audit_events', row: '1' }])
})
