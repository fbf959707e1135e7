import { describe, expect, test } from 'vitest'
import type { Token } from '../../../src/domain/token/token.ts'
import { createClock } from '../../support/clock.ts'
import { settings } from '../../support/world.ts'
import { engines } from './engines.ts'
import { withTurns } from './turns.ts'

const clock = createClock()
const many = Array.from({ length: 450 }, (_, i) => token(i))

function token(i: number, name = `token-${i}`): Token {
  return { stack: 'website', uid: `t${String(i).padStart(3, '0')}`, settings: settings({ name }) }
}

describe.each(engines)('on $name', (engine) => {
  const world = async () => withTurns(await engine.empty(), clock)

  test('however many tokens a look finds, others have their turn after each fifty that are remembered', async () => {
    const { store, turns } = await world()
    expect((await store.rememberTokens('website', many, clock.iso())).believed).toHaveLength(450)
    expect(turns.count).toBe(8)
    clock.pass(1)
    expect((await store.rememberTokens('website', many, clock.iso())).believed).toHaveLength(450)
    expect(turns.count).toBe(16)
  })

  test('a decision made while tokens are remembered is kept, and what was seen of one of them since then too', async () => {
    const { store, turns } = await world()
    await store.rememberTokens('website', many, clock.iso())
    clock.pass(1)
    const began = clock.iso()
    const newer = token(449, 'seen since')
    turns.meanwhile = async () => {
      turns.meanwhile = async () => {}
      clock.pass(1)
      expect(await store.rememberToken(newer, clock.iso())).toBe(true)
      clock.pass(1)
      await store.note({ type: 'stopped' }, 'app', null)
    }
    expect((await store.rememberTokens('website', many, began)).missing).toEqual([])
    expect(await store.knownToken({ stack: 'website', tokenUid: 't449' })).toEqual(newer)
    expect((await store.events()).map(({ event }) => event.type)).toEqual(['outside_edit', 'stopped'])
  })

  test('a token that a long list lacks is missing, and no other', async () => {
    const { store } = await world()
    await store.rememberTokens('website', many, clock.iso())
    clock.pass(1)
    const { missing } = await store.rememberTokens('website', many.toSpliced(7, 1), clock.iso())
    expect(missing).toEqual(['t007'])
  })

  test('known tokens are read once, a hundred at a time, until one of them changes', async () => {
    const { store, turns } = await world()
    await store.rememberTokens('website', many, clock.iso())
    turns.count = 0
    const known = await store.knownTokens()
    expect(known).toEqual(many)
    expect(turns.count).toBe(4)
    clock.pass(1)
    await store.rememberTokens('website', many.slice(0, 50), clock.iso())
    await store.rememberToken(many[3]!, clock.iso())
    turns.count = 0
    expect(await store.knownTokens()).toBe(known)
    expect(turns.count).toBe(0)
    clock.pass(1)
    await store.rememberToken(token(3, 'renamed'), clock.iso())
    expect((await store.knownTokens())[3]).toEqual(token(3, 'renamed'))
    clock.pass(1)
    await store.tokenIsGone({ stack: 'website', tokenUid: 't003' }, clock.iso())
    expect(await store.knownTokens()).toHaveLength(449)
  })

  test('tokens that are gone are read once, a hundred at a time, until one of them changes', async () => {
    const { store, turns, place } = await world()
    await store.rememberTokens('website', many, clock.iso())
    clock.pass(1)
    await place.sql('update tokens set gone_at = ?', clock.iso())
    turns.count = 0
    const gone = await store.goneTokens()
    expect(gone).toEqual(many.map((one) => ({ ...one, goneAt: clock.iso() })))
    expect(turns.count).toBe(4)
    turns.count = 0
    expect(await store.goneTokens()).toBe(gone)
    expect(turns.count).toBe(0)
    clock.pass(1)
    await store.rememberToken(many[3]!, clock.iso())
    expect((await store.goneTokens()).map(({ uid }) => uid)).toEqual(many.toSpliced(3, 1).map(({ uid }) => uid))
    clock.pass(1)
    await store.tokenIsGone({ stack: 'website', tokenUid: 't003' }, clock.iso())
    expect(await store.goneTokens()).toHaveLength(450)
  })

  test('what another process remembers is known at once', async () => {
    const { store, place } = await world()
    const other = await place.open(clock)
    await store.rememberTokens('website', many.slice(0, 3), clock.iso())
    expect(await store.knownTokens()).toHaveLength(3)
    await other.rememberToken(many[3]!, clock.iso())
    expect(await store.knownTokens()).toHaveLength(4)
  })

  test('tokens that are written while they are read are not kept in their old state', async () => {
    const { store, turns } = await world()
    await store.rememberTokens('website', many, clock.iso())
    clock.pass(1)
    turns.meanwhile = async () => {
      turns.meanwhile = async () => {}
      await store.rememberToken(token(0, 'renamed'), clock.iso())
    }
    await store.knownTokens()
    expect((await store.knownTokens())[0]).toEqual(token(0, 'renamed'))
  })

  test('tokens that could not be read are read again for the next who wants them', async () => {
    const { store, turns } = await world()
    await store.rememberTokens('website', many, clock.iso())
    turns.meanwhile = () => Promise.reject(new Error('the disk is away'))
    await expect(store.knownTokens()).rejects.toThrow('the disk is away')
    turns.meanwhile = async () => {}
    expect(await store.knownTokens()).toEqual(many)
  })
})
