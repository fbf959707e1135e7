import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { namesOf, titleStacks } from '../../../src/domain/token/find.ts'
import { settings } from '../../support/world.ts'

const token = (uid: string, name: string, stack = 'website') => ({ stack, uid, settings: settings({ name }) })
const tokens = [token('blt1', 'ci-deploy'), token('blt2', 'twin'), token('blt3', 'twin', 'shop')]
titleStacks(tokens, new Map([['website', 'Acme Site']]))
const about = { now: new Date('2026-11-30T12:00:00Z'), token: null }

function read(typed: string) {
  const found = readQuick(typed, namesOf(tokens))
  if ('command' in found) return found.command
  const { word, says, reason, lines } = found.complaint
  return { word, says, reason, lines: lines?.(about) }
}

describe('a courtesy is not part of what is asked for', () => {
  test.each([
    'to ci-prod please',
    'to ci-prod, please!',
    'to ci-prod asap, thanks',
    'to ci-prod Thank you very much.',
    'to "ci-prod" please',
    'please to ci-prod',
    'to ci-prod pls 🙏',
  ])('rename ci-deploy %s', (head) => {
    expect(read(`rename ci-deploy ${head}`)).toMatchObject({ verb: 'rename', name: 'ci-prod', reason: null })
    expect(read(`rename ci-deploy ${head} because please`)).toMatchObject({ name: 'ci-prod', reason: 'please' })
  })

  test.each([
    ['extend ci-deploy 90 days please', { until: { kind: 'for', count: 90, unit: 'd' } }],
    ['extend ci-deploy please by 90d', { until: { kind: 'for', count: 90, unit: 'd' } }],
    ['grant ci-deploy write on assets please', { on: ['asset'] }],
    ['revoke ci-deploy write please', { on: 'everything' }],
    ['scope ci-deploy +main thanks', { add: ['main'] }],
    ['limit ci-deploy 50/10 asap', { to: { read: 50, write: 10 } }],
  ])('%s', (typed, asks) => {
    expect(read(typed)).toMatchObject(asks)
  })

  test.each([
    ['to please', 'please'],
    ['to "ci-prod please"', 'ci-prod please'],
    ['to Please Deploy', 'Please Deploy'],
    ['to pleased', 'pleased'],
  ])('but %s is a name', (head, name) => {
    expect(read(`rename ci-deploy ${head}`)).toMatchObject({ name })
  })
})

describe('the end of a new name that may ask for something else is asked about', () => {
  const whole = (name: string) => `rename ci-deploy to "${name}"`
  test.each([
    ['ci-prod for 90 days', 'another expiry', ['rename ci-deploy to ci-prod', 'extend ci-deploy for 90 days']],
    ['ci-prod 90d', 'another expiry', ['rename ci-deploy to ci-prod', 'extend ci-deploy 90d']],
    [
      'ci-prod until 31 Jan 2027',
      'another expiry',
      ['rename ci-deploy to ci-prod', 'extend ci-deploy until 31 Jan 2027'],
    ],
    ['ci-prod until end of year', 'another expiry', ['rename ci-deploy to ci-prod', 'extend ci-deploy 2026-12-31']],
    ['ci-prod expiring 2027-01-31', 'another expiry', ['rename ci-deploy to ci-prod', 'extend ci-deploy 2027-01-31']],
    ['ci-prod and never expires', 'another expiry', ['rename ci-deploy to ci-prod', 'extend ci-deploy never']],
    ['CI Prod with write on assets', 'more access', ['rename ci-deploy to CI Prod', 'grant ci-deploy write on assets']],
    ['ci-prod without write', 'less access', ['rename ci-deploy to ci-prod', 'revoke ci-deploy write']],
    ['ci-prod with branch feature-x', 'branches', ['rename ci-deploy to ci-prod', 'scope ci-deploy +feature-x']],
    ['ci-prod with limit 50/10', 'rate limits', ['rename ci-deploy to ci-prod', 'limit ci-deploy 50/10']],
    ['ci-prod on website', 'the stack of the token', ['rename "website/ci-deploy" to ci-prod']],
    ['ci-prod in Acme Site', 'the stack of the token', ['rename "Acme Site/ci-deploy" to ci-prod']],
    ['ci-prod on shop', 'a stack on which no such token is known', ['rename ci-deploy to ci-prod']],
    ['ci-prod since the pipeline moved', 'a reason, which', ['rename ci-deploy to ci-prod because the pipeline moved']],
    ['ci-prod, we moved', 'a reason, which', ['rename ci-deploy to ci-prod because we moved']],
    [
      'ci-prod right now',
      "a time, which can't be chosen: an edit is written once it is approved",
      ['rename ci-deploy to ci-prod'],
    ],
    [
      'ci-prod on website for 90 days',
      'the stack of the token and another expiry',
      ['rename "website/ci-deploy" to ci-prod', 'extend "website/ci-deploy" for 90 days'],
    ],
  ])('rename ci-deploy to %s', (name, is, lines) => {
    const says = expect.stringContaining(`may be the end of the new name, or ${is}`)
    expect(read(`rename ci-deploy to ${name}`)).toMatchObject({ says, lines: [...lines, whole(name)] })
  })

  test('and the reason of the line goes with each', () => {
    expect(read('rename ci-deploy to ci-prod for 90 days because x')).toMatchObject({
      word: 'for 90 days',
      lines: [
        'rename ci-deploy to ci-prod because x',
        'extend ci-deploy for 90 days because x',
        'rename ci-deploy to "ci-prod for 90 days" because x',
      ],
    })
  })

  test.each([
    ['ci-prod.', ['ci-prod', 'ci-prod.']],
    ['*ci-prod*', ['ci-prod', '*ci-prod*']],
    ['_ci-prod_', ['ci-prod', '_ci-prod_']],
  ])('and so is a mark that may not belong to it: %s', (typed, names) => {
    expect(read(`rename ci-deploy to ${typed}`)).toMatchObject({ lines: names.map(whole) })
  })

  test.each([
    'Deploy for Europe',
    'Deploy for the website',
    'robot since 2024',
    'Plan for 2027',
    'migration 2024-01-31',
    'ci on call',
    'now or never',
    'Search and Deploy',
    'robot read-only',
    '"ci-prod for 90 days"',
    'CI v1.5',
    'on website',
  ])('%s is a name', (name) => {
    expect(read(`rename ci-deploy to ${name}`)).toMatchObject({ name: name.replaceAll('"', '') })
  })
})
