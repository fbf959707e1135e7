import { describe, expect, test } from 'vitest'
import type { Token } from '../../../src/domain/token/token.ts'
import { createClock } from '../../support/clock.ts'
import { facts, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const at = '2026-06-01T09:00:00.000Z'

function token(uid: string, stack = 'website', name = uid): Token {
  return { stack, uid, settings: settings({ name }) }
}

describe.each(engines)('on $name', (engine) => {
  const opened = async ({ now } = createClock(at)) => (await engine.empty()).open({ now })

  test('tokens are remembered as last seen, by stack and uid', async () => {
    const store = await opened()
    await store.rememberTokens('website', [token('t2'), token('t1')], at)
    await store.rememberTokens('shop', [token('t1', 'shop')], at)
    await store.rememberToken(token('t1', 'website', 'renamed'), at)
    expect(await store.knownTokens()).toEqual([token('t1', 'shop'), token('t1', 'website', 'renamed'), token('t2')])
  })

  test('a token that its stack no longer lists is missing, and forgotten only once the stack itself says that it is gone', async () => {
    const store = await opened()
    await store.rememberTokens('website', [token('t1'), token('t2')], at)
    await store.rememberTokens('shop', [token('t2', 'shop')], at)
    const renamed = token('t1', 'website', 'renamed')
    expect(await store.rememberTokens('website', [renamed], at)).toEqual({ believed: [renamed], missing: ['t2'] })
    expect(await store.rememberTokens('website', [], at)).toEqual({ believed: [], missing: ['t1', 't2'] })
    expect(await store.knownTokens()).toEqual([token('t2', 'shop'), renamed, token('t2')])
    await store.tokenIsGone({ stack: 'website', tokenUid: 't2' }, at)
    expect(await store.knownTokens()).toEqual([token('t2', 'shop'), renamed])
    expect(await store.knownToken({ stack: 'website', tokenUid: 't2' })).toBeNull()
    expect(await store.rememberTokens('website', [renamed], at)).toEqual({ believed: [renamed], missing: [] })
  })

  test('a token that is back after it was gone is compared with what it was', async () => {
    const store = await opened()
    await store.rememberToken(token('t1'), at)
    await store.tokenIsGone({ stack: 'website', tokenUid: 't1' }, at)
    expect(await store.rememberToken(token('t1', 'website', 'made anew'), at)).toBe(true)
    expect(await store.knownToken({ stack: 'website', tokenUid: 't1' })).toEqual(token('t1', 'website', 'made anew'))
    expect((await store.events()).map(({ event }) => event.type)).toEqual(['outside_edit'])
  })

  test('a look that began before the last saved one was over changes nothing, however late it comes back', async () => {
    const clock = createClock(at)
    const store = await opened(clock)
    const [early, late] = ['2026-06-01T08:59:59.000Z', at]
    await store.rememberTokens('website', [token('t1', 'website', 'now'), token('t2')], late)
    await store.rememberToken(token('t1', 'website', 'before'), early)
    await store.rememberTokens('website', [token('t1', 'website', 'before')], early)
    expect(await store.knownTokens()).toEqual([token('t1', 'website', 'now'), token('t2')])
    clock.pass(1)
    await store.rememberToken(token('t1', 'website', 'since'), clock.iso())
    await store.rememberTokens('website', [token('t1', 'website', 'now')], late)
    expect(await store.knownTokens()).toEqual([token('t1', 'website', 'since'), token('t2')])
  })

  test('a token that was gone by the last look at its stack does not come back from a look that began before that was over', async () => {
    const clock = createClock(at)
    const store = await opened(clock)
    await store.rememberTokens('website', [token('t1'), token('t2')], clock.iso())
    clock.pass(1)
    const early = clock.iso()
    clock.pass(1)
    await store.rememberTokens('website', [token('t2')], clock.iso())
    await store.tokenIsGone({ stack: 'website', tokenUid: 't1' }, clock.iso())
    await store.rememberToken(token('t1'), early)
    await store.rememberTokens('website', [token('t1'), token('t2')], early)
    expect(await store.knownTokens()).toEqual([token('t2')])
    await store.rememberToken(token('t1', 'shop'), early)
    await store.rememberToken(token('t1'), clock.iso())
    expect(await store.knownTokens()).toEqual([token('t1', 'shop'), token('t1'), token('t2')])
  })

  test('an unknown token does not come back from a look that began before the last one at its stack was over', async () => {
    const clock = createClock(at)
    const store = await opened(clock)
    const early = clock.iso()
    clock.pass(1)
    await store.rememberTokens('website', [], clock.iso())
    await store.rememberToken(token('t1'), early)
    await store.rememberTokens('website', [token('t1')], early)
    expect(await store.knownTokens()).toEqual([])
    await store.rememberToken(token('t1'), clock.iso())
    expect(await store.knownTokens()).toEqual([token('t1')])
  })

  test('the facts about a stack are remembered as last seen, and null before that', async () => {
    const store = await opened()
    expect(await store.knownFacts('website')).toBeNull()
    await store.rememberFacts('website', facts())
    await store.rememberFacts('website', facts({ title: 'Shop', organisationLimits: null }))
    await store.rememberFacts('shop', facts())
    expect(await store.knownFacts('website')).toEqual(facts({ title: 'Shop', organisationLimits: null }))
  })
})
