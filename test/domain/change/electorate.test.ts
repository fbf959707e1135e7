import { describe, expect, test } from 'vitest'
import {
  approvalsMissing,
  approvalsThatCount,
  approvalsThatDoNot,
  bringsNoNearer,
  canEverBeMet,
  type Electorate,
  obstacle,
  quorumMet,
  whoCanStillDecide,
} from '../../../src/domain/change/electorate.ts'
import { approval, changeAfter, electorate, halfApprovedBy, pending } from '../../support/changes.ts'
import { alice, bob, carol, dave, gus, mallory } from '../../support/world.ts'

const guests = 'guests may not use Countersign'
const seats = (people: string[], quorum = 1) => ({ people, quorum })

function demanding(...rules: { people: string[]; quorum: number }[][]): Electorate {
  return electorate(pending(), { demands: rules.map((parties, i) => ({ rule: `rule ${i}`, parties })) })
}

describe('the reason that somebody may not decide', () => {
  const change = { ...pending(), amenders: [dave] }
  const all = electorate(
    change,
    { barred: { [alice]: guests, [dave]: guests, [gus]: guests } },
    { people: [alice, bob, dave, gus] },
  )

  test.each([
    ['they asked for it', alice, 'whoever asks for a change may not decide on it'],
    ['they edited it', dave, 'whoever edits a change may not decide on it'],
    ['they are no full member', gus, guests],
    ['the policy does not name them', mallory, 'only the people its rule names may decide on it'],
  ])('%s, which comes before everything later in this list', (_, person, why) => {
    expect(obstacle(change, person, all)).toBe(why)
  })

  test('nothing stops a full member whom any party of any rule names', () => {
    expect(obstacle(change, bob, all)).toBeNull()
    const rules = demanding([seats([bob]), seats([carol])], [seats([mallory])])
    for (const person of [bob, carol, mallory]) expect(obstacle(pending(), person, rules)).toBeNull()
  })

  test('an empty party lets nobody decide', () => {
    expect(obstacle(pending(), bob, demanding([seats([])]))).not.toBeNull()
  })
})

describe('approvals', () => {
  const old = approval(dave, pending(), { seal: 'of an earlier revision' })
  const change = changeAfter([...[alice, bob, gus, mallory].map((by) => approval(by, pending())), old])
  const all = electorate(change, { barred: { [gus]: guests } }, { people: [alice, bob, carol, dave, gus], quorum: 3 })

  test('count when they are of what the change is now, by people who may decide on it now', () => {
    expect(approvalsThatCount(change, all).map(({ by }) => by)).toEqual([bob])
  })

  test('that do not count are named with why', () => {
    expect(approvalsThatDoNot(change, all)).toEqual([
      { by: alice, why: 'whoever asks for a change may not decide on it' },
      { by: gus, why: guests },
      { by: mallory, why: 'only the people its rule names may decide on it' },
      { by: dave, why: 'approved something different from what it is now' },
    ])
  })

  test('are missing up to the number that the strictest rule asks for', () => {
    expect(approvalsMissing(change, all)).toBe(2)
    const half = halfApprovedBy([bob])
    expect(approvalsMissing(half, demanding([seats([bob, carol])], [seats([bob, carol, dave], 3)]))).toBe(2)
    expect(approvalsMissing(half, demanding([seats([bob, carol], 2)], [seats([bob])]))).toBe(1)
    expect(approvalsMissing(half, demanding([seats([bob])]))).toBe(0)
  })
})

describe('a quorum', () => {
  const both = halfApprovedBy([bob, carol])

  test('is met if every rule is', () => {
    expect(quorumMet(both, demanding([seats([bob, carol], 2)], [seats([bob])]))).toBe(true)
    expect(quorumMet(both, demanding([seats([bob, carol], 2)], [seats([dave])]))).toBe(false)
    expect(quorumMet(both, demanding([seats([bob]), seats([bob, carol])]))).toBe(true)
    expect(quorumMet(both, demanding([seats([bob]), seats([bob])]))).toBe(false)
  })

  test('is not met without a rule, or if the policy forbids it', () => {
    expect(quorumMet(both, demanding())).toBe(false)
    expect(quorumMet(both, { ...demanding([seats([bob])]), forbidden: 'no' })).toBe(false)
  })
})

test('an approval brings a change no nearer once others have approved in its place, under every rule', () => {
  const half = halfApprovedBy([bob])
  const twoParties = [seats([bob, carol]), seats([dave])]
  expect(bringsNoNearer(half, carol, demanding(twoParties))).toBe(true)
  expect(bringsNoNearer(half, dave, demanding(twoParties))).toBe(false)
  expect(bringsNoNearer(half, carol, demanding(twoParties, [seats([carol])]))).toBe(false)
  expect(bringsNoNearer(half, carol, demanding([seats([bob, carol]), seats([bob])]))).toBe(false)
  for (const by of [alice, bob, mallory]) expect(bringsNoNearer(half, by, demanding(twoParties))).toBe(false)
  expect(bringsNoNearer(pending(), carol, demanding(twoParties))).toBe(false)
  expect(bringsNoNearer(half, carol, demanding([seats([bob, carol])]))).toBe(false)
})

describe('the people called to decide', () => {
  const change = { ...pending(), amenders: [dave] }
  const approved = { ...halfApprovedBy([bob]), amenders: [dave] }
  const rules = demanding([seats([alice, bob]), seats([carol, dave])], [seats([gus, carol, mallory])])

  test('are all that any rule names and whose approval is still missing, once', () => {
    expect(whoCanStillDecide(change, rules)).toEqual([bob, carol, gus, mallory])
    expect(whoCanStillDecide(approved, rules)).toEqual([carol, gus, mallory])
  })

  test('do not include anybody who may not', () => {
    expect(whoCanStillDecide(approved, { ...rules, barred: { [gus]: guests } })).toEqual([carol, mallory])
  })

  test('are none at all while the policy forbids it', () => {
    expect(whoCanStillDecide(approved, { ...rules, forbidden: 'no' })).toEqual([])
  })
})

describe('the question of enough people', () => {
  const asked = { requester: alice, amenders: [dave] }

  test('leaves out the requester, whoever edited it, and those who may do nothing here', () => {
    expect(canEverBeMet(asked, demanding([seats([alice, bob, carol, dave], 2)]))).toBe(true)
    expect(canEverBeMet(asked, demanding([seats([alice, bob, dave], 2)]))).toBe(false)
    const barred = { [carol]: guests }
    expect(canEverBeMet(asked, { ...demanding([seats([bob, carol], 2)]), barred })).toBe(false)
  })

  test('is asked of every rule, and without a rule there is nobody', () => {
    expect(canEverBeMet(asked, demanding([seats([bob])], [seats([carol], 2)]))).toBe(false)
    expect(canEverBeMet(asked, demanding())).toBe(false)
  })
})
