import { describe, expect, test } from 'vitest'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { AccessRefused } from '../../../src/domain/refusal.ts'
import { createOwnLooks } from '../../../src/workflow/apply/own-looks.ts'
import { createWorld, leaseSeconds, typesOf } from '../../support/core.ts'
import { takesButNeverAnswers } from '../../support/stack.ts'
import { bob, facts, settings } from '../../support/world.ts'

const bug = new TypeError('a bug')

describe('the looks of an apply', () => {
  test('go ahead of all others, before and after its update', async () => {
    const { core, stack } = createWorld()
    const wanted: unknown[] = []
    const { token } = stack.api
    Object.assign(stack.api, {
      token: (uid: string, how: unknown) => {
        wanted.push(how)
        return token(uid)
      },
    })
    await core.approved()
    await core.catchUp.all()
    expect(wanted).toEqual([{ first: true }, { first: true }])
  })

  test('are reported to those who watch the token, without what only the stack understands, unless it showed something older', async () => {
    const seen: unknown[] = []
    const onLook = async (...one: unknown[]) => void seen.push(one)
    const { report } = createOwnLooks({ onLook } as unknown as Parameters<typeof createOwnLooks>[0])
    const token = { stack: 'website', uid: 't1', settings: settings() }
    const look = { live: { ...token, raw: { uid: 't1' } }, began: '2026-06-01T09:00:00.000Z' }
    await report({ ...look, believed: false })
    expect(seen).toEqual([])
    await report({ ...look, believed: true })
    expect(seen).toEqual([[[token], look.began]])
  })
})

describe('a look that fails within the app', () => {
  /** A change whose update was sent, and whose looks fail after that. */
  async function sent(failure: Error) {
    const world = createWorld()
    const id = await world.core.approved()
    world.stack.behaviours.push(takesButNeverAnswers)
    world.stack.onWrite = async () => {
      world.stack.onLook = () => Promise.reject(failure)
    }
    await world.core.catchUp.all()
    return { ...world, id }
  }

  test('after an update is an error for whoever runs the app, and nothing is concluded from it', async () => {
    const { core, clock, id } = await sent(bug)
    expect(core.failures).toEqual([`apply #${id}: a bug`])
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change.status).toBe('applying')
    expect(change).not.toHaveProperty('unseen')
  })

  test('is not an outage of the stack, for which the change says why it waits', async () => {
    const { core, clock, id } = await sent(new Outage('the stack is down'))
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'applying',
      unseen: { why: 'the stack is down' },
    })
  })

  test.each([
    ['within the app, it is an error', bug, ['apply #1: a bug']],
    ['because the stack is away, it is none', new Outage('the stack is down'), []],
  ])('where aliases point lets the change wait; %s', async (_, failure, failures) => {
    const { core, stack, clock } = createWorld()
    stack.live.set('t1', settings({ aliases: ['live'] }))
    stack.facts = facts({ aliasTargets: { live: 'main' } })
    await core.looks.refreshAll()
    const id = await core.approved()
    clock.pass(61)
    stack.onFacts = () => Promise.reject(failure)
    await core.catchUp.all()
    expect(core.failures).toEqual(failures)
    expect(await typesOf(core, id)).toContain('apply_interrupted')
  })
})

test('an update that the stack took is judged by its own process as soon as a look works, before its lease is over', async () => {
  const { core, stack, clock } = createWorld()
  const id = await core.approved()
  stack.onWrite = async () => {
    stack.onLook = () => Promise.reject(new Outage('the stack is down'))
  }
  await core.catchUp.all()
  stack.onLook = async () => {}
  clock.pass(leaseSeconds / 2)
  await core.catchUp.all()
  expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'apply_started', 'write_answered', 'applied'])
})

test('a stack that does not let the app in with an update is an error for whoever runs it', async () => {
  const { core, stack } = createWorld()
  const id = await core.approved()
  const barred = new AccessRefused('The authtoken has ended.', 'the authtoken has ended')
  stack.behaviours.push((_, before) => ({
    kept: before,
    answer: { kind: 'busy', why: 'the stack does not let Countersign in', barred },
  }))
  await core.catchUp.all()
  expect(core.failures).toEqual([`apply #${id}: The authtoken has ended.`])
  expect((await core.store.get(id)).change.status).toBe('approved')
})

test('a change whose next try is not due is left alone until it is', async () => {
  const { core, stack, clock } = createWorld()
  const id = await core.approved()
  stack.behaviours.push((_, before) => ({ kept: before, answer: { kind: 'busy', why: 'too many requests' } }))
  await core.catchUp.all()
  const { change } = await core.store.get(id)
  expect(await core.applier.catchUp(change)).toBe(false)
  expect(stack.writes()).toBe(1)
  clock.pass(11)
  expect(await core.applier.catchUp(change)).toBe(true)
  expect(stack.writes()).toBe(2)
})

test('an answer that does not show the token is enough, and no failure', async () => {
  const { core } = createWorld()
  const id = await core.approved()
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
  expect(core.failures).toEqual([])
})

test('a change whose aliases were not known shows that it is being applied before they are looked up, at its first try', async () => {
  const { core, stack, clock } = createWorld()
  const bare = settings({ aliases: [] })
  stack.live.set('t1', bare)
  stack.facts = facts({ aliasTargets: {} })
  await core.looks.refreshAll()
  const id = await core.proposed({ before: bare, after: settings({ aliases: ['live'] }) })
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  clock.pass(61)
  stack.calls.length = 0
  stack.onFacts = () => Promise.reject(new Outage('the stack is down'))
  const shown = async () => void stack.calls.push('shown')
  await core.applier.apply(id, shown)
  expect(stack.calls.slice(0, 2)).toEqual(['shown', 'facts'])
  expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', interruptions: 1 })
  stack.calls.length = 0
  await core.applier.apply(id, shown)
  expect(stack.calls).not.toContain('shown')
})
