import { expect, test } from 'vitest'
import { pickCalledBefore, pickToken } from '../../src/cli/pick-token.ts'
import { settings } from '../support/world.ts'

const lookAlike = { stack: 'website', uid: 't1', settings: settings({ name: 'ci-depl\u043Ey' }) }

test('a token that looks like the typed one is named with what sets it apart', () => {
  expect(() => pickToken([lookAlike], 'ci-deploy')).toThrow('there is website/ci-depl⟨U+043E⟩y (t1)')
})

test('so is one that is gone', () => {
  const gone = [{ ...lookAlike, goneAt: '2026-06-01T09:00:00.000Z' }]
  expect(() => pickToken([], 't1', gone)).toThrow('Token ci-depl⟨U+043E⟩y on website (t1) is gone')
})

test('a token is found by a former name, with its stack or without, unless several had it', () => {
  const was = (uid: string, name: string) => ({ stack: 'website', uid, settings: settings({ name }) })
  const before = [was('t1', 'ci-old'), was('t1', 'ci-old'), was('t1', 'ci-older'), was('t2', 'ci-older')]
  for (const typed of ['ci-old', 'website/CI-old']) expect(pickCalledBefore(before, typed)?.uid).toBe('t1')
  expect(pickCalledBefore(before, 'ci')).toBeNull()
  expect(() => pickCalledBefore(before, 'ci-older')).toThrow('name one of website/t1, website/t2.')
})
