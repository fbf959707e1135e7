import { describe, expect, test } from 'vitest'
import { entryHash, genesis } from '../../../src/domain/audit/chain.ts'
import type { Token } from '../../../src/domain/token/token.ts'
import type { Store } from '../../../src/ports/store.ts'
import { approval, proposedAt as at } from '../../support/changes.ts'
import { createClock } from '../../support/clock.ts'
import { entriesOf } from '../../support/entries.ts'
import { alice, bob, mallory, proposal, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const refused = { type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'No.' } as const
const until = '2026-06-01T09:00:15.000Z'

function token(uid: number, name: string): Token {
  return { stack: 'website', uid: `t${String(uid).padStart(3, '0')}`, settings: settings({ name }) }
}

describe.each(engines)('on $name, two processes at once', (engine) => {
  /** Both processes, and a change that Alice asked for. */
  async function world() {
    const clock = createClock()
    const place = await engine.empty()
    const both = [await place.open(clock), await place.open(clock)] as const
    const change = await both[0].open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
    /** Has them do this so often, in turn, all at once. */
    const together = <T>(times: number, work: (store: Store, i: number) => Promise<T>) =>
      Promise.all(Array.from({ length: times }, (_, i) => work(both[i % 2]!, i)))
    return { clock, place, store: both[0], change, together }
  }

  test('number what they are asked for without a gap, and write one chain', async () => {
    const { place, store, together } = await world()
    const ask = (of: Store, i: number) => of.open({ type: 'proposed', at, ...proposal() }, alice, `another ${i}`)
    const ids = (await together(12, ask)).map(({ id }) => id)
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 2))
    let last: string = genesis
    for (const entry of await entriesOf(await place.evidence())) {
      last = entryHash(last, entry, null)
      expect(entry.hash).toBe(last)
    }
    expect((await store.checkpoint()).size).toBe(13)
  })

  test('open one change for one origin', async () => {
    const { store, together } = await world()
    const opened = await together(12, (of) => of.open({ type: 'proposed', at, ...proposal() }, alice, 'view-2'))
    expect(new Set(opened.map(({ id }) => id))).toEqual(new Set([2]))
    expect(await store.events()).toHaveLength(2)
  })

  test('never both post a card, or tell anybody', async () => {
    const { store, change, together } = await world()
    const posts = await together(6, (of) => of.cardIsBeingPosted(1, { until, instead: null }))
    const tells = await together(6, (of) => of.requesterIsBeingTold(1, { until, news: 'sent' }))
    await store.record(1, bob, () => approval(bob, change, { quorum: true }))
    await store.record(1, 'app', () => ({ type: 'quorum_lost', at, lost: [{ by: bob, why: 'left' }], why: '1 more' }))
    const [untold] = await store.untoldVoidApprovals(1)
    const voids = await together(6, (of) => of.approverIsBeingTold(1, { until, of: untold! }))
    for (const claims of [posts, tells, voids]) expect(claims.filter(Boolean)).toHaveLength(1)
  })

  test('count each refusal', async () => {
    const { clock, store, together } = await world()
    await together(40, (of) => of.noteRefusal(refused, mallory, 1))
    clock.pass(600)
    await together(4, (of) => of.sumUpRefusals())
    const again = (await store.events()).flatMap(({ event }) => (event.type === 'refused' ? [event.again] : []))
    expect(again).toMatchObject([undefined, { times: 10, goesOn: true }, { times: 39 }])
  })

  test('note once what both see of many tokens, in whatever order each of them lists those', async () => {
    const { clock, store, together } = await world()
    const before = Array.from({ length: 120 }, (_, i) => token(i, 'before'))
    await store.rememberTokens('website', before, clock.iso())
    clock.pass(60)
    const seen = before.map((one, i) => (i % 3 === 0 ? token(i, 'after') : one))
    const look = (of: Store, i: number) =>
      of.rememberTokens('website', i % 2 === 0 ? seen : seen.toReversed(), clock.iso())
    const found = await together(6, look)
    expect(found.map(({ believed, missing }) => [believed.length, missing])).toEqual(found.map(() => [120, []]))
    expect(await store.knownTokens()).toEqual(seen)
    const edits = (await store.events()).flatMap(({ event }) => (event.type === 'outside_edit' ? event.tokenUid : []))
    expect(edits.toSorted()).toEqual(seen.filter((_, i) => i % 3 === 0).map(({ uid }) => uid))
  })

  test('keep a form as one of them saved it, and every form', async () => {
    const { store, together } = await world()
    const draft = { person: alice, stack: 'website', tokenUid: 't1', before: settings(), shown: null, afresh: {} }
    const save = (id: string) => (of: Store, i: number) =>
      of.saveDraft({ id: id || `d${i}`, form: { name: `${i}` }, ...draft, change: null, reverts: null }, at)
    await together(10, save('shared'))
    await together(10, save(''))
    expect((await store.draft('shared'))?.form).toEqual({ name: expect.stringMatching(/^\d$/) })
    for (let i = 0; i < 10; i++) expect((await store.draft(`d${i}`))?.form).toEqual({ name: `${i}` })
  })
})
