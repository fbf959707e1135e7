import { describe, expect, test } from 'vitest'
import { mustWaitForOthers } from '../../src/domain/decide.ts'
import { applying, inEveryStatus, pending } from '../support/changes.ts'

describe('a change waits for another of its token', () => {
  test('while that is being applied, and in no other status', () => {
    const waitedFor = inEveryStatus().filter((other) => mustWaitForOthers([other]))
    expect(waitedFor.map(({ status }) => status)).toEqual(['applying'])
  })

  test('whatever else is open beside it, and not when nothing is', () => {
    expect(mustWaitForOthers([pending(), applying()])).toBe(true)
    expect(mustWaitForOthers([])).toBe(false)
  })
})
