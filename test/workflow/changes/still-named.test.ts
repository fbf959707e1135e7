import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { StoredChange } from '../../../src/ports/changes.ts'
import type { Called, Chat } from '../../../src/ports/chat.ts'
import { createStillNamed, namingWhoIsHere } from '../../../src/workflow/changes/still-named.ts'
import { approvedBy, halfApprovedBy, pending } from '../../support/changes.ts'
import { turnsDuring } from '../../support/turns.ts'
import { bob, carol, dave, owners, requirement } from '../../support/world.ts'

const card = { channel: 'C1', ts: '1.2', seq: 1 }
const waiting = (from: readonly string[], id = 42) =>
  ({ change: { ...pending({ requirement: requirement(from) }), id }, card }) as StoredChange

/** Slack and the stored changes, after these people have left; `behind` are the cards that fell behind. */
function world(open: readonly StoredChange[], ...gone: string[]) {
  const left = new Set(gone)
  const behind: number[] = []
  const slack = { isDown: false }
  const asked: string[] = []
  const groups = { say: '', seats: { approvers: '', seated: '' } }
  const obstacle = async (person: string) => {
    asked.push(person)
    if (slack.isDown) throw new Error('Slack is down')
    return left.has(person) ? 'they have left' : null
  }
  const store = {
    openChangesBefore: async (id: number, most: number) => {
      const newestFirst = open.toSorted((a, b) => b.change.id - a.change.id)
      return newestFirst.filter(({ change }) => change.id < id).slice(0, most)
    },
    cardFellBehind: async (id: number) => void behind.push(id),
  }
  return {
    left,
    behind,
    slack,
    asked,
    groups,
    ...createStillNamed({
      store,
      people: { obstacle },
      heirsOf: async () => null,
      now: () => new Date('2026-11-01'),
      byGroups: async (change) => ({ change, says: groups.say, seats: groups.seats }),
    }),
  }
}

const namedIn = ({ requirement }: Change) => requirement.parties.flatMap(({ from }) => from)

describe("of the people in a change's rules", () => {
  test('those who have left are not shown, and the others are', async () => {
    const { shown } = world([], bob)
    expect(namedIn((await shown(waiting([bob, carol]))).change)).toEqual([carol])
  })

  test('the approval of one who has left is shown as no longer counting, even if no rule names them', async () => {
    const half = halfApprovedBy([bob, dave], { requirement: requirement([owners], 3) })
    const { shown } = world([], bob)
    const { change } = await shown({ change: half, card } as StoredChange)
    expect(change.lost).toEqual({ approvals: [{ by: bob, why: 'they have left' }], why: null })
  })

  test('earlier findings about lost approvals stay', async () => {
    const lost = { approvals: [{ by: bob, why: 'guests may not decide' }], why: 'one more is needed' }
    const half = { ...halfApprovedBy([bob, dave], { requirement: requirement([bob, dave], 3) }), lost } as Change
    const { shown } = world([], bob, dave)
    const { change } = await shown({ change: half, card } as StoredChange)
    expect(change.lost).toEqual({ ...lost, approvals: [...lost.approvals, { by: dave, why: 'they have left' }] })
  })

  test('everybody is shown on a change that waits for nobody, and nobody is looked up', async () => {
    const { shown, asked } = world([], bob)
    const stored = { change: approvedBy([bob]), card } as StoredChange
    expect(await shown(stored)).toEqual(stored)
    expect(asked).toEqual([])
  })

  test('people known to have left still count as gone while Slack cannot be asked, and nobody else does', async () => {
    const { turned, slack } = world([], bob)
    expect(await turned(bob)).toBe('they have left')
    slack.isDown = true
    expect([await turned(bob), await turned(carol)]).toEqual(['they have left', null])
  })
})

describe('once somebody has left, or is back', () => {
  test('the cards that name them fall behind, once, and no others', async () => {
    const cardless = { ...waiting([bob], 3), card: null }
    const { turned, left, behind } = world([waiting([bob, carol], 1), waiting([dave], 2), cardless], bob)
    for (const _ of [1, 2]) await turned(bob)
    expect(behind).toEqual([1])
    left.delete(bob)
    for (const _ of [1, 2]) expect(await turned(bob)).toBe(null)
    expect(behind).toEqual([1, 1])
  })

  test('while the app did not run, it finds out at its start, of each of them once', async () => {
    const { all, behind, asked } = world([waiting([bob, carol], 1), waiting([bob], 2)], bob)
    await all()
    expect([behind.toSorted(), asked.toSorted()]).toEqual([
      [1, 2],
      [bob, carol],
    ])
  })
})

test('once too few people are left in a group, or enough again, the cards that name it fall behind, once, and no others', async () => {
  const cardless = { ...waiting([owners], 3), card: null }
  const { groupsTurned, groups, behind } = world([waiting([owners, bob], 1), waiting([bob], 2), cardless])
  groups.say = 'only carol is left'
  for (const _ of [1, 2]) await groupsTurned()
  expect(behind).toEqual([1])
  groups.say = ''
  for (const _ of [1, 2]) await groupsTurned()
  expect(behind).toEqual([1, 1])
})

test('once an approver is in another group of the rules, the card that says so falls behind, and not for a new approval', async () => {
  const { groupsTurned, groups, behind } = world([waiting([owners], 1)])
  groups.seats = { approvers: bob, seated: 'owners' }
  for (const _ of [1, 2]) await groupsTurned()
  groups.seats = { approvers: `${bob} ${carol}`, seated: 'owners, security' }
  for (const _ of [1, 2]) await groupsTurned()
  expect(behind).toEqual([])
  groups.seats = { approvers: `${bob} ${carol}`, seated: 'security, security' }
  for (const _ of [1, 2]) await groupsTurned()
  expect(behind).toEqual([1])
})

test('a chat that names who is here leaves people who have left out of each card, each reminder and each message to a requester', async () => {
  const seen: string[][] = []
  const see = async (stored: StoredChange) => void seen.push(namedIn(stored.change))
  const chat = {
    postCard: see,
    updateCard: (_: unknown, stored: StoredChange) => see(stored),
    tellRequester: see,
    remind: see,
  } as unknown as Chat
  const here = namingWhoIsHere(chat, world([], bob))
  const stored = waiting([bob, carol])
  await here.postCard(stored, (post) => post())
  await here.updateCard(card, stored)
  await here.tellRequester(stored, (post) => post())
  await here.remind(stored, { ids: [carol], inGroups: {} })
  expect(seen).toEqual([[carol], [carol], [carol], [carol]])
})

test('a reminder calls only those whose take-over can go on, and everybody as before where all can', async () => {
  const calls: string[][] = []
  const chat = { remind: async (_: unknown, { ids }: Called) => void calls.push([...ids]) } as unknown as Chat
  const { shown } = world([])
  const remind = (heirs: string[]) =>
    namingWhoIsHere(chat, {
      shown: async (stored) => ({ ...stored, change: { ...(await shown(stored)).change, heirs } }),
    }).remind(waiting([bob, carol]), { ids: [carol], inGroups: {} })
  await remind([bob])
  await remind([])
  expect(calls).toEqual([[bob], [carol]])
})

test('somebody who leaves is named on hundreds of cards, and everything else has its turn in between', async () => {
  const many = Array.from({ length: 250 }, (_, i) => waiting([bob, carol], i + 1))
  const { turned, behind } = world(many, bob)
  expect(await turnsDuring(() => turned(bob))).toBeGreaterThan(250)
  expect(behind).toHaveLength(250)
})

test('people who have left are looked up for all changes in runs, and everything else has its turn in between', async () => {
  const many = Array.from({ length: 250 }, (_, i) => waiting([bob, carol], i + 1))
  const { all, groupsTurned } = world(many)
  expect(await turnsDuring(all)).toBeGreaterThanOrEqual(4)
  expect(await turnsDuring(groupsTurned)).toBeGreaterThanOrEqual(2)
})
