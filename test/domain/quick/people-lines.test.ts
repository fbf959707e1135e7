import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { quickEdit } from '../../../src/domain/quick/edit.ts'
import { implied } from '../../../src/domain/quick/implied.ts'
import { saidInEnglish } from '../../../src/domain/quick/in-english.ts'
import { understood } from '../../../src/domain/quick/text.ts'
import { namesOf } from '../../../src/domain/token/find.ts'
import { facts, settings } from '../../support/world.ts'

const token = (uid: string, name: string, stack = 'website') => ({ stack, uid, settings: settings({ name }) })
const tokens = [
  token('blt1', 'ci-deploy'),
  token('blt2', 'CI Robot'),
  token('blt3', 'preview'),
  token('blt4', 'shop-ci', 'shop'),
]
const isToken = namesOf(tokens)
const now = new Date('2026-11-30T12:00:00Z')
const around = { before: settings(), facts: facts(), now }

function read(typed: string) {
  const found = readQuick(typed, isToken)
  if ('command' in found) return found.command
  const { word, says, lines } = found.complaint
  return { word, says, lines: lines?.({ now, token: around }) }
}

describe('a length of time can be taken away', () => {
  test.each(['-30d', 'by -30d', '30d earlier', 'by 30 days sooner'])('extend ci-deploy %s', (head) => {
    const asks = read(`extend ci-deploy ${head}`)
    expect(asks).toMatchObject({ until: { kind: 'for', count: -30, unit: 'd' } })
    if (!('verb' in asks)) return
    const after = quickEdit(asks, around)
    expect(after.expiresOn).toBe('2027-01-01')
    expect(understood(asks, { ...around, after }).join('')).toContain(
      'expire on 2027-01-01, 30 days before its current expiry, 2027-01-31',
    )
  })

  test('down to a day that is over, which is refused', () => {
    const asks = read('extend ci-deploy -90d')
    expect(() => 'verb' in asks && quickEdit(asks, around)).toThrow('would have expired already')
  })

  test.each([
    ['shorten ci-deploy by 30d', ['extend ci-deploy -30d']],
    ['shorten ci-deploy to 2026-12-31', ['extend ci-deploy to 2026-12-31']],
  ])('%s never offers a later expiry', (typed, lines) => {
    expect(saidInEnglish(typed, isToken)).toEqual(lines)
  })
})

describe("Slack's marks around a name are not part of it", () => {
  test.each(['`ci-deploy`', '*ci-deploy*', '_ci-deploy_', '~ci-deploy~', '*`ci-deploy`*'])('extend %s 90d', (typed) => {
    expect(read(`extend ${typed} 90d`)).toMatchObject({ token: 'ci-deploy', until: { count: 90 } })
  })

  test('nor around what is asked for', () => {
    expect(read('rename `ci-deploy` to `CI Prod` because `x`')).toMatchObject({ name: 'CI Prod', reason: '`x`' })
    expect(read('extend ci-deploy `90d`')).toMatchObject({ until: { count: 90 } })
    expect(read('extend ci-deploy ‘90d’')).toMatchObject({ until: { count: 90 } })
  })
})

describe('a line about several tokens is offered for each', () => {
  const each = (rest: string, ...names: string[]) => names.map((name) => rest.replace('*', name))
  test.each([
    ['extend ci-deploy and preview by 90d because x', each('extend * by 90d because x', 'ci-deploy', 'preview')],
    ['extend ci-deploy, CI Robot & preview 90d', each('extend * 90d', 'ci-deploy', '"CI Robot"', 'preview')],
    ['rename ci-deploy preview to x', each('rename * to x', 'ci-deploy', 'preview')],
    ['grant ci-deploy + preview write on assets', each('grant * write on assets', 'ci-deploy', 'preview')],
  ])('%s', (typed, lines) => {
    expect(read(typed)).toMatchObject({ says: expect.stringContaining('several tokens'), lines })
  })

  test('and so is a second line in the same one', () => {
    const lines = ['extend ci-deploy 90d', 'extend preview 30d']
    expect(read('extend ci-deploy 90d\nextend preview 30d')).toMatchObject({ lines })
    expect(read('extend ci-deploy 90d && limit preview 50/10')).toMatchObject({
      lines: ['extend ci-deploy 90d', 'limit preview 50/10'],
    })
  })
})

describe('the stack may stand behind what is asked for', () => {
  test.each([
    ['extend ci-deploy 90d on website', { token: 'website/ci-deploy', until: { count: 90 } }],
    [
      'grant ci-deploy write on assets in website because x',
      { token: 'website/ci-deploy', on: ['asset'], reason: 'x' },
    ],
    ['extend website ci-deploy 90d', { until: { count: 90 } }],
    ['extend ci-deploy@website 90d', { until: { count: 90 } }],
    ['extend ci-deploy (website) 90d', { until: { count: 90 } }],
  ])('%s', (typed, asks) => {
    const found = read(typed)
    expect(found).toMatchObject(asks)
    expect('token' in found && isToken(found.token)).toBe(true)
  })
})

describe('a line that lacks its token, or names another stack than its, says so', () => {
  test.each(['extend it by 90d', 'extend my token 90d', 'extend the token', 'grant this write on assets'])(
    '%s',
    (typed) => {
      expect(read(typed)).toMatchObject({ says: 'Say which token it is about.' })
    },
  )

  test.each(['extend ci-deploy 90d on shop', 'extend ci-deploy on shop 90d'])('%s', (typed) => {
    const says = 'is another stack than that of the token: none is called ci-deploy there, as far as is known.'
    expect(read(typed)).toMatchObject({ word: 'on shop', says, lines: ['extend ci-deploy 90d'] })
  })

  test('a token that is not known is not said to be elsewhere', () => {
    expect(read('extend everything on website 90d')).not.toMatchObject({ word: 'on website' })
  })

  test('what stands before a token is held against it', () => {
    expect(read('grant write to ci-deploy')).toMatchObject({ says: 'Say on what: on entry, asset … or on all.' })
  })
})

describe('access and limits as people write them', () => {
  test.each([
    ['grant ci-deploy rw assets', { access: 'write', on: ['asset'] }],
    ['grant ci-deploy read-only on assets', { access: 'read', on: ['asset'] }],
    ['grant ci-deploy read everywhere', { access: 'read', on: 'everything' }],
    ['limit ci-deploy r50 w10', { to: { read: 50, write: 10 } }],
  ])('%s', (typed, asks) => {
    expect(read(typed)).toMatchObject(asks)
  })

  test.each([
    ['grant ci-deploy full access', ['grant ci-deploy write on all']],
    ['grant ci-deploy webhooks', ['grant ci-deploy read on webhooks', 'grant ci-deploy write on webhooks']],
    ['grant ci-deploy access to assets', ['grant ci-deploy read on assets', 'grant ci-deploy write on assets']],
    ['grant ci-deploy delete on assets', ['grant ci-deploy write on assets']],
    ['limit ci-deploy 10 writes', ['limit ci-deploy read 100 write 10']],
  ])('%s is answered with what can be asked for', (typed, lines) => {
    expect(read(typed)).toMatchObject({ lines })
  })

  test.each(['now', 'immediately', 'everything', 'all access'])(
    'revoke ci-deploy %s says how to stop a token',
    (head) => {
      expect(read(`revoke ci-deploy ${head}`)).toMatchObject({
        says: expect.stringContaining('To stop a token at once'),
      })
    },
  )
})

describe('a line without a verb asks for what only one verb takes', () => {
  test.each([
    ['ci-deploy 90d', ['extend ci-deploy 90d']],
    ['ci-deploy needs write on assets because x', ['grant ci-deploy write on assets because x']],
    ['we need write access to assets for ci-deploy', ['grant ci-deploy write to assets']],
    ['ci-deploy please extend by 90 days', ['extend ci-deploy by 90 days']],
    ['make CI Robot read-only', ['revoke "CI Robot" write']],
    ['ci-deploy should never expire', ['extend ci-deploy never']],
    ['ci-deploy should be renamed to ci-prod', ['rename ci-deploy to ci-prod']],
    ['update ci-deploy to expire 2027-12-31', ['extend ci-deploy 2027-12-31']],
    ['ci-deploy to assets', []],
    ['ci-deploy to feature-x instead of main', []],
    ['ci-deploy extend 90d', []],
    ['ci-deploy', []],
    ['ci-deploy because it is late', []],
    ['delete ci-deploy', []],
  ])('%s', (typed, lines) => {
    expect(implied(typed, isToken)).toEqual(lines)
  })
})

test.each([
  ['rename ci-deploy as ci-prod', ['rename ci-deploy to ci-prod']],
  ['rename ci-deploy -> ci-prod', ['rename ci-deploy to ci-prod']],
  ['rename ci-deploy to', []],
  ['rename ci-deploy nobody to x', []],
  ['set ci-deploy expiry to 2027-12-31', ['extend ci-deploy to 2027-12-31', 'extend ci-deploy 2027-12-31']],
])('%s offers nothing but %j', (typed, lines) => {
  expect(saidInEnglish(typed, isToken)).toEqual(lines)
})
