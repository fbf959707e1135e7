import { expect, test } from 'vitest'
import { createElectorates } from '../../../src/workflow/changes/electorates.ts'
import { createInGroups } from '../../../src/workflow/changes/in-groups.ts'
import { pending } from '../../support/changes.ts'
import { ask, bob, carol, dave, owners, policyOf, requirement, security } from '../../support/world.ts'

/** Slack, with these members in the groups. */
function world(groups: Record<string, readonly string[]>) {
  const asked: string[] = []
  const slack = { isDown: false }
  const answer = async <T>(id: string, found: T): Promise<T> => {
    asked.push(id)
    if (slack.isDown) throw new Error('Slack is down')
    return found
  }
  const people = {
    obstacle: (person: string) => answer(person, null),
    members: (group: string) => answer(group, groups[group] ?? []),
    canonical: async (person: string) => person,
  }
  const policyFor = () => policyOf([ask([owners])])
  const electorates = createElectorates({ people, policyFor, now: () => new Date(0) })
  return { groups, slack, asked, ...createInGroups({ electorates }) }
}

test('in a rule of people and groups, only the party that cannot be filled names who is left', async () => {
  const of = { ...requirement(), parties: [security, owners].map((id) => ({ from: [id], quorum: 2 })) }
  const { byGroups } = world({ [owners]: [bob], [security]: [carol, dave] })
  const { change } = await byGroups(pending({ requirement: of }))
  expect(change.requirement.parties.map(({ from }) => from)).toEqual([[security], [bob]])
  expect(change.tooFew).toBe(true)
})

test('known facts about a group are still shown while Slack cannot be asked, and about another nothing is', async () => {
  const { byGroups, groups, slack } = world({ [owners]: [bob] })
  const change = pending({ requirement: requirement([owners], 2) })
  const found = await byGroups(change)
  expect(found.change.tooFew).toBe(true)
  slack.isDown = true
  groups[owners] = [bob, carol]
  expect(await byGroups(change)).toEqual(found)
  const other = { ...change, id: 43 }
  expect(await byGroups(other)).toMatchObject({ change: other, says: '' })
  slack.isDown = false
  expect(await byGroups(change)).toMatchObject({ change, says: '' })
})

test('no more people of a large group are looked up than it takes', async () => {
  const { byGroups, asked } = world({ [owners]: Array.from({ length: 400 }, (_, i) => `U${i}`) })
  await byGroups(pending({ requirement: requirement([owners], 2) }))
  expect(asked.filter((id) => id !== owners)).toEqual(['U0', 'U1'])
})
