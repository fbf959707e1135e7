import Sqlite from 'better-sqlite3'
import { addMinutes } from 'date-fns/addMinutes'
import { expect, test } from 'vitest'
import { createLooks } from '../../../src/workflow/looks/looks.ts'
import { createOutside, leaseSeconds, startCore, typesOf } from '../../support/core.ts'
import { withSetClock } from '../../support/set-clock.ts'
import { type Behaviour, losesTheWrite, takes, takesOnly } from '../../support/stack.ts'
import { alice, bob, edit, settings } from '../../support/world.ts'

/** A process whose clock somebody sets back by a day, while time goes on for everything else. */
function world() {
  const { outside, now, set } = withSetClock(createOutside())
  const setBack = (ms = 86_400_000) => set(-ms / 1000)
  return { ...outside, outside, now, core: startCore(outside), setBack }
}

test('a change that was being applied when its process died is judged, and does not hold up the others of its token', async () => {
  const { clock, core, outside, setBack, stack } = world()
  const id = await core.approved()
  stack.behaviours.push(losesTheWrite)
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applying')
  setBack()
  const next = startCore(outside, 'second')
  await next.catchUp.all()
  clock.pass(leaseSeconds)
  await next.catchUp.all()
  expect((await next.store.get(id)).change.status).not.toBe('applying')
})

test('a change that was put off is tried again at once', async () => {
  const { core, setBack, stack } = world()
  const id = await core.approved()
  stack.onLook = () => Promise.reject(new Error('the stack is down'))
  await core.catchUp.all()
  expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', interruptions: 1 })
  stack.onLook = async () => {}
  setBack()
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
})

/** Alice has cancelled a change whose update was lost, and another to the same token is approved. */
async function lostAndNext() {
  const all = world()
  const { clock, core, stack } = all
  const first = await core.approved()
  stack.behaviours.push(losesTheWrite)
  await core.catchUp.all()
  clock.pass(leaseSeconds)
  await core.catchUp.all()
  await core.changes.cancel(first, alice)
  const { before } = (await core.store.get(first)).change
  const after = { ...before, description: 'New' }
  const edit = { stack: 'website', tokenUid: 't1', requester: alice, before, after }
  const { id } = await core.changes.propose({ ...edit, reason: 'Because' }, 'view-2')
  await core.changes.approve({ id, by: 'U0BOB', revision: 1 }, '')
  const statusAfter = async (seconds: number, by = core) => {
    clock.pass(seconds)
    await by.catchUp.all()
    return (await by.store.get(id)).change.status
  }
  return { ...all, id, statusAfter }
}

test('an update that may still arrive is waited for no longer than it may take', async () => {
  const { id, outside, setBack, statusAfter } = await lostAndNext()
  setBack()
  const next = startCore(outside, 'second')
  await next.catchUp.all()
  expect((await next.store.get(id)).change).toMatchObject({ status: 'approved', interruption: {} })
  expect(await statusAfter(899, next)).toBe('approved')
  expect(await statusAfter(1, next)).toBe('applied')
})

test('an update that may still arrive is waited for just as long when the clock is set forward', async () => {
  const { setBack, statusAfter } = await lostAndNext()
  setBack(-3600_000)
  expect(await statusAfter(0)).toBe('approved')
  expect(await statusAfter(899 - leaseSeconds)).toBe('approved')
  expect(await statusAfter(1)).toBe('applied')
})

test('a process without a reason to wait for an update before the clock was set forward waits for it too', async () => {
  const { outside, setBack, statusAfter } = await lostAndNext()
  const next = startCore(outside, 'second')
  await next.store.knownTokens()
  setBack(-3600_000)
  expect(await statusAfter(0, next)).toBe('approved')
  expect(await statusAfter(899 - leaseSeconds, next)).toBe('approved')
  expect(await statusAfter(1 + leaseSeconds, next)).toBe('applied')
})

test.each([3600_000, 0])(
  'a process that starts after the clock was set forward by %i ms waits for as long as an update may take since its start',
  async (ms) => {
    const { clock, id, now, outside, setBack, statusAfter } = await lostAndNext()
    setBack(-ms)
    clock.pass(900)
    const next = startCore(outside, 'second')
    expect(await statusAfter(0, next)).toBe('approved')
    const retryAt = addMinutes(now(), 15).toISOString()
    expect((await next.store.get(id)).change).toMatchObject({ interruption: { retryAt } })
    expect(await statusAfter(899, next)).toBe('approved')
    expect(await statusAfter(1, next)).toBe('applied')
  },
)

test('a process waits for no update that was sent more than a day before it started', async () => {
  const { clock, outside, statusAfter } = await lostAndNext()
  clock.pass(86_400 + 900)
  expect(await statusAfter(0, startCore(outside, 'second'))).toBe('applied')
})

test('an update that was taken is no longer looked for when the clock is set back', async () => {
  const { clock, core, outside, setBack, stack } = world()
  const id = await core.approved()
  stack.behaviours.push(takesOnly())
  await core.catchUp.all()
  setBack()
  const next = startCore(outside, 'second')
  const statusAfter = async (seconds: number) => {
    clock.pass(seconds)
    await next.catchUp.all()
    return (await next.store.get(id)).change.status
  }
  expect(await statusAfter(0)).toBe('applying')
  expect(await statusAfter(600)).toBe('applying')
  expect(await statusAfter(301)).toBe('failed')
})

test('an update that was taken is looked for just as long when the clock is set forward', async () => {
  const { clock, core, setBack, stack } = world()
  const id = await core.approved()
  stack.behaviours.push(takesOnly())
  await core.catchUp.all()
  const statusOnceMore = async () => {
    await core.catchUp.all()
    return (await core.store.get(id)).change.status
  }
  setBack(-3600_000)
  expect(await statusOnceMore()).toBe('applying')
  clock.pass(600)
  expect(await statusOnceMore()).toBe('applying')
  clock.pass(301)
  expect(await statusOnceMore()).toBe('failed')
})

test('an update that arrives once the clock has been set forward is found, and is not an edit made elsewhere', async () => {
  const { clock, core, outside, setBack } = await lostAndNext()
  const { before, after } = (await core.store.get(1)).change
  setBack(-3600_000)
  for (const settings of [before, after]) {
    clock.pass(60)
    await core.store.rememberToken({ stack: 'website', uid: 't1', settings }, outside.clock.iso())
    await core.watch.seen([{ stack: 'website', uid: 't1', settings }], outside.clock.iso())
  }
  const types = await typesOf(core)
  expect(types).toContain('write_arrived')
  expect(types).not.toContain('outside_edit')
})

test('a token that moves under a waiting change stops it, by a look that began after the clock was set back', async () => {
  const { clock, core, now, setBack } = world()
  const began = now().toISOString()
  clock.pass(1)
  const id = await core.proposed()
  setBack()
  const moved = { stack: 'website', uid: 't1', settings: settings({ description: 'by hand' }) }
  const status = async () => (await core.store.get(id)).change.status
  await core.watch.seen([moved], began)
  expect(await status()).toBe('pending')
  clock.pass(1)
  const next = now().toISOString()
  await core.watch.seen([moved], next)
  expect(await status()).toBe('drifted')
})

const endOfDay = settings({ expiresOn: '2027-01-31T23:59:59.999Z' })
const keepsTheName: Behaviour = () => ({
  kept: endOfDay,
  answer: { kind: 'taken', stored: endOfDay, editedAt: '2026-06-01T08:00:00.000Z' },
})

test.each<[string, Behaviour, object]>([
  ['all', takes, { by: [2], elsewhere: false }],
  ['a part', keepsTheName, { live: endOfDay, perhaps: [2] }],
])(
  'a change is stopped by another of which the stack took %s once the clock was set back, and says so',
  async (_, takesIt, whose) => {
    for (const isApproved of [false, true]) {
      const { clock, core, setBack, stack } = world()
      const asked = edit({ after: settings({ description: 'New' }) })
      const { id } = await core.changes.propose({ ...asked, reason: 'Because' }, 'view-first')
      if (isApproved) await core.changes.approve({ id, by: bob, revision: 1 }, '')
      setBack(3_600_000)
      const other = await core.approved()
      stack.behaviours.push(takesIt)
      await core.applier.apply(other)
      setBack(-3_600_000)
      clock.pass(1)
      if (isApproved) await core.applier.apply(id)
      expect((await core.store.get(id)).change).toMatchObject({ status: 'drifted', ...whose })
    }
  },
)

test('a token that moved is noticed, though the clock is set back again and again', async () => {
  const { clock, core, now, setBack } = world()
  const id = await core.proposed()
  const moved = { stack: 'website', uid: 't1', settings: settings({ description: 'by hand' }) }
  for (let i = 0; i < 2; i++) {
    setBack()
    await core.watch.seen([{ ...moved, settings: settings() }], now().toISOString())
  }
  clock.pass(1)
  await core.watch.seen([moved], now().toISOString())
  expect((await core.store.get(id)).change.status).toBe('drifted')
})

/** A change of an expiry that is approved while the stack is down, and tried again once the clock has been set a year ahead. */
async function approvedBeforeTheClockIsAhead() {
  const all = world()
  const { clock, core, setBack, stack } = all
  const id = await core.proposed({ after: settings({ expiresOn: '2027-05-31' }) })
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  stack.onLook = () => Promise.reject(new Error('the stack is down'))
  await core.catchUp.all()
  stack.onLook = async () => {}
  const changeAfter = async (seconds: number, by = core) => {
    clock.pass(seconds)
    await by.catchUp.all()
    return (await by.store.get(id)).change
  }
  const yearMs = 366 * 86_400_000
  setBack(-yearMs)
  return { ...all, changeAfter, setRight: () => setBack(yearMs) }
}

test('a change whose new expiry has passed by a clock that was set waits, and is written once the clock is right again', async () => {
  const { changeAfter, setRight, stack } = await approvedBeforeTheClockIsAhead()
  const why = expect.stringMatching(/by the clock, its new expiry, 2027-05-31, has passed; but .* the clock was set/)
  expect(await changeAfter(60)).toMatchObject({ status: 'approved', interruption: { why } })
  expect(stack.writes()).toBe(0)
  setRight()
  expect(await changeAfter(60)).toMatchObject({ status: 'applied' })
})

test('a change whose new expiry has passed by a clock that was set fails once that stays so', async () => {
  const { changeAfter } = await approvedBeforeTheClockIsAhead()
  expect(await changeAfter(1900)).toMatchObject({ status: 'approved' })
  expect(await changeAfter(1900)).toMatchObject({ status: 'failed', why: expect.stringContaining('2027-05-31') })
})

test('a card that could not be posted is posted with the next round', async () => {
  const { chat, core, setBack } = world()
  chat.down = true
  const id = await core.proposed()
  await core.catchUp.all()
  chat.down = false
  setBack()
  await core.catchUp.all()
  expect(chat.cards).toHaveLength(1)
  expect((await core.store.get(id)).card).not.toBeNull()
})

test('a stack that was looked at a moment ago is looked at again', async () => {
  const { clock, core, now, setBack, stack } = world()
  const lists: string[] = []
  stack.onLook = async (uid) => void lists.push(uid)
  const looks = createLooks({
    store: core.store,
    stacks: new Map([['website', stack.api]]),
    now,
    monotonic: clock.monotonic,
    onLook: core.watch.seen,
  })
  await looks.refreshAll()
  await looks.refreshStale()
  expect(lists).toHaveLength(1)
  setBack()
  await looks.refreshStale()
  expect(lists).toHaveLength(2)
})

/** A change that was applied to a token on a stack that tells no times, whose replica then shows the earlier state. */
async function appliedAndShownAsBefore() {
  const all = world()
  const { core, stack } = all
  const before = stack.live.get('t1')!
  const id = await core.approved()
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
  const isBelieved = () =>
    core.store.rememberToken({ stack: 'website', uid: 't1', settings: before }, all.outside.clock.iso())
  return { ...all, isBelieved }
}

test.each([3_600_000, -86_400_000])(
  'an older look is not believed after the clock is set by %i ms, until none can be that old',
  async (ms) => {
    const { clock, isBelieved, setBack } = await appliedAndShownAsBefore()
    setBack(-ms)
    expect(await isBelieved()).toBe(false)
    clock.pass(899)
    expect(await isBelieved()).toBe(false)
    clock.pass(902)
    expect(await isBelieved()).toBe(true)
  },
)

test('an older look is not believed by a process that starts after the clock was set forward, until none can be that old', async () => {
  const { clock, outside, setBack } = await appliedAndShownAsBefore()
  setBack(-3_600_000)
  const next = startCore(outside, 'second')
  const isBelieved = () =>
    next.store.rememberToken({ stack: 'website', uid: 't1', settings: settings() }, outside.clock.iso())
  expect(await isBelieved()).toBe(false)
  clock.pass(899)
  expect(await isBelieved()).toBe(false)
  clock.pass(2)
  expect(await isBelieved()).toBe(true)
})

test('a sighting or edit noted in the future hides nothing for longer than a quarter of an hour', async () => {
  const { clock, core, outside } = world()
  const look = (day: number, settings = outside.stack.live.get('t1')!) =>
    core.store.rememberToken(
      { stack: 'website', uid: 't1', settings, edited: { by: 'blt1', at: `2026-06-${day}T00:00:00.000Z` } },
      outside.clock.iso(),
    )
  await look(10)
  const db = new Sqlite(outside.path)
  db.exec("update tokens set seen_at = '2099-01-01T00:00:00.000Z', edited_at = '2099-01-01T00:00:00.000Z'")
  db.close()
  const byHand = settings({ description: 'by hand' })
  expect(await look(11, byHand)).toBe(false)
  clock.pass(901)
  expect(await look(11, byHand)).toBe(true)
  expect((await core.store.events()).at(-1)?.event).toMatchObject({ type: 'outside_edit', after: byHand })
})
