import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Settings } from '../../../src/domain/token/token.ts'
import { createLooks } from '../../../src/workflow/looks/looks.ts'
import { createOutside, createWorld, leaseSeconds, startCore } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { type Behaviour, losesTheWrite, refuses, takes, takesButNeverAnswers, takesOnly } from '../../support/stack.ts'
import { alice, bob, edit, settings } from '../../support/world.ts'

const after = settings({ name: 'ci-release', emailNotice: false })
const byHand = settings({ description: 'by hand' })

/**
 * One process applies a change of Alice's, and another looks at the token. No two things happen in the same
 * millisecond.
 */
async function world() {
  const outside = createOutside()
  const { clock, stack } = outside
  const { now, pass } = clock
  const ticking = () => {
    pass(0.001)
    return now()
  }
  outside.clock = { ...clock, now: ticking }
  const [applying, looking] = [startCore(outside, 'first'), startCore(outside, 'second')]
  const gates = { served: Promise.withResolvers<void>(), answered: Promise.withResolvers<void>() }
  const api = { ...stack.api, token: (uid: string) => slowly(uid, gates) }
  const { watch, store } = looking
  const looks = createLooks({
    store,
    stacks: new Map([['website', api]]),
    now: outside.clock.now,
    monotonic: clock.monotonic,
    onLook: watch.seen,
  })
  await looks.refreshAll()
  const edit = { stack: 'website', tokenUid: 't1', requester: alice, before: settings(), after }
  await applying.changes.propose({ ...edit, reason: 'Because' }, 'view-1')
  await applying.changes.approve({ id: 1, by: bob, revision: 1 }, '')
  const edits = async () =>
    (await store.events()).flatMap(({ event }) => (event.type === 'outside_edit' ? [event] : []))
  return { stack, clock, gates, looks, edits, apply: applying.catchUp.all }

  /** The stack reads the token at one moment, and its answer arrives at another. */
  async function slowly(uid: string, { served, answered }: typeof gates) {
    await served.promise
    const settings: Settings = stack.live.get(uid)!
    await answered.promise
    return { stack: 'website', uid, settings, raw: {} }
  }
}

type Moments = readonly [begun: number, served: number, answered: number]

/** Before, during the first look, before the write, after it, and when everything is done. */
const moments = [0, 1, 2, 3, 4]
const orders = [0, 2, 3].flatMap((begun) =>
  moments.flatMap((served) => moments.map((answered): Moments => [begun, served, answered])),
)
const possible = orders.filter(([begun, served, answered]) => begun <= served && served <= answered)

async function lookDuringApply({ looks, stack, gates, apply }: Awaited<ReturnType<typeof world>>, order: Moments) {
  const [begun, served, answered] = order
  let look: Promise<unknown> = Promise.resolve()
  let moment = 0
  const next = async () => {
    if (moment === begun) look = looks.token('website', 't1')
    if (moment === served) gates.served.resolve()
    await setImmediate()
    if (moment === answered) gates.answered.resolve()
    if (moment === answered) await look
    moment += 1
  }
  Object.assign(stack, { onLook: next, onWrite: next })
  await next()
  await apply()
  Object.assign(stack, { onLook: async () => {}, onWrite: async () => {} })
  while (moment <= 4) await next()
}

const behaviours: readonly (readonly [string, Behaviour])[] = [
  ['takes it', takes],
  ['takes only some of it', takesOnly('name')],
]

test.each(behaviours)(
  'an update that the app sends is no edit made elsewhere, whenever another process looks: the stack %s',
  async (_, behaviour) => {
    for (const order of possible) {
      const all = await world()
      all.stack.behaviours.push(behaviour)
      await lookDuringApply(all, order)
      await all.looks.token('website', 't1')
      all.clock.pass(leaseSeconds)
      await all.apply()
      await all.looks.refreshAll()
      expect(await all.edits(), order.join()).toEqual([])
    }
  },
)

test('an update that arrives after nobody waits for it any more is not an edit made elsewhere', async () => {
  const { apply, clock, edits, looks, stack } = await world()
  stack.behaviours.push(losesTheWrite)
  await apply()
  clock.pass(leaseSeconds)
  await apply()
  stack.live.set('t1', after)
  await looks.refreshAll()
  expect(await edits()).toEqual([])
})

/** Once changes of t1 were applied, or failed, the file has no look at any token any more. */
async function forgotten(...behaviours: readonly Behaviour[]) {
  const { clock, core, path, stack } = createWorld()
  await core.looks.refreshAll()
  stack.behaviours.push(...behaviours)
  for (const i of behaviours.keys()) {
    const before = stack.live.get('t1')!
    const asked = edit({ before, after: i === 0 ? after : settings({ name: `ci-${i}` }) })
    const { id } = await core.changes.propose({ ...asked, reason: 'Because' }, `view-${i}`)
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    for (let round = 0; round < 3; round++) {
      await core.catchUp.all()
      clock.pass(leaseSeconds)
    }
  }
  rawConnection(path).exec('delete from tokens')
  const edits = async () => {
    await core.looks.refreshAll()
    return (await core.store.events()).flatMap(({ event }) => (event.type === 'outside_edit' ? [event] : []))
  }
  return { core, edits, stack }
}

test('a token without a remembered look is compared with what an applied change left', async () => {
  const { edits, stack } = await forgotten(takes, refuses('the name is taken'))
  const edited = { ...after, description: 'by hand' }
  stack.live.set('t1', edited)
  stack.live.set('t2', settings({ name: 'nobody can tell' }))
  expect(await edits()).toMatchObject([{ tokenUid: 't1', before: after, after: edited }])
})

test.each<readonly [string, Behaviour]>([
  ...behaviours,
  ['never answers', takesButNeverAnswers],
  ['writes it otherwise', (asked) => ({ kept: { ...asked, name: `${asked.name} ` }, answer: { kind: 'taken' } })],
])('that alone is not an edit made elsewhere: the stack %s', async (_, behaviour) => {
  const { core, edits } = await forgotten(behaviour)
  expect(['applied', 'failed']).toContain((await core.store.get(1)).change.status)
  expect(await edits()).toEqual([])
})

test('an edit by hand is noted, though a change is applied to the same token', async () => {
  const { apply, edits, looks, stack } = await world()
  stack.edited.set('t1', { by: 'blt1', at: '2026-06-01T08:00:00.000Z' })
  stack.live.set('t1', byHand)
  await apply()
  await looks.refreshAll()
  expect(await edits()).toMatchObject([
    { before: settings(), after: byHand, by: 'blt1', editedAt: '2026-06-01T08:00:00.000Z' },
  ])
})

test('a look from before a change that was applied is not believed either once somebody has edited the token since', async () => {
  const { clock, core, stack } = createWorld()
  const asItWas = stack.live.get('t1')!
  await core.approved()
  await core.catchUp.all()
  const edited = { ...stack.live.get('t1')!, description: 'by hand' }
  const look = (settings: Settings) => {
    clock.pass(1)
    return core.store.rememberToken({ stack: 'website', uid: 't1', settings }, clock.iso())
  }
  expect(await look(edited)).toBe(true)
  expect(await look(asItWas)).toBe(false)
})
