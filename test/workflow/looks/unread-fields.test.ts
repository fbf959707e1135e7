import { describe, expect, test } from 'vitest'
import { inText } from '../../../src/slack/kit/rich.ts'
import { standing } from '../../../src/words/standing.ts'
import { createWorld, startCore, typesOf } from '../../support/core.ts'
import type { Behaviour } from '../../support/stack.ts'
import { bob, edit, settings } from '../../support/world.ts'

const ungoverned = settings({ rateLimits: { kind: 'ungoverned' } })
const organisations = settings({ rateLimits: { kind: 'organisation' } })
const limited = settings({ rateLimits: { kind: 'custom', read: 5, write: 2 } })

/** A change asked for on a token that is read one way, and another way once the app was started with other settings. */
async function restarted(asked: { before: typeof ungoverned; after: typeof ungoverned }, then: typeof ungoverned) {
  const world = createWorld()
  world.stack.live.set('t1', asked.before)
  await world.core.looks.refreshAll()
  const { id } = await world.core.changes.propose({ ...edit(asked), reason: 'The pipeline moved' }, 'view-1')
  world.stack.live.set('t1', then)
  const next = startCore(world.outside, 'second')
  world.clock.pass(61)
  await next.looks.refreshAll()
  const statusOnceApproved = async () => {
    await next.changes.approve({ id, by: bob, revision: 1 }, '')
    await next.catchUp.all()
    return (await next.store.get(id)).change
  }
  return { ...world, id, next, statusOnceApproved }
}

const takesAndShows: Behaviour = (after) => ({ kept: after, answer: { kind: 'taken', stored: after } })

const renamed = (before: typeof ungoverned) => ({ before, after: { ...before, name: 'ci-2' } })

describe('rate limits whose fields are configured only at one of two looks', () => {
  test.each([
    ['from then on', renamed(ungoverned), organisations],
    ['from then on, and are set', renamed(ungoverned), limited],
    ['no more', renamed(limited), ungoverned],
  ])('%s: a change of something else is applied, and the limits stay as they are', async (_, asked, then) => {
    const { next, stack, statusOnceApproved } = await restarted(asked, then)
    stack.behaviours.push(takesAndShows)
    expect(await typesOf(next)).toEqual(['proposed'])
    const applied = await statusOnceApproved()
    expect(applied).toMatchObject({ status: 'applied', written: true })
    expect(inText(standing(applied))).not.toMatch(/some of it (differently|is not)|in the meantime/)
    expect(stack.writes()).toBe(1)
    expect(stack.live.get('t1')).toEqual({ ...then, name: 'ci-2' })
  })

  test('no longer: a change of the limits waits, and nothing is written', async () => {
    const { stack, statusOnceApproved } = await restarted({ before: organisations, after: limited }, ungoverned)
    expect(await statusOnceApproved()).toMatchObject({
      status: 'approved',
      interruption: {
        why: "Countersign could no longer read the token's rate limits, which this change would edit",
      },
    })
    expect(stack.writes()).toBe(0)
  })

  test('an edit of something else that was made elsewhere still stops it', async () => {
    const { id, next } = await restarted(renamed(ungoverned), { ...organisations, description: 'By hand' })
    expect(await typesOf(next)).toEqual(['proposed', 'outside_edit', 'drift_found'])
    expect((await next.store.get(id)).change.status).toBe('drifted')
  })
})

const flagged = (...otherExpiry: string[]) => settings({ otherExpiry })

describe('a field about expiry that the app does not understand', () => {
  test.each([
    ['comes to be there', flagged(), flagged('is_never_expires: true')],
    ['gets another value', flagged('is_never_expires: false'), flagged('is_never_expires: true')],
    ['goes', flagged('is_never_expires: true'), flagged()],
  ])('and %s elsewhere is an edit made elsewhere, and stops what waits', async (_, before, then) => {
    const { id, next } = await restarted(renamed(before), then)
    expect(await typesOf(next)).toEqual(['proposed', 'outside_edit', 'drift_found'])
    expect((await next.store.get(id)).change.status).toBe('drifted')
  })

  test('and comes between an approval and the write stops a change of the expiry, which is not written', async () => {
    const { clock, core, stack } = createWorld()
    stack.live.set('t1', flagged())
    await core.looks.refreshAll()
    const asked = edit({ before: flagged(), after: { ...flagged(), expiresOn: '2026-07-01' } })
    const { id } = await core.changes.propose({ ...asked, reason: 'It ends sooner' }, 'view-1')
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    stack.live.set('t1', flagged('is_never_expires: true'))
    clock.pass(30)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('drifted')
    expect(stack.writes()).toBe(0)
  })

  test('is no edit if an earlier release, which did not say, noted the token', async () => {
    const { next } = await restarted(renamed(settings()), flagged('is_never_expires: true'))
    expect(await typesOf(next)).toEqual(['proposed'])
  })
})
