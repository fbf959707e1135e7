import { describe, expect, test } from 'vitest'
import type { Edit } from '../../../src/domain/change/edit.ts'
import { inText } from '../../../src/slack/kit/rich.ts'
import { standing } from '../../../src/words/standing.ts'
import { arrivalSeconds, createWorld, leaseSeconds, typesOf } from '../../support/core.ts'
import { losesTheWrite, takesOnly } from '../../support/stack.ts'
import { alice, bob, settings } from '../../support/world.ts'

const asked = settings({ name: 'ci-deploy-2' })
const byHand = settings({ description: 'by hand' })

/** Change #1, approved and sent; nobody knows what became of the update. */
async function lost(askedBefore: readonly Edit[] = []) {
  const all = createWorld()
  const { clock, core, stack } = all
  await core.looks.refreshAll()
  for (const edit of askedBefore) await core.changes.propose({ ...edit, reason: 'Because' }, 'view-2')
  const id = await core.approved()
  stack.behaviours.push(losesTheWrite)
  await core.catchUp.all()
  const looks = async (seconds: number) => {
    clock.pass(seconds)
    await core.looks.refreshAll()
    await core.catchUp.all()
    await core.catchUp.idle()
  }
  const says = async (of = id) => inText(standing((await core.store.get(of)).change))
  const types = () => typesOf(core)
  /** The lost update arrives after another change has ended. */
  const foundElsewhere = async (other: number, end: string) => {
    await looks(arrivalSeconds)
    await looks(10)
    expect((await core.store.get(other)).change.status).toBe(end)
    expect(stack.live.get('t1')).toMatchObject({ emailNotice: false })
    const noted = (await types()).filter((type) => type === 'outside_edit').length
    stack.live.set('t1', asked)
    await looks(10)
    expect((await types()).filter((type) => type === 'outside_edit')).toHaveLength(noted + 1)
  }
  return { ...all, id, looks, says, types, foundElsewhere }
}

/** The same, stopped by an edit made by hand. */
async function stopped() {
  const all = await lost()
  all.stack.live.set('t1', byHand)
  await all.looks(leaseSeconds)
  return all
}

/** The same, rebased onto that. */
async function rebased() {
  const all = await stopped()
  await all.core.changes.rebase({ id: all.id, by: alice, revision: 1 })
  return all
}

test("an earlier revision's update that arrives late is the doing of the change itself", async () => {
  const { core, id, looks, says, stack, types, chat } = await rebased()
  stack.live.set('t1', asked)
  await looks(61)
  expect((await core.store.get(id)).change).toMatchObject({ status: 'drifted', by: [id], elsewhere: false })
  expect(await says()).toMatch(
    /the token had been changed as an earlier revision asked; an update of an earlier revision was sent .*, and a look showed what it asked for/,
  )
  expect((await types()).filter((type) => type === 'outside_edit')).toHaveLength(1)
  expect(chat.told.at(-1)).toBe(`#${id} drifted`)
})

test('it is named by the other changes of the token too, though its change is still open', async () => {
  const { core, id, looks, says, stack } = await rebased()
  const edit = { stack: 'website', tokenUid: 't1', requester: alice, before: byHand }
  const other = await core.changes.propose(
    { ...{ ...edit, after: { ...byHand, emailNotice: false } }, reason: 'Because' },
    'view-2',
  )
  stack.live.set('t1', asked)
  await looks(61)
  expect(await says(other.id)).toContain(`the token had been changed as #${id} asked,`)
})

test('settings that nothing was sent for are not reported as written', async () => {
  const { core, id, looks, says, stack } = await rebased()
  await core.changes.approve({ id, by: bob, revision: 2 }, '')
  stack.live.set('t1', { ...byHand, name: 'ci-deploy-2' })
  await looks(arrivalSeconds)
  expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: false })
  expect(stack.writes()).toBe(1)
  expect(await says()).toMatch(
    /was already set this way; an update of an earlier revision was sent .* could arrive until/,
  )
})

test('what another change has written since is not taken for an update that got lost', async () => {
  const { core, id, looks, says, stack } = await lost()
  await looks(leaseSeconds)
  await core.changes.cancel(id, alice)
  const edit = { stack: 'website', tokenUid: 't1', requester: alice, before: settings(), after: asked }
  const other = await core.changes.propose({ ...edit, reason: 'Because' }, 'view-2')
  await core.changes.approve({ id: other.id, by: bob, revision: 1 }, '')
  await looks(arrivalSeconds)
  await looks(10)
  expect(stack.live.get('t1')).toMatchObject(asked)
  expect(await says(other.id)).toMatch(/was applied/)
  expect(await says()).not.toMatch(/was found/)
})

describe('an update so late that another change was written meanwhile, which it undoes, is found as an edit made elsewhere', () => {
  const edit = { stack: 'website', tokenUid: 't1', requester: alice }

  test.each(['before', 'after'])('where the other was asked for %s it', async (when) => {
    const other = { ...edit, before: settings(), after: settings({ emailNotice: false }) }
    const { core, id, looks, foundElsewhere } = await lost(when === 'before' ? [other] : [])
    await looks(leaseSeconds)
    await core.changes.cancel(id, alice)
    const [first] = await core.store.openChanges(edit)
    const { id: second } = first?.change ?? (await core.changes.propose({ ...other, reason: 'Because' }, 'view-2'))
    await core.changes.approve({ id: second, by: bob, revision: 1 }, '')
    await foundElsewhere(second, 'applied')
  })

  test('if the stack took only a part of the other', async () => {
    const { core, id, looks, stack, foundElsewhere } = await lost()
    await looks(leaseSeconds)
    await core.changes.cancel(id, alice)
    const after = settings({ emailNotice: false, description: 'New' })
    const other = await core.changes.propose({ ...{ ...edit, before: settings(), after }, reason: 'Because' }, 'view-2')
    await core.changes.approve({ id: other.id, by: bob, revision: 1 }, '')
    stack.behaviours.push(takesOnly('emailNotice'))
    await foundElsewhere(other.id, 'failed')
  })

  test.each(['is stopped', 'was asked for again over what was found'])('where its own change %s', async (state) => {
    const { core, foundElsewhere } = await (state === 'is stopped' ? stopped() : rebased())
    const after = { ...byHand, emailNotice: false }
    const other = await core.changes.propose({ ...{ ...edit, before: byHand, after }, reason: 'Because' }, 'view-2')
    await core.changes.approve({ id: other.id, by: bob, revision: 1 }, '')
    await foundElsewhere(other.id, 'applied')
  })
})

test('an update of an applied change that comes late, and undoes an edit made since, is reported', async () => {
  const { chat, core, id, looks, says, stack, types } = await lost()
  await looks(leaseSeconds)
  await looks(10)
  expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
  stack.live.set('t1', { ...asked, description: 'by hand' })
  await looks(61)
  expect(await says()).not.toContain('was found')
  stack.live.set('t1', asked)
  await looks(61)
  await looks(61)
  expect((await types()).filter((type) => ['outside_edit', 'write_arrived'].includes(type))).toEqual([
    'outside_edit',
    'write_arrived',
  ])
  expect(await says()).toMatch(/was applied .*; an update was sent .*, and a look showed what it asked for/)
  expect(chat.told.filter((one) => one === `#${id} applied`)).toHaveLength(2)
  expect((await core.store.get(id)).change.status).toBe('applied')
})
