import { expect, test } from 'vitest'
import { pickToken } from '../../src/terminal/pick-token.ts'
import { settings } from '../support/world.ts'

const lookAlike = { stack: 'website', uid: 't1', settings: settings({ name: 'ci-depl\u043Ey' }) }

test('a token that looks like the one that was typed is named with what sets it apart', () => {
  expect(() => pickToken([lookAlike], 'ci-deploy')).toThrow('there is website/ci-depl⟨U+043E⟩y (t1)')
})

test('so is one that is gone', () => {
  const gone = [{ ...lookAlike, goneAt: '2026-06-01T09:00:00.000Z' }]
  expect(() => pickToken([], 't1', gone)).toThrow('Token ci-depl⟨U+043E⟩y on website (t1) is gone')
})
