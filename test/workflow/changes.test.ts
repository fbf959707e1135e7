import { describe, expect, test } from 'vitest'
import { createWorld, type startCore, typesOf } from '../support/core.ts'
import { rawConnection } from '../support/file.ts'
import { alice, bob, carol, mallory, policyOfTwo, proposal, settings } from '../support/world.ts'

const notAllowed = { name: 'Refusal', code: 'not_allowed' }
const rejection = { by: bob, reason: 'not now', revision: 1 }

describe('every verb is one event by the person who said it', () => {
  test('approve, with the quorum of the policy in force', async () => {
    const { core, outside, proposed } = createWorld()
    outside.policy = policyOfTwo
    const id = await proposed()
    expect((await core.changes.approve(id, bob, 1)).status).toBe('pending')
    expect((await core.changes.approve(id, carol, 1)).status).toBe('approved')
    const seen = (await core.store.events(id)).map(({ actor, event }) => `${actor} ${event.type}`)
    expect(seen).toEqual([`${alice} proposed`, `${bob} approved`, `${carol} approved`])
  })

  test('reject', async () => {
    const { core, proposed } = createWorld()
    expect(await core.changes.reject(await proposed(), rejection)).toMatchObject({
      status: 'rejected',
      rejectedBy: bob,
    })
  })

  test('cancel', async () => {
    const { core, proposed } = createWorld()
    expect(await core.changes.cancel(await proposed(), alice)).toMatchObject({
      status: 'cancelled',
      cancelledBy: alice,
    })
  })
})

describe('whether a person could reject is told before they write down why', () => {
  test('to an approver of a pending change, and nothing is written', async () => {
    const { core, proposed } = createWorld()
    const id = await proposed()
    expect(await core.changes.mayReject(id, bob, 1)).toEqual((await core.store.get(id)).change)
    expect(await typesOf(core)).toEqual(['proposed'])
  })

  test.each([
    ['to somebody who is not on the list', mallory, 1, 'not_allowed'],
    ['to the requester', alice, 1, 'not_allowed'],
    ['on an older revision', bob, 0, 'wrong_status'],
  ])('no, %s, and the refusal is recorded', async (_, person, revision, code) => {
    const { core, proposed } = createWorld()
    await expect(core.changes.mayReject(await proposed(), person, revision)).rejects.toMatchObject({ code })
    expect((await core.store.events())[1]).toMatchObject({
      actor: person,
      event: { type: 'refused', attempted: 'reject', code },
    })
  })
})

test('a proposal that is sent again opens no second change', async () => {
  const { core, proposed } = createWorld()
  expect([await proposed(), await proposed()]).toEqual([1, 1])
  expect(await typesOf(core)).toEqual(['proposed'])
})

test('a second press of the same button is refused, and changes nothing', async () => {
  const { core, proposed } = createWorld()
  const id = await proposed()
  await core.changes.approve(id, bob, 1)
  const before = await core.store.get(id)
  await expect(core.changes.approve(id, bob, 1)).rejects.toMatchObject({ code: 'wrong_status' })
  expect(await core.store.get(id)).toEqual(before)
})

describe('a refusal is recorded, with who attempted what and why it was refused', () => {
  test.each([
    ['approve', (core: ReturnType<typeof startCore>) => core.changes.approve(1, mallory, 1)],
    ['reject', (core: ReturnType<typeof startCore>) => core.changes.reject(1, { ...rejection, by: mallory })],
    ['cancel', (core: ReturnType<typeof startCore>) => core.changes.cancel(1, mallory)],
  ])('%s', async (attempted, attempt) => {
    const { clock, core, proposed } = createWorld()
    await proposed()
    const refusal: unknown = await attempt(core).catch((error: unknown) => error)
    expect(refusal).toMatchObject(notAllowed)
    const why = (refusal as Error).message
    expect((await core.store.events(1))[1]).toEqual({
      seq: 2,
      at: clock.iso(),
      actor: mallory,
      changeId: 1,
      event: { type: 'refused', attempted, code: 'not_allowed', why },
    })
    expect((await core.store.get(1)).change.status).toBe('pending')
  })

  test('propose, which has no change yet', async () => {
    const { core } = createWorld()
    await expect(core.changes.propose(proposal({ after: settings() }), 'view-1')).rejects.toMatchObject({
      code: 'no_changes',
    })
    expect(await core.store.events()).toMatchObject([
      { actor: alice, changeId: null, event: { type: 'refused', attempted: 'propose', code: 'no_changes' } },
    ])
  })
})

test('a change that is not there is refused, and the log keeps that without referring to it', async () => {
  const { core } = createWorld()
  await expect(core.changes.approve(7, bob, 1)).rejects.toMatchObject({ code: 'not_found' })
  expect(await core.store.events()).toMatchObject([
    { changeId: null, event: { type: 'refused', attempted: 'approve' } },
  ])
})

test('if the log can not be written, nothing is decided', async () => {
  const { core, path, proposed } = createWorld()
  const id = await proposed()
  rawConnection(path).exec(
    `create trigger full before insert on audit_events begin select raise(abort, 'disk full'); end`,
  )
  await expect(core.changes.approve(id, bob, 1)).rejects.toThrow('disk full')
  await expect(core.changes.propose(proposal(), 'view-2')).rejects.toThrow('disk full')
  await expect(core.changes.approve(id, mallory, 1)).rejects.toThrow('disk full')
  expect((await core.store.get(id)).change).toMatchObject({ status: 'pending', approvals: [] })
})
