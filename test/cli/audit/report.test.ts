import { describe, expect, test } from 'vitest'
import { exitCodeOf, inWords, type Verified } from '../../../src/cli/audit/report.ts'

const nothing = { first: [], count: 0 }
const yes = { holds: true, wrong: nothing, untold: nothing }

function verified(changes: Partial<Verified> = {}): Verified {
  const counts = { keyed: 2, keyless: 0, unchained: 0 }
  const end = { size: 2, head: 'abc', lastKey: 'k', counts, left: [], putBack: [] }
  return { intact: yes, complete: yes, anchorsMet: 0, filtered: false, ...end, ...changes }
}

const said = (changes?: Partial<Verified>, anchored = false) => inWords(verified(changes), { anchored })
const finding = { seq: 6, what: 'is not what was written' }
const found = { first: [finding, { seq: null, what: 'a trigger is gone' }], count: 5 }

describe('the report of audit verify', () => {
  test('has no needless line for a log with a key throughout', () => {
    expect(said()).toEqual([
      'intact: yes',
      'complete: yes',
      '2 entries; the hash of the last is abc.',
      '2 with a key, 0 without one, 0 from before the log was chained.',
    ])
    expect(said({ size: 1 })).toContain('1 entry; the hash of the last is abc.')
  })

  test('tells an empty log from one that could not be read', () => {
    expect(said({ size: 0 })).toContain('There are no entries.')
    expect(said({ size: 0, intact: { ...yes, holds: false } })).toContain('No entry was read.')
  })

  test('names the first findings, and how many more there are', () => {
    const wrong = said({ intact: { holds: false, wrong: found, untold: nothing } })
    expect(wrong.slice(0, 4)).toEqual([
      'intact: no',
      '  - #6 is not what was written',
      '  - a trigger is gone',
      '  - and 3 more like this',
    ])
    expect(said({ intact: { holds: null, wrong: nothing, untold: { ...found, count: 2 } } }).slice(0, 4)).toEqual([
      'intact: not known',
      '  - #6 is not what was written',
      '  - a trigger is gone',
      'complete: yes, as far as its entries can be trusted: not all of them could be checked',
    ])
  })

  test('claims nothing about approvals if some entries are not what was written', () => {
    const intact = { holds: false, wrong: found, untold: nothing }
    expect(said({ intact })).toContain(
      'complete: yes, as far as its entries can be trusted: not all of them are what was written',
    )
    expect(said({ intact, complete: { ...yes, holds: null } })).toContain(
      'complete: not known without an anchor: the newest entries could have been cut off',
    )
  })

  test('does not say that entries were altered if only something else in the database was', () => {
    const planted = { first: [{ seq: null, what: 'in the database the table "notes" was planted' }], count: 1 }
    expect(said({ intact: { holds: false, wrong: planted, untold: nothing } })).toContain(
      'complete: yes, as far as the log can be trusted: somebody may have edited the database',
    )
  })

  test('says how many anchors the log was checked against', () => {
    expect(said({ anchorsMet: 1 })).toContain('Checked against 1 anchor.')
    expect(said({ anchorsMet: 2 })).toContain('Checked against 2 anchors.')
  })

  test('says why nobody can tell if it is complete, by what it was checked against', () => {
    const [, complete] = said({ complete: { ...yes, holds: null } })
    expect(complete).toMatch(/^complete: not known without an anchor: all that was applied was approved, but/)
    const putBack = [{ seq: 9, at: '2026-06-01', by: 'operator:olga', size: 8, gone: 11 }]
    const [, after] = said({ complete: { ...yes, holds: null }, putBack }, true)
    expect(after).toMatch(/^complete: not known: every given anchor is of entries that were lost/)
    expect(said({ complete: { ...yes, holds: null }, putBack })[1]).toBe(complete)
    expect(said({ complete: { ...yes, holds: null } }, true)[1]).toBe(complete)
  })

  test('says what entries without a key and without a chain are worth, and where a key was left or lost', () => {
    const counts = { keyed: 0, keyless: 1, unchained: 2 }
    const left = [
      { seq: 3, by: 'operator:olga' },
      { seq: 4, by: 'operator:olga', lost: 'k1' },
    ]
    expect(said({ counts, left }).slice(-5)).toEqual([
      '0 with a key, 1 without one, 2 from before the log was chained.',
      '#3, by operator:olga, says that the log goes on without a key from there.',
      "#4, by operator:olga, says that nobody has the key k1 any more: what was written with it can't be verified by key.",
      '1 was written without a key: whoever could write to the database at that time could have rewritten them.',
      '2 are from before the log was chained: whoever could write to the database at that time could have rewritten them.',
    ])
  })

  test('ends with 1 if something is wrong, with 2 if something could not be told, otherwise with 0', () => {
    const no = { ...yes, holds: false }
    const untold = { ...yes, holds: null, untold: { first: [finding], count: 1 } }
    expect(exitCodeOf(verified())).toBe(0)
    expect(exitCodeOf(verified({ intact: no, complete: untold }))).toBe(1)
    expect(exitCodeOf(verified({ intact: untold, complete: no }))).toBe(1)
    expect(exitCodeOf(verified({ intact: untold }))).toBe(2)
    expect(exitCodeOf(verified({ complete: untold }))).toBe(2)
    expect(exitCodeOf(verified({ complete: { ...yes, holds: null } }))).toBe(0)
  })
})
