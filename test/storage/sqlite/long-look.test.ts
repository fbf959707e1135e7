import { expect, test } from 'vitest'
import type { Token } from '../../../src/domain/token/token.ts'
import { createClock } from '../../support/clock.ts'
import { settings } from '../../support/world.ts'
import { sqlite } from '../contract/on-sqlite.ts'
import { withTurns } from '../contract/turns.ts'

const clock = createClock()
const many = Array.from({ length: 450 }, (_, i) => token(i))

function token(i: number, name = `token-${i}`): Token {
  return { stack: 'website', uid: `t${String(i).padStart(3, '0')}`, settings: settings({ name }) }
}

test('while a look goes on, the list of all is as it was before, and read again once it is over', async () => {
  const { store, turns } = await withTurns(await sqlite.empty(), clock)
  await store.rememberTokens('website', many, clock.iso())
  const before = await store.knownTokens()
  clock.pass(1)
  const renamed = many.map((_, i) => token(i, `renamed-${i}`))
  const meanwhile: (readonly Token[])[] = []
  turns.meanwhile = async () => {
    turns.meanwhile = async () => {}
    meanwhile.push(await store.knownTokens())
  }
  await store.rememberTokens('website', renamed, clock.iso())
  expect(meanwhile).toEqual([before])
  expect(await store.knownTokens()).toEqual(renamed)
})
