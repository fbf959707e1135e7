import { expect, test } from 'vitest'
import { namesakesOf } from '../../../src/domain/change/namesakes.ts'
import { settings } from '../../support/world.ts'

const token = (uid: string, name: string, stack = 'website') => ({ stack, uid, settings: settings({ name }) })
const tokens = [token('t1', 'ci'), token('t2', 'Taken '), token('t3', 'taken'), token('t4', 'taken', 'shop')]
const renamed = (from: string, to: string, tokenUid = 't1') =>
  namesakesOf({ stack: 'website', tokenUid, before: settings({ name: from }), after: settings({ name: to }) }, tokens)

test('the other tokens of a stack with the new name of a token are found, whatever its capitals', () => {
  expect(renamed('ci', 'taken')).toEqual(['t2', 't3'])
  expect(renamed('ci', 'free')).toEqual([])
})

test('a token is not its own namesake, though somebody has given it the new name already', () => {
  expect(renamed('ci', 'taken', 't3')).toEqual(['t2'])
})

test('a token that keeps its name, or only changes its capitals, has none', () => {
  expect(renamed('taken', 'taken', 't3')).toEqual([])
  expect(renamed('taken', 'TAKEN', 't3')).toEqual([])
})
