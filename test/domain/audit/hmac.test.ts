import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmac } from '../../../src/domain/audit/hmac.ts'

const nodes = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex')

test('it is what Node makes of any secret and any text, whatever came before', () => {
  const any = fc.string({ unit: 'binary', maxLength: 200 })
  fc.assert(
    fc.property(any, fc.array(any, { maxLength: 5 }), (secret, texts) => {
      const ours = hmac(secret)
      for (const text of texts) expect(ours(text)).toBe(nodes(secret, text))
    }),
  )
})

test.each([0, 63, 64, 65, 5_461, 5_462, 100_000])('with texts and secrets of %i characters', (length) => {
  for (const sign of ['a', 'ü', '€', '😀']) {
    const text = sign.repeat(length)
    expect(hmac('secret')(text)).toBe(nodes('secret', text))
    expect(hmac(text)('text')).toBe(nodes(text, 'text'))
  }
})
