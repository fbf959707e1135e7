import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exampleOf, readQuick } from '../../../src/domain/quick/command.ts'
import { written } from '../../../src/domain/quick/text.ts'
import { type QuickCommand, type QuickVerb, quickVerbs } from '../../../src/domain/quick/verbs.ts'
import { namesOf } from '../../../src/domain/token/find.ts'
import { modules } from '../../../src/domain/token/token.ts'
import { settings } from '../../support/world.ts'

const tokensCalled = (...names: string[]) =>
  namesOf(names.map((name, i) => ({ stack: 'website', uid: `blt${i}`, settings: settings({ name }) })))

const known = tokensCalled('ci-deploy', 'ci', 'ci to go', 'Just because', 'on call', "bob's robot", 'read')

function command(text: string, isToken = known): QuickCommand {
  const read = readQuick(text, isToken)
  if ('complaint' in read) throw new Error(`${text}: ${JSON.stringify(read.complaint)}`)
  return read.command
}

function complaint(text: string) {
  const read = readQuick(text, known)
  if ('command' in read) throw new Error(`${text} was understood as ${JSON.stringify(read.command)}`)
  return read.complaint
}

const plain = { token: 'ci-deploy', reason: null }

describe('every quick command is understood', () => {
  test.each<[string, QuickCommand]>([
    ['rename ci-deploy to CI Deploy', { verb: 'rename', ...plain, name: 'CI Deploy' }],
    ['RENAME ci-deploy TO x', { verb: 'rename', ...plain, name: 'x' }],
    ['extend ci-deploy 90d', { verb: 'extend', ...plain, until: { kind: 'for', count: 90, unit: 'd' } }],
    ['extend ci-deploy 3 weeks', { verb: 'extend', ...plain, until: { kind: 'for', count: 3, unit: 'w' } }],
    ['extend ci-deploy 6m', { verb: 'extend', ...plain, until: { kind: 'for', count: 6, unit: 'm' } }],
    ['extend ci-deploy 1 Year', { verb: 'extend', ...plain, until: { kind: 'for', count: 1, unit: 'y' } }],
    ['extend ci-deploy 2027-01-31', { verb: 'extend', ...plain, until: { kind: 'day', day: '2027-01-31' } }],
    ['extend ci-deploy never', { verb: 'extend', ...plain, until: { kind: 'never' } }],
    ['grant ci-deploy write on entry, asset', { verb: 'grant', ...plain, access: 'write', on: ['entry', 'asset'] }],
    ['grant ci-deploy read on all', { verb: 'grant', ...plain, access: 'read', on: 'everything' }],
    ['grant ci-deploy read on the whole stack', { verb: 'grant', ...plain, access: 'read', on: 'everything' }],
    [
      'grant ci-deploy read on Entries and content types, Global-Fields & entry',
      { verb: 'grant', ...plain, access: 'read', on: ['entry', 'content_type', 'global_field'] },
    ],
    ['revoke ci-deploy write', { verb: 'revoke', ...plain, access: 'write', on: 'everything' }],
    ['revoke ci-deploy write on entry', { verb: 'revoke', ...plain, access: 'write', on: ['entry'] }],
    ['restrict ci-deploy to read on entry', { verb: 'restrict', ...plain, only: { access: 'read', on: ['entry'] } }],
    ['restrict ci-deploy to reading entries', { verb: 'restrict', ...plain, only: { access: 'read', on: ['entry'] } }],
    ['restrict ci-deploy read', { verb: 'restrict', ...plain, only: { access: 'read', on: 'everything' } }],
    ['restrict ci-deploy to main', { verb: 'restrict', ...plain, only: { names: ['main'] } }],
    [
      'restrict ci-deploy to branch main and alias live',
      { verb: 'restrict', ...plain, only: { names: ['main', 'live'] } },
    ],
    ['restrict ci-deploy to main, "a, b"', { verb: 'restrict', ...plain, only: { names: ['main', 'a, b'] } }],
    ['scope ci-deploy +feature-x -main', { verb: 'scope', ...plain, add: ['feature-x'], remove: ['main'] }],
    ['scope ci-deploy –main, +"a b", +a', { verb: 'scope', ...plain, add: ['a b', 'a'], remove: ['main'] }],
    ['limit ci-deploy read 50 write 10', { verb: 'limit', ...plain, to: { read: 50, write: 10 } }],
    ['limit ci-deploy write 10, read 50', { verb: 'limit', ...plain, to: { read: 50, write: 10 } }],
    ['limit ci-deploy organization', { verb: 'limit', ...plain, to: 'organisation' }],
  ])('%s', (text, meaning) => {
    expect(command(text)).toEqual(meaning)
    const reason = 'it is late, because of “to on never”\nand so on'
    expect(command(`  ${text}  because  ${reason} `)).toEqual({ ...meaning, reason })
    expect(command(`${text} Because: late`)).toEqual({ ...meaning, reason: 'late' })
    expect(command(`${text} because`)).toEqual(meaning)
  })
})

describe('a token is found in the line', () => {
  test.each([
    ['the longest known name', 'rename ci to go to x', 'ci to go', 'x'],
    ['a shorter one, where the longest leaves nothing to read', 'rename ci to go', 'ci', 'go'],
    ['whatever its letters', 'rename CI TO GO to x', 'CI TO GO', 'x'],
    ['by its uid', 'rename blt3 to x', 'blt3', 'x'],
    ['with the word because in it', 'rename just because to x', 'just because', 'x'],
    ['in straight quotes', 'rename "no such to" to x', 'no such to', 'x'],
    ['in the quotes that Slack makes of them', 'rename “no such to” to ‘a because b’', 'no such to', 'a because b'],
    ['in quotes of which one was turned and one was not', 'rename “no such" to x', 'no such', 'x'],
    ['in single quotes, with an apostrophe', "rename 'bob's robot' to ’tis", "bob's robot", '’tis'],
    ['with an apostrophe and without quotes', "rename bob's robot to x", "bob's robot", 'x'],
    ['unknown, with as few words as can be', 'rename some robot to x to y', 'some robot', 'x to y'],
    [
      'in quotes, with quotes and backslashes in it',
      String.raw`rename "a \"b\" \\ \c" to x`,
      String.raw`a "b" \ \c`,
      'x',
    ],
    [
      'with quotes that nothing closes, before one that is',
      `rename 'x 'y "a because b" to z`,
      `'x 'y "a because b"`,
      'z',
    ],
    ['with a quote that nothing closes', 'rename "ci to x', '"ci', 'x'],
  ])('%s', (_, text, token, name) => {
    expect(command(text)).toEqual({ verb: 'rename', token, name, reason: null })
  })

  test('a new name ends before the first because, unless it is quoted', () => {
    expect(command('rename ci to a because b because c')).toMatchObject({ name: 'a', reason: 'b because c' })
    expect(command('rename ci to "a because b" because c')).toMatchObject({ name: 'a because b', reason: 'c' })
    expect(command('rename ci to the "a because b" robot because c')).toMatchObject({
      name: 'the "a because b" robot',
      reason: 'c',
    })
  })

  test('known or not, its name may contain the words that come after it', () => {
    expect(command('grant on call read on entry')).toMatchObject({ token: 'on call', access: 'read', on: ['entry'] })
    expect(command('grant read read on entry')).toMatchObject({ token: 'read', access: 'read' })
    expect(command('grant unknown read write on all')).toMatchObject({ token: 'unknown read', access: 'write' })
    expect(command('extend ci 90d 90d', tokensCalled('ci 90d'))).toMatchObject({ token: 'ci 90d' })
  })
})

test('an unknown name has at most twenty words', () => {
  const words = (n: number) => Array.from({ length: n }, () => 'x').join(' ')
  expect(command(`extend ${words(20)} 90d`)).toMatchObject({ token: words(20) })
  expect(readQuick(`extend ${words(21)} 90d`, known)).toHaveProperty('complaint')
  expect(command(`extend ${words(21)} 90d`, tokensCalled(words(21)))).toMatchObject({ token: words(21) })
})

describe('a wrong word is answered with the nearest right one and an example', () => {
  test.each([
    ['renam ci to x', 'renam', 'rename', 'rename ci-deploy to CI Deploy'],
    ['extnd ci 90d', 'extnd', 'extend', 'extend ci-deploy 90d'],
    ['frobnicate ci', 'frobnicate', null, 'rename ci-deploy to CI Deploy'],
    ['rename', null, null, 'rename ci-deploy to CI Deploy'],
    ['rename ci', null, null, 'rename ci to CI Deploy'],
    ['rename ci as x', 'as', 'to', 'rename ci to CI Deploy'],
    ['rename ci to', null, null, 'rename ci to CI Deploy'],
    ['rename ci to ""', null, null, 'rename ci to CI Deploy'],
    ['rename ci to because it is late', null, null, 'rename ci to CI Deploy'],
    ['extend ci', null, null, 'extend ci 90d'],
    ['extend ci nevr', 'nevr', 'never', 'extend ci 90d'],
    ['extend ci 0d', '0d', null, 'extend ci 90d'],
    ['extend ci 10000d', '10000d', null, 'extend ci 90d'],
    ['extend ci 2027-02-29', '2027-02-29', null, 'extend ci 90d'],
    ['grant ci', null, null, 'grant ci write on entry, asset'],
    ['grant ci wirte on entry', 'wirte', 'write', 'grant ci write on entry, asset'],
    ['grant ci write', null, null, 'grant ci write on entry, asset'],
    ['grant ci write in entry', 'in', 'on', 'grant ci write on entry, asset'],
    ['grant ci write on', null, null, 'grant ci write on entry, asset'],
    ['grant ci write on entrys', 'entrys', 'entry', 'grant ci write on entry, asset'],
    ['grant ci write on entry, contenttypes', 'contenttypes', 'content_type', 'grant ci write on entry, asset'],
    ['grant ci write on zzz', 'zzz', null, 'grant ci write on entry, asset'],
    ['grant ci write on all, entry', 'all', null, 'grant ci write on entry, asset'],
    ['revoke just because raed', 'raed', 'read', 'revoke "just because" write on entry'],
    ['scope ci', null, null, 'scope ci +feature-x -main'],
    ['scope ci main', 'main', '+main', 'scope ci +feature-x -main'],
    ['scope ci +main -main', 'main', null, 'scope ci +feature-x -main'],
    ['scope ci + main', '+', null, 'scope ci +feature-x -main'],
    ['limit ci', null, null, 'limit ci read 50 write 10'],
    ['limit ci organistion', 'organistion', 'organisation', 'limit ci read 50 write 10'],
    ['limit ci read 50', 'read 50', null, 'limit ci read 50 write 10'],
    ['limit ci read 50 read 10', 'read 50 read 10', null, 'limit ci read 50 write 10'],
    ['limit ci read 1.5 write 10', '1.5', null, 'limit ci read 50 write 10'],
  ])('%s', (text, word, meant, example) => {
    const said = complaint(text)
    expect(said).toMatchObject({ word, meant, example })
    expect(said.says).toMatch(/\.$/)
    expect(readQuick(said.example, known)).toHaveProperty('command')
  })
})

const tricks = ['to', 'on', 'because', 'read', 'write', 'never', '90d', 'all', '+main', 'ci', 'organisation']
const marks = ['"', '“', '”', "'", '’', '\\', '\\"', ' ', '  ', '\n', ',', '<!channel>', '\u202E', '\uFEFF', '#', '→']
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...tricks, ...marks), fc.string({ unit: 'grapheme', maxLength: 4 })), {
    maxLength: 8,
  })
  .chain((all) => fc.constantFrom(all.join(' '), all.join('')))
const name = hostile.filter((text) => text !== '')
const reason = fc.oneof(
  fc.constant(null),
  hostile.map((text) => text.trim() || null),
)
const access = fc.constantFrom('read' as const, 'write' as const)
const on = fc.oneof(fc.constant('everything' as const), fc.subarray([...modules], { minLength: 1 }))
const until = fc.oneof(
  fc.constantFrom({ kind: 'never' as const }, { kind: 'day' as const, day: '2028-02-29' }),
  fc.record({
    kind: fc.constant('for' as const),
    count: fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: -9999, max: -1 })),
    unit: fc.constantFrom('d' as const, 'w' as const, 'm' as const, 'y' as const),
  }),
)
const branches = fc
  .tuple(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), fc.nat({ max: 5 }))
  .map(([names, n]) => ({ add: names.slice(0, n), remove: names.slice(n) }))
const rates = fc.record({ read: fc.nat({ max: 999_999_999 }), write: fc.nat({ max: 999_999_999 }) })
/** The possible requests of each verb. */
const asks: { readonly [V in QuickVerb]: fc.Arbitrary<Asked<V>> } = {
  rename: fc.record({ name }),
  extend: fc.record({ until }),
  grant: fc.record({ access, on }),
  revoke: fc.record({ access, on }),
  restrict: fc.record({
    only: fc.oneof(
      fc.record({ access, on }),
      fc.record({ names: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }) }),
    ),
  }),
  scope: branches,
  limit: fc.record({ to: fc.oneof(fc.constant('organisation' as const), rates) }),
}
type Asked<V extends QuickVerb> = Omit<Extract<QuickCommand, { verb: V }>, 'verb' | 'token' | 'reason'>
const anyCommand = fc
  .tuple(fc.constantFrom(...quickVerbs), name, reason)
  .chain(([verb, token, reason]) => asks[verb].map((asks) => ({ ...asks, verb, token, reason }) as QuickCommand))

describe('a printed command reads as the same command', () => {
  test('whatever the names and the reason are, and whatever other tokens are called', () => {
    fc.assert(
      fc.property(anyCommand, fc.array(name, { maxLength: 4 }), fc.boolean(), (said, others, isKnown) => {
        const isToken = tokensCalled(...others, ...(isKnown ? [said.token] : []))
        expect(command(written(said, isToken), isToken)).toEqual(said)
      }),
      { numRuns: 1000 },
    )
  })

  test('and so does any line that was understood', () => {
    const line = fc.tuple(fc.constantFrom(...quickVerbs), hostile)
    const plainEnds = ['to x', '90d', 'write on entry', 'write', '+a -b', 'read 1 write 2', '']
    const loose = [
      'by 90d',
      'until 31 Jan 2027',
      'write assets',
      'to main',
      'to branches main and live',
      'to read on entries',
      'read and write on entries',
      'read,write assets',
      '50/10',
    ]
    const ends = fc.constantFrom(...plainEnds, ...loose, ...loose.map((end) => `${end} because it is late`))
    fc.assert(
      fc.property(line, ends, fc.array(name, { maxLength: 3 }), ([verb, text], end, names) => {
        const isToken = tokensCalled(...names)
        const read = readQuick(`${verb} ${text} ${end}`, isToken)
        if ('command' in read) expect(command(written(read.command, isToken), isToken)).toEqual(read.command)
        else expect(read.complaint.says).toMatch(/\.$/)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    'rename ci-deploy to CI Deploy because the pipeline moved',
    'rename ci to go to x',
    'extend ci-deploy 90d',
    'extend ci-deploy never',
    'revoke ci-deploy write on all',
    'scope ci-deploy +feature-x -main',
    'limit ci-deploy read 50 write 10',
    ...quickVerbs.map((verb) => exampleOf(verb)),
  ])('without quotes where none are needed: %s', (text) => {
    expect(written(command(text), known)).toBe(text)
  })
})
