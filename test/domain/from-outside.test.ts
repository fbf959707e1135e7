import { expect, test } from 'vitest'
import { causeOf, fromOutside } from '../../src/domain/from-outside.ts'

test.each([
  'xoxb-12-34-AbC',
  'xoxe.xoxp-1-Mi0y',
  'xapp-1-A0-12-ab',
  'https://hooks.slack.com/commands/T1/2/abc',
  'csa1b2c3d4e5f6a7b8c9d0e1f2',
  'the secret of this test',
])('nothing that is quoted from outside has %s in it', (secret) => {
  expect(fromOutside(`not (${secret}), it said`, ['the secret of this test', ''])).not.toContain(secret)
})

test('what is quoted from outside is one line of at most 300 characters', () => {
  expect(fromOutside('  a\n\tb ')).toBe('a b')
  const cut = fromOutside('😀'.repeat(6000))
  expect([...cut]).toHaveLength(300)
  expect(cut.endsWith('…')).toBe(true)
})

test('a secret is struck out before the rest is cut, so that no part of it is left', () => {
  expect(fromOutside(`${'a '.repeat(145)}authtoken-of-the-test`, ['authtoken-of-the-test'])).not.toContain('auth')
})

test.each([
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }),
    'ECONNREFUSED',
  ],
  [
    new TypeError('fetch failed', {
      cause: Object.assign(new Error(), { code: 'ECONNREFUSED', address: '10.0.0.9', port: 3128 }),
    }),
    'ECONNREFUSED at 10.0.0.9:3128',
  ],
  [Object.assign(new Error(), { code: 'ENOTFOUND', hostname: 'proxy.example' }), 'ENOTFOUND for proxy.example'],
  [new TypeError('fetch failed', { cause: new Error('unexpected redirect') }), 'unexpected redirect'],
  [new TypeError('fetch failed', { cause: new Error('') }), expect.stringMatching(/^no cause was given.* 407$/)],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }) }),
    expect.stringMatching(/certificate is not trusted: SELF_SIGNED_CERT_IN_CHAIN; .* NODE_EXTRA_CA_CERTS$/),
  ],
  [
    Object.assign(new Error(), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    expect.stringMatching(/certificate is not trusted.*NODE_EXTRA_CA_CERTS/),
  ],
  [
    Object.assign(new Error(), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }),
    'what answered, perhaps a proxy, does not speak TLS: ERR_SSL_WRONG_VERSION_NUMBER',
  ],
  ['words', 'words'],
])('the cause of a failed request is what lies at its bottom', (error, cause) => {
  expect(causeOf(error)).toEqual(cause)
})
