import { describe, expect, test } from 'vitest'
import type { Settings, Token } from '../../../src/domain/token/token.ts'
import { createClock } from '../../support/clock.ts'
import { settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const of = { stack: 'website', tokenUid: 't1' }
const asItWas = settings()
const byHand = settings({ description: 'by hand' })
const edited = { by: 'blt5c1de0000000bad0', at: '2026-06-01T08:59:00.000Z' }

const token = (settings = byHand, uid = 't1'): Token => ({ stack: 'website', uid, settings, edited })

describe.each(engines)('on $name', (engine) => {
  /** Two processes on one database, and a token that was looked at. */
  async function world() {
    const clock = createClock()
    const place = await engine.empty()
    const [store, other] = [await place.open(clock), await place.open(clock)]
    await store.rememberTokens('website', [token(asItWas), token(asItWas, 't2')], clock.iso())
    clock.pass(60)
    const edits = async () => (await store.events()).map(({ event }) => event)
    return { clock, store, other, edits, sql: place.sql }
  }

  test('a first look at a token is no edit', async () => {
    expect(await (await world()).edits()).toEqual([])
  })

  test('a token that was edited elsewhere is noted once, with who did it if the stack says so', async () => {
    const { clock, store, edits } = await world()
    for (let i = 0; i < 3; i++) await store.rememberToken(token(), clock.iso())
    await store.rememberTokens('website', [token(), token(asItWas, 't2')], clock.iso())
    const { by, at: editedAt } = edited
    const fact = { type: 'outside_edit', ...of, before: asItWas, after: byHand, by, editedAt }
    expect(await edits()).toEqual([fact])
    expect(await store.events()).toMatchObject([{ actor: 'app', changeId: null, at: clock.iso() }])
  })

  test('an edit that brought a text no database can search is noted, and found by its token', async () => {
    const { clock, store, edits } = await world()
    const odd = settings({ description: 'zero \u0000, half \ud800, half \udfff, and "\\u0000"' })
    await store.rememberToken(token(odd), clock.iso())
    expect(await edits()).toMatchObject([{ type: 'outside_edit', ...of, after: odd }])
    const { entries } = await store.past(of, { size: 10, skip: 0 })
    expect(entries).toMatchObject([{ kind: 'edit', edit: { fact: { after: odd } } }])
  })

  test('what somebody writes into the database in place of the last look is noted, unless the token is changed to match', async () => {
    const { open, sql } = await engine.empty()
    const clock = createClock()
    const store = await open(clock)
    await store.rememberTokens('website', [token(asItWas), token(asItWas, 't2')], clock.iso())
    await sql('update tokens set settings = ?', JSON.stringify(byHand))
    clock.pass(60)
    await store.rememberTokens('website', [token(byHand), token(asItWas, 't2')], clock.iso())
    expect((await store.events()).map(({ event }) => event)).toMatchObject([
      { type: 'outside_edit', tokenUid: 't2', before: byHand, after: asItWas },
    ])
  })

  const takenAway = {
    'is gone': 'delete from tokens',
    "can't be read": `update tokens set settings = '{}'`,
  }

  test.each(Object.entries(takenAway))(
    'a token whose last look %s is held against the last edit that the log has of it',
    async (_, statement) => {
      const { clock, edits, sql, store } = await world()
      const list = (t1: Settings, t2 = asItWas) =>
        store.rememberTokens('website', [token(t1), token(t2, 't2')], clock.iso())
      await list(byHand)
      const further = settings({ description: 'by hand again' })
      for (const [t1, t2] of [[byHand], [further, byHand]] as const) {
        clock.pass(60)
        await sql(statement)
        await list(t1, t2)
      }
      const [first, ...more] = await edits()
      expect(first).toMatchObject({ tokenUid: 't1', after: byHand })
      expect(more).toMatchObject([{ type: 'outside_edit', tokenUid: 't1', before: byHand, after: further }])
    },
  )

  test('a look that began before the log noted that edit says nothing about it, though the last look is gone', async () => {
    const { clock, edits, sql, store } = await world()
    const began = clock.iso()
    clock.pass(60)
    await store.rememberToken(token(), clock.iso())
    await sql('delete from tokens')
    await store.rememberToken(token(asItWas), began)
    expect(await edits()).toHaveLength(1)
  })

  test('two processes that see it at once note it once', async () => {
    const { clock, store, other, edits } = await world()
    await Promise.all([store, other].map((each) => each.rememberToken(token(), clock.iso())))
    expect(await edits()).toHaveLength(1)
  })

  test('each further edit is noted, and so is one that brings the old settings back', async () => {
    const { clock, store, edits } = await world()
    for (const settings of [byHand, asItWas, byHand]) await store.rememberToken(token(settings), clock.iso())
    expect(await edits()).toMatchObject([{ after: byHand }, { after: asItWas }, { before: asItWas, after: byHand }])
  })

  test('a look that began before the last one was over may be older: it is left out', async () => {
    const { clock, store, edits } = await world()
    const began = clock.iso()
    clock.pass(1)
    const meanwhile = clock.iso()
    clock.pass(1)
    await store.rememberToken(token(), began)
    clock.pass(1)
    await store.rememberToken(token(asItWas), meanwhile)
    await store.rememberTokens('website', [token(asItWas), token(byHand, 't2')], meanwhile)
    const known = await store.knownTokens()
    expect(known.map(({ uid, settings }) => [uid, settings])).toEqual([
      ['t1', byHand],
      ['t2', byHand],
    ])
    expect(await edits()).toMatchObject([
      { tokenUid: 't1', after: byHand },
      { tokenUid: 't2', after: byHand },
    ])
  })

  test('a list that was asked for earlier removes no token that was seen since', async () => {
    const { clock, store } = await world()
    const began = clock.iso()
    clock.pass(1)
    await store.rememberToken(token(), clock.iso())
    expect((await store.rememberTokens('website', [], began)).missing).toEqual(['t2'])
  })

  test('it is noted together with the new look, or not at all', async () => {
    const { clock, store, edits } = await world()
    const odd = { ...token(), edited: { by: 7n, at: null } } as unknown as Token
    await expect(store.rememberToken(odd, clock.iso())).rejects.toThrow()
    expect((await store.knownTokens())[0]?.settings).toEqual(asItWas)
    await store.rememberToken(token(), clock.iso())
    expect(await edits()).toHaveLength(1)
  })
})
