import { expect, test } from 'vitest'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { createWhoDecides } from '../../../src/workflow/apply/who-decides.ts'
import { approvedBy, electorate } from '../../support/changes.ts'
import { bob } from '../../support/world.ts'

/** `fails`: the answers to come; then Slack says who decides. */
function world(...fails: unknown[]) {
  const change = approvedBy([bob])
  const forChange = async () => {
    const failure = fails.shift()
    if (failure !== undefined) throw failure
    return electorate(change)
  }
  const people = createWhoDecides({ forChange })
  const ask = () => people.electorateOf(change).catch(() => {})
  return { ...people, ask, id: change.id }
}

const away = new Outage('Slack does not answer.')

test('a change that waited for Slack alone may go on once, as soon as people can be asked again', async () => {
  const { ask, canBeAsked, mayGoOn, id } = world(away)
  await ask()
  expect(mayGoOn(id)).toBe(false)
  expect(canBeAsked()).toEqual([id])
  expect([mayGoOn(id), mayGoOn(id), canBeAsked()]).toEqual([true, false, []])
})

test('a change for which Slack has answered since does not wait for it any more', async () => {
  const { ask, canBeAsked } = world(away)
  await ask()
  await ask()
  expect(canBeAsked()).toEqual([])
})

test('a bug is not taken for a Slack that does not answer', async () => {
  const { ask, canBeAsked } = world(new TypeError('a bug'))
  await ask()
  expect(canBeAsked()).toEqual([])
})
