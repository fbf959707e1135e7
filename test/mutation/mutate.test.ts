import { describe, expect, test } from 'vitest'
import { type Found, standing, undone } from './ledger.ts'
import { isChosen } from './sample.ts'
import { fateOf, table } from './table.ts'
import { partOf, testsOf } from './tests.ts'

const found: Found[] = [
  { mutant: 'src/a.ts@1:0', test: 'test/a.test.ts@1', end: 'killed' },
  { mutant: 'src/a.ts@1:1', test: 'test/a.test.ts@1', end: 'lived' },
  { mutant: 'src/a.ts@1:1', test: 'test/b.test.ts@1', end: 'timeout' },
  { mutant: 'src/a.ts@1:2', test: 'test/b.test.ts@1', end: 'lived' },
  { done: 'test/a.test.ts@1', sources: 'x', leftOut: [] },
  { loaded: ['src/a.ts@1:3'] },
]

describe('the results of an earlier run of the mutants', () => {
  const fates = (...tests: string[]) => {
    const stand = standing(found, new Set(tests))
    return [0, 1, 2, 3].map((mutant) => fateOf(`src/a.ts@1:${mutant}`, stand))
  }

  test('hold as long as the tests are the same', () => {
    expect(fates('test/a.test.ts@1', 'test/b.test.ts@1')).toEqual(['killed', 'timeout', 'survived', 'no test'])
    expect(fates('test/a.test.ts@2', 'test/b.test.ts@1')).toEqual(['no test', 'timeout', 'survived', 'no test'])
  })

  test('are not looked for again, unless the test or a source has changed', () => {
    expect(undone(found, ['test/a.test.ts@1', 'test/b.test.ts@1'], 'x')).toEqual(['test/b.test.ts@1'])
    expect(undone(found, ['test/a.test.ts@2'], 'x')).toEqual(['test/a.test.ts@2'])
    expect(undone(found, ['test/a.test.ts@1'], 'y')).toEqual(['test/a.test.ts@1'])
  })
})

test('a sample is the same in every run', () => {
  expect([0, 1, 2, 3, 4].filter((number) => isChosen(`src/a.ts@1:${number}`, 2))).toEqual([0, 2, 4])
})

test('the table counts by folder, and a mutant that hung as noticed', () => {
  const fates = ['killed', 'timeout', 'survived', 'no test'] as const
  const mutants = [
    ...fates.map((fate) => ({ file: 'src/cli/audit/csv.ts', fate })),
    { file: 'src/cli.ts', fate: fates[0] },
  ]
  expect(table(mutants, partOf)).toBe(`| folder | mutants | killed | timeout | survived | no test | % |
| --- | --- | --- | --- | --- | --- | --- |
| src/cli/audit | 4 | 1 | 1 | 1 | 1 | 50.0 |
| src | 1 | 1 | 0 | 0 | 0 | 100.0 |`)
})

test('a file is tried with every test that loads it, in whatever way, the nearest first', () => {
  const { near, far } = testsOf(['src/cli/audit/csv.ts'])
  expect(near).toContain('test/cli/audit/export.test.ts')
  expect(near).not.toContain('test/cli/audit/honest.property.test.ts')
  expect(far.filter((file) => near.includes(file))).toEqual([])
  expect(testsOf(['src/domain/policy/glob.ts']).far).toContain('test/journeys/home.test.ts')
})
