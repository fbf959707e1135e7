import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { implied } from '../../../src/domain/quick/implied.ts'
import { nearlySaid, saidInEnglish } from '../../../src/domain/quick/in-english.ts'
import { facts, settings } from '../../support/world.ts'

const isToken = (text: string) => ['ci-deploy', 'CI Robot', 'extend', 'entry'].includes(text.trim())
const token = { before: settings(), facts: facts() }
const about = { now: new Date('2026-11-30T12:00:00Z'), token }

describe('a line said in the order of English, or with another verb, leads to the one that works', () => {
  test.each([
    ['add branch feature-x to ci-deploy', 'scope ci-deploy +feature-x'],
    ['add alias preview to ci-deploy because x', 'scope ci-deploy +preview because x'],
    ['add branches a and b to the token CI Robot', 'scope "CI Robot" +a +b'],
    ['remove branch main from ci-deploy', 'scope ci-deploy -main'],
    ['revoke branch main from ci-deploy', 'scope ci-deploy -main'],
    ['change the name of ci-deploy to ci-prod', 'rename ci-deploy to ci-prod'],
    ['set rate limit of ci-deploy to 50/10', 'limit ci-deploy 50/10'],
    ['set expiry of ci-deploy to 2027-12-31', 'extend ci-deploy to 2027-12-31'],
    ['grant write on assets to ci-deploy', 'grant ci-deploy write on assets'],
    ['give ci-deploy write access to assets', 'grant ci-deploy write to assets'],
    ['revoke write on entries from ci-deploy', 'revoke ci-deploy write on entries'],
    ['remove write from ci-deploy', 'revoke ci-deploy write'],
    ['prolong ci-deploy by 90d', 'extend ci-deploy by 90d'],
    ['extend the ci-deploy token by 90d', 'extend ci-deploy by 90d'],
    ["extend ci-deploy's expiry by 90d", 'extend ci-deploy by 90d'],
    ['extend expiry of ci-deploy by 90d', 'extend ci-deploy by 90d'],
    ['renew token "CI Robot" 90d', 'extend "CI Robot" 90d'],
    ['call ci-deploy ci-prod', 'rename ci-deploy to ci-prod'],
    ['let ci-deploy write assets', 'grant ci-deploy write assets'],
  ])('/token %s', (typed, line) => {
    expect(saidInEnglish(typed, isToken)).toContain(line)
  })

  test.each([
    ['remove expiry from ci-deploy', 'extend ci-deploy never'],
    ['clear the expiration date of ci-deploy because x', 'extend ci-deploy never because x'],
    ['set ci-deploy to no expiration', 'extend ci-deploy never'],
    ['set expiry of ci-deploy to none', 'extend ci-deploy never'],
    ["remove ci-deploy's rate limit", 'limit ci-deploy organisation'],
    ['remove the rate limits of ci-deploy', 'limit ci-deploy organisation'],
    ['take away write from ci-deploy', 'revoke ci-deploy write'],
    ['remove write from ci-deploy', 'revoke ci-deploy write'],
    ['remove branch expiry from ci-deploy', 'scope ci-deploy -expiry'],
    ['no expiry for ci-deploy', 'extend ci-deploy never'],
    ['keep ci-deploy alive until 2027-12-31', 'extend ci-deploy until 2027-12-31'],
    ['replace main with staging on ci-deploy', 'scope ci-deploy +staging -main'],
    ['move ci-deploy from main to branch staging', 'scope ci-deploy +staging -main'],
    ['remove everything but main from ci-deploy', 'restrict ci-deploy to main'],
    ['revoke everything except read on entries from ci-deploy', 'restrict ci-deploy to read on entries'],
    ['let ci-deploy only use branch main', 'restrict ci-deploy to branch main'],
    ['restrict ci-deploy access to main', 'restrict ci-deploy to main'],
    ['only allow ci-deploy read on entries', 'restrict ci-deploy to read on entries'],
    ['limit ci-deploy to branch main', 'restrict ci-deploy to branch main'],
    ['keep ci-deploy on main only', 'restrict ci-deploy to main'],
    ['confine ci-deploy to branches main and live', 'restrict ci-deploy to branches main and live'],
  ])('/token %s leads there and takes no branch away that it does not name', (typed, line) => {
    expect(saidInEnglish(typed, isToken)).toEqual([line])
  })

  test('a line longer than anybody says leads to none, since looking for it would keep everybody waiting', () => {
    const lines = (branch: string) => [
      ...saidInEnglish(`add branch ${branch} to ci-deploy`, isToken),
      ...implied(`ci-deploy +${branch}`, isToken),
    ]
    expect(lines('x'.repeat(200))).toHaveLength(2)
    expect(lines('x'.repeat(400))).toEqual([])
  })

  test.each(['delete ci-deploy', 'add branch a', 'frobnicate', 'notify ci-deploy off', 'set ci-deploy', ''])(
    '/token %s leads to none',
    (typed) => {
      expect(saidInEnglish(typed, isToken)).toEqual([])
    },
  )
})

test.each([
  ['ci-deploy only branch main', 'restrict ci-deploy to branch main'],
  ['ci-deploy should only be allowed to read entries', 'restrict ci-deploy to read entries'],
  ['ci-deploy must not write entries', 'revoke ci-deploy write entries'],
  ["ci-deploy shouldn't write", 'revoke ci-deploy write'],
  ['ci-deploy should only work on main', 'restrict ci-deploy to main'],
  ['make ci-deploy read-only on entries', 'revoke ci-deploy write on entries'],
])('a line with no verb, or with make, is taken for less access: /token %s', (typed, line) => {
  expect(implied(typed, isToken)).toEqual([line])
})

test('all branches except one leaves aliases as they are', () => {
  const [found, ...others] = nearlySaid('remove all branches except main from ci-deploy', isToken)
  expect(others).toEqual([])
  expect(found?.complaint.lines?.(about)).toEqual(['scope ci-deploy -development'])
  expect(nearlySaid('remove all aliases except main from ci-deploy', isToken)[0]?.complaint.lines?.(about)).toEqual([])
  expect(saidInEnglish('remove all branches except main from ci-deploy', isToken)).toEqual([])
})

test.each(['restrict ci-deploy to 50/10', 'limit ci-deploy to main'])(
  '%s leads from rate limits to branches, and back',
  (typed) => {
    const read = readQuick(typed, isToken)
    expect('complaint' in read && read.complaint.lines?.(about)).toEqual([
      typed.endsWith('main') ? 'restrict ci-deploy to main' : 'limit ci-deploy 50/10',
    ])
  },
)

test('a module may be a branch as well, so which is meant is asked', () => {
  const read = readQuick('restrict ci-deploy to release', isToken)
  expect('complaint' in read && read.complaint.lines?.(about)).toEqual([
    'restrict ci-deploy to read on release',
    'restrict ci-deploy to write on release',
    'restrict ci-deploy to branch release',
  ])
})

describe('branches said in words are answered with signs', () => {
  const said = (typed: string) => {
    const read = readQuick(typed, isToken)
    return 'command' in read ? read.command : { meant: read.complaint.meant, lines: read.complaint.lines?.(about) }
  }

  test('and between two of them says nothing', () => {
    expect(said('scope ci-deploy +feature-x and -main')).toMatchObject({ add: ['feature-x'], remove: ['main'] })
  })

  test.each([
    ['scope ci-deploy add feature-x', ['scope ci-deploy +feature-x']],
    ['scope ci-deploy add feature-x and remove main because x', ['scope ci-deploy +feature-x -main because x']],
    ['scope ci-deploy only main', ['scope ci-deploy -development -live']],
    ['scope ci-deploy only feature-x', ['scope ci-deploy +feature-x -main -development -live']],
    ['scope ci-deploy branch feature-x', ['scope ci-deploy +feature-x']],
    ['revoke ci-deploy branch main', ['scope ci-deploy -main']],
    ['grant ci-deploy alias preview', ['scope ci-deploy +preview']],
  ])('%s', (typed, lines) => {
    expect(said(typed)).toEqual({ meant: null, lines })
  })

  test('a name without a sign is offered with one', () => {
    expect(said('scope ci-deploy a b')).toEqual({ meant: '+a', lines: ['scope ci-deploy +a +b'] })
  })
})
