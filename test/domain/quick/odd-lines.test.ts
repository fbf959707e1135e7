import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { quickEdit } from '../../../src/domain/quick/edit.ts'
import { findToken, namesOf } from '../../../src/domain/token/find.ts'
import { facts, settings } from '../../support/world.ts'

const token = (uid: string, name: string) => ({ stack: 'website', uid, settings: settings({ name }) })
const tokens = [token('blt0a001', 'ci-deploy'), token('blt0a004', 'twin'), token('blt0a005', 'twin')]
const now = new Date('2026-11-30T12:00:00Z')
const uidOf = (typed: string) => {
  const found = findToken(tokens, typed)
  return found.kind === 'one' ? found.token.uid : found.tokens.map(({ uid }) => uid)
}

function read(typed: string, rateLimits = settings().rateLimits) {
  const found = readQuick(typed, namesOf(tokens))
  if ('command' in found) return found.command
  const { says, lines } = found.complaint
  return { says, lines: lines?.({ now, token: { before: settings({ rateLimits }), facts: facts() } }) }
}

describe('tokens of one name can be typed as they are told apart', () => {
  test.each(['twin …a005', 'twin a005', 'twin · …a005', 'twin (…a005)', '…a005', '...a005', 'Twin …0a005'])(
    '%s',
    (typed) => {
      expect(uidOf(typed)).toBe('blt0a005')
    },
  )

  test('and in a line', () => {
    expect(read('extend twin …a005 90d')).toMatchObject({ token: 'twin …a005' })
    expect(uidOf('twin b005')).toEqual(['blt0a004', 'blt0a005'])
  })
})

test('a token after the name of an unknown stack counts as near', () => {
  expect(uidOf('shop/ci-deploy')).toContain('blt0a001')
})

test('the tokens near one that follows the name of a stack are those of that stack, if there are any', () => {
  const there = { ...token('blt0b001', 'ci-deploy-shop'), stack: 'shop' }
  const near = (typed: string) => {
    const found = findToken([...tokens, there], typed)
    return found.kind === 'one' ? [] : found.tokens.map(({ uid }) => uid)
  }
  expect(near('shop/ci-deploy')).toEqual(['blt0b001'])
  expect(near('website/ci-depl')).toEqual(['blt0a001'])
  expect(near('shop/twin')).toEqual(['blt0a004', 'blt0a005'])
})

test('the stack may follow the token', () => {
  expect(read('extend ci-deploy on website 90d')).toMatchObject({ token: 'ci-deploy on website', until: { count: 90 } })
  expect(read('extend ci-deploy on shop 90d')).toMatchObject({ says: expect.stringContaining('can be read') })
})

describe('rate limits as people say them', () => {
  test.each([
    'reads 50 writes 10',
    '50 reads, 10 writes',
    'to 50 reads and 10 writes per second',
    'read=50 write=10',
    '50 r 10 w',
    'read 50/s write 10/s',
    'write 10 and read 50 a second',
  ])('%s', (typed) => {
    expect(read(`limit ci-deploy ${typed}`)).toMatchObject({ to: { read: 50, write: 10 } })
  })

  test.each([
    ['read 20', ['limit ci-deploy read 20 write 50']],
    ['write 5', ['limit ci-deploy read 100 write 5']],
    ['50 10', ['limit ci-deploy read 50 write 10']],
    ['default', ['limit ci-deploy organisation']],
    ['50', ['limit ci-deploy read 50 write 50', 'limit ci-deploy read 100 write 50']],
  ])('%s is answered with a line that says all of it', (typed, lines) => {
    expect(read(`limit ci-deploy ${typed}`)).toMatchObject({ lines })
  })

  test('one number keeps the other of its own limits', () => {
    const own = read('limit ci-deploy read 20', { kind: 'custom', read: 7, write: 3 })
    expect(own).toMatchObject({ lines: ['limit ci-deploy read 20 write 3'] })
  })

  test('more than the organisation allows is answered with as much as it does', () => {
    const typed = read('limit ci-deploy 500/40')
    const edit = () => 'verb' in typed && quickEdit(typed, { before: settings(), facts: facts(), now })
    expect(edit).toThrow(expect.objectContaining({ instead: 'read 100 write 40' }))
  })
})

test('revoke without an access says how a token is stopped at once', () => {
  expect(read('revoke ci-deploy because compromised')).toMatchObject({
    says: 'Say which access: read or write. To stop a token at once, one that has leaked for example, delete it in Contentstack, under Settings → Tokens.',
  })
})
