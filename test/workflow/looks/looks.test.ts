import { expect, onTestFinished, test } from 'vitest'
import { TokenMissing } from '../../../src/domain/looks/gone.ts'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { AccessRefused, NotBegun } from '../../../src/domain/refusal.ts'
import type { Token } from '../../../src/domain/token/token.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { mostLooks } from '../../../src/workflow/looks/look-allowance.ts'
import { createLooks } from '../../../src/workflow/looks/looks.ts'
import { sayingSinceWhen } from '../../../src/workflow/looks/missing-for.ts'
import { createClock } from '../../support/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { emptyDatabase } from '../../support/file.ts'
import { createStackInMemory } from '../../support/stack.ts'
import { alice, bob, facts, settings } from '../../support/world.ts'

const neverSeen = async () => null

function world() {
  const clock = createClock()
  let setBy = 0
  const now = () => new Date(clock.now().getTime() + setBy * 1000)
  const store = openStore(emptyDatabase(), clock.now)
  onTestFinished(store.close)
  const website = createStackInMemory('website')
  const shop = createStackInMemory('shop')
  const stacks = new Map([
    ['website', sayingSinceWhen(website.api, clock.monotonic, neverSeen)],
    ['shop', sayingSinceWhen(shop.api, clock.monotonic, neverSeen)],
  ])
  const looked: string[] = []
  const news: Token[] = []
  const reached: string[] = []
  const troubles: string[] = []
  website.onLook = async () => void looked.push('website')
  shop.onLook = async () => void looked.push('shop')
  return {
    clock,
    looked,
    news,
    reached,
    /** No time passes by it. */
    setClock: (seconds: number) => {
      setBy += seconds
    },
    troubles,
    looks: createLooks({
      store,
      stacks,
      now,
      monotonic: clock.monotonic,
      onLook: async (tokens) => void news.push(...tokens),
      onReach: () => void reached.push(clock.iso()),
      onTrouble: (stack, why) => void troubles.push(`${stack} ${why}`),
    }),
    shop,
    store,
    website,
  }
}

test('a look at every stack remembers its tokens and facts', async () => {
  const { looks, store } = world()
  expect(await looks.known()).toEqual([])
  expect(await looks.refreshAll()).toEqual([])
  expect((await looks.known()).map(({ stack, uid }) => `${stack} ${uid}`)).toEqual(
    ['shop', 'website'].flatMap((stack) => ['t1', 't2', 't3'].map((uid) => `${stack} ${uid}`)),
  )
  expect(await store.knownFacts('shop')).toEqual(facts())
})

test('a stack out of reach keeps its last look, and does not hold up the others', async () => {
  const { clock, looks, shop, website } = world()
  await looks.refreshAll()
  const down = new Error('the stack is down')
  website.onLook = () => Promise.reject(down)
  website.live.delete('t1')
  shop.live.delete('t1')
  const knownAt = async () => (await looks.known()).filter(({ uid }) => uid === 't1').map(({ stack }) => stack)
  expect(await looks.refreshAll()).toEqual([down])
  expect(await knownAt()).toEqual(['shop', 'website'])
  for (let i = 0; i < 4; i++) {
    clock.pass(300)
    expect(await looks.refreshAll()).toEqual([down])
  }
  expect(await knownAt()).toEqual(['website'])
})

test('a stack is looked at again only if its last look is more than a minute old', async () => {
  const { clock, looked, looks } = world()
  await looks.refreshStale()
  clock.pass(60)
  await looks.refreshStale()
  expect(looked.sort()).toEqual(['shop', 'website'])
  clock.pass(1)
  await looks.refreshStale()
  expect(looked.sort()).toEqual(['shop', 'shop', 'website', 'website'])
})

test('a stack that was out of reach is looked at again without waiting a minute', async () => {
  const { looked, looks, website } = world()
  const { onLook } = website
  website.onLook = () => Promise.reject(new Error('the stack is down'))
  expect(await looks.refreshStale()).toHaveLength(1)
  website.onLook = onLook
  await looks.refreshStale()
  expect(looked).toEqual(['shop', 'website'])
})

test('people who ask while a look is under way share it', async () => {
  const { looked, looks } = world()
  await Promise.all([looks.refreshAll(), looks.refreshAll(), looks.refreshStale()])
  expect(looked.sort()).toEqual(['shop', 'website'])
  await looks.refreshAll()
  expect(looked).toHaveLength(4)
})

test('a look at every stack is one of those that a person may cause within a minute, however many there are', async () => {
  const { clock, looked, looks } = world()
  const failures = () => looks.refreshAll(alice)
  for (let i = 0; i < mostLooks; i += 1) expect(await failures()).toEqual([])
  const [first, ...more] = await failures()
  expect([first, more]).toEqual([expect.objectContaining({ message: expect.stringContaining('30 times') }), []])
  expect(looked).toHaveLength(2 * mostLooks)
  clock.pass(60)
  expect(await failures()).toEqual([])
})

test('somebody who has had too many looks gets those that are under way for others, and no new one', async () => {
  const { looked, looks, news } = world()
  for (let i = 0; i < mostLooks; i += 1) await looks.token('website', 't1', alice)
  const before = looked.length
  const ofBob = looks.refreshAll(bob)
  expect(await looks.refreshAll(alice)).toEqual([])
  expect(news.some(({ stack }) => stack === 'shop')).toBe(true)
  await ofBob
  expect(looked).toHaveLength(before + 2)
})

test("a look at one token remembers it, without the stack's own answer", async () => {
  const { looks, website } = world()
  website.live.set('t1', settings({ name: 'renamed' }))
  const token = { stack: 'website', uid: 't1', settings: settings({ name: 'renamed' }) }
  expect(await looks.token('website', 't1')).toEqual(token)
  expect(await looks.known()).toEqual([token])
})

test("a stack's facts are looked up if they never were, and remembered", async () => {
  const { looks, website } = world()
  expect(await looks.facts('website')).toEqual(facts())
  website.facts = facts({ title: 'renamed since' })
  expect(await looks.facts('website')).toEqual(facts())
})

test('a stack is called by its own name once it was looked at, and by the configured one before', async () => {
  const { looks, shop } = world()
  shop.facts = facts({ title: 'The Shop' })
  const token = { stack: 'shop', uid: 't1', settings: settings() }
  expect(await looks.titleOf('shop')).toBe('shop')
  await looks.refreshAll()
  expect(await looks.titleOf('shop')).toBe('The Shop')
  expect(await looks.titled([token])).toEqual([{ token, stackTitle: 'The Shop' }])
})

test('a stack that is not configured is named', () => {
  expect(() => world().looks.stackFor('blog')).toThrow('This stack is no longer configured')
})

test('every token that was looked at is reported to those who want to know', async () => {
  const { looks, news } = world()
  await looks.refreshAll()
  await looks.token('website', 't1')
  expect(news.filter((token) => token.stack === 'website' && token.uid === 't1')).toHaveLength(2)
})

test('the outcome of the last look at each stack is known, and reported when it changes', async () => {
  const { clock, looks, reached, shop, store, website } = world()
  const never = { at: null, failed: false, trouble: null, shut: null }
  expect(looks.lastLooks()).toEqual([
    { stack: 'website', ...never },
    { stack: 'shop', ...never },
  ])
  await looks.refreshAll()
  const first = clock.iso()
  expect(reached).toHaveLength(2)
  clock.pass(60)
  await looks.refreshAll()
  expect(reached).toHaveLength(2)
  website.onLook = () => Promise.reject(new Error('the stack is down'))
  const since = new Date(Date.parse(first) + 120_000).toISOString()
  for (const seconds of [60, 60]) {
    clock.pass(seconds)
    await looks.refreshAll()
  }
  expect(reached).toHaveLength(3)
  const before = new Date(Date.parse(first) + 60_000).toISOString()
  expect(looks.lastLooks()).toEqual([
    { stack: 'website', at: before, failed: true, trouble: { why: 'the stack is down', since }, shut: null },
    { stack: 'shop', at: clock.iso(), failed: false, trouble: null, shut: null },
  ])
  website.onLook = async () => {}
  await looks.refreshAll()
  expect(reached).toHaveLength(4)
  expect(looks.lastLooks()[0]).toEqual({ stack: 'website', at: clock.iso(), failed: false, trouble: null, shut: null })
  expect([shop.live.size, (await store.knownTokens()).length]).toEqual([3, 6])
})

test("the reason that a stack can't be looked at is reported once, though it may change, and so is its end", async () => {
  const { looks, website, troubles } = world()
  const inTurn = [new Error('down'), new Error('still down'), new AccessRefused('No.', 'the authtoken is not accepted')]
  for (const failure of [...inTurn, ...inTurn]) {
    website.onLook = () => Promise.reject(failure)
    await looks.refreshAll()
  }
  expect(troubles).toEqual(['website down'])
  website.onLook = async () => {}
  await looks.refreshAll()
  await looks.refreshAll()
  expect(troubles).toEqual(['website down', 'website null'])
})

test("the reason that a stack can't be looked at is reported in one short line, however long it is", async () => {
  const { looks, website, troubles } = world()
  website.onLook = () => Promise.reject(new Error('page\n'.repeat(1_000)))
  await looks.refreshAll()
  expect(troubles).toEqual([expect.stringMatching(/^website page page .{200,300}$/)])
  expect(looks.lastLooks()[0]?.trouble?.why).toMatch(/^page page .{200,300}$/)
})

test('trouble with the lists is over once they can be read again, whatever a single token shows', async () => {
  const { clock, looks, website, troubles, reached } = world()
  await looks.refreshAll()
  const before = reached.length
  website.onFacts = () => Promise.reject(new Outage('no list'))
  for (let i = 0; i < 3; i += 1) {
    clock.pass(61)
    await looks.refreshAll()
    looks.attempted('website', 't1', null)
  }
  const failing = { failed: true, trouble: expect.objectContaining({ why: 'no list' }) }
  expect([looks.lastLooks()[0], troubles, reached.length]).toMatchObject([failing, ['website no list'], before + 1])
  website.onFacts = async () => {}
  clock.pass(61)
  await looks.retryFailed()
  expect([looks.lastLooks()[0], troubles]).toMatchObject([{ failed: false }, ['website no list', 'website null']])
})

test('trouble with a single token is over once that one can be looked at again, whatever the lists show', async () => {
  const { clock, looks, looked, website, troubles } = world()
  looks.attempted('website', 't1', new Outage('no such page'))
  for (let i = 0; i < 3; i += 1) {
    website.onLook = async (uid) => {
      if (uid === 't1') looks.attempted('website', 't1', new Outage('no such page'))
    }
    clock.pass(61)
    await looks.retryFailed()
    await looks.refreshAll()
    looks.attempted('website', 't2', null)
    looks.attempted('website', 't1', new NotBegun('Too many looks are waiting.'))
  }
  expect([looks.lastLooks()[0], troubles]).toMatchObject([{ failed: true }, ['website no such page']])
  website.onLook = async (uid) => {
    looked.push(uid)
    if (uid === 't1') looks.attempted('website', 't1', new TokenMissing('It is gone.', 0))
  }
  await looks.retryFailed()
  expect(looked).not.toContain('t1')
  clock.pass(61)
  await looks.retryFailed()
  expect([looks.lastLooks()[0], troubles]).toMatchObject([{ failed: false }, ['website no such page', 'website null']])
})

test('once its lists can be read again, the token that could not be looked at either is looked at without waiting', async () => {
  const { clock, looks, website } = world()
  await looks.refreshAll()
  const refused = new AccessRefused('No.', 'the authtoken is not accepted')
  const refuse = async (uid?: string) => {
    if (uid !== undefined) looks.attempted('website', uid, refused)
    throw refused
  }
  looks.attempted('website', 't1', refused)
  website.onLook = refuse
  await looks.refreshAll()
  clock.pass(61)
  await looks.retryFailed()
  website.onLook = async (uid) => {
    if (uid !== undefined) looks.attempted('website', uid, null)
  }
  await looks.retryFailed()
  expect(looks.lastLooks()[0]?.shut).not.toBeNull()
  await looks.refreshAll()
  expect(looks.lastLooks()[0]?.shut).not.toBeNull()
  await looks.retryFailed()
  expect(looks.lastLooks()[0]).toMatchObject({ failed: false, shut: null })
})

test('a stack was never listed while no list of it was read since the start and none of its tokens is known from before', async () => {
  const { looks, website, shop, store, clock } = world()
  website.onLook = () => Promise.reject(new Outage('down'))
  expect(await looks.neverListed()).toEqual(['website', 'shop'])
  await looks.refreshAll()
  expect(await looks.neverListed()).toEqual(['website'])
  shop.live.clear()
  const stacks = new Map([
    ['website', website.api],
    ['shop', shop.api],
  ])
  const deps = { store, stacks, now: clock.now, monotonic: clock.monotonic, onLook: async () => {} }
  expect(await createLooks(deps).neverListed()).toEqual(['website'])
  website.onLook = async () => {}
  website.live.clear()
  await looks.refreshAll()
  expect(await looks.neverListed()).toEqual([])
})

test('a stack lets the app in again once nothing of it is refused any more', async () => {
  const { looks, website } = world()
  const refused = new AccessRefused('No.', 'the authtoken is not accepted')
  website.onLook = () => Promise.reject(refused)
  await looks.refreshAll()
  looks.attempted('website', 't1', null)
  expect(looks.lastLooks()[0]?.shut).not.toBeNull()
  looks.attempted('website', 't1', refused)
  website.onLook = async () => {}
  await looks.refreshAll()
  expect(looks.lastLooks()[0]?.shut).not.toBeNull()
  looks.attempted('website', 't1', null)
  expect(looks.lastLooks()[0]).toMatchObject({ failed: false, shut: null })
})

test('a stack that does not let the app in is not reported twice', async () => {
  const { looks, website, troubles } = world()
  for (const failure of [new AccessRefused('No.', 'the authtoken is not accepted'), new Error('down')]) {
    website.onLook = () => Promise.reject(failure)
    await looks.refreshAll()
  }
  expect(looks.lastLooks()[0]).toMatchObject({ failed: true, shut: { why: 'the authtoken is not accepted' } })
  website.onLook = async () => {}
  await looks.refreshAll()
  expect(troubles).toEqual([])
})

test('somebody who has had too many looks is told the outcome of those under way, if there are looks at some stacks only', async () => {
  const { looks, website } = world()
  website.onLook = () => Promise.reject(new Error('the stack is down'))
  await looks.refreshAll()
  for (let i = 0; i < mostLooks; i += 1) await looks.token('shop', 't1', alice)
  const asked = Promise.withResolvers<void>()
  website.onLook = () => asked.promise
  const underWay = looks.refreshStale()
  const hers = looks.refreshAll(alice)
  asked.reject(new Error('the stack is still down'))
  const refused = expect.objectContaining({ message: expect.stringContaining('30 times') })
  expect(await hers).toEqual([refused, new Error('the stack is still down')])
  await underWay
})

test('somebody who asks for something that a look under way does not show gets a later one, otherwise that one', async () => {
  const { looks, looked, website } = world()
  const toldFacts = Promise.withResolvers<void>()
  website.onFacts = () => toldFacts.promise
  const underWay = looks.refreshAll()
  await eventually(async () => expect((await looks.known()).length).toBeGreaterThan(3))
  website.live.set('t9', settings({ name: 'brand-new' }))
  const has = (wanted: string) => async () => (await looks.known()).some(({ uid }) => uid === wanted)
  const asked = [looks.refreshAll(alice, has('t1')), looks.refreshAll(bob, has('t9'))]
  toldFacts.resolve()
  expect(await asked[0]).toEqual([])
  expect(await asked[1]).toEqual([])
  expect(await has('t9')()).toBe(true)
  await underWay
  expect(looked.filter((stack) => stack === 'website')).toHaveLength(2)
})

test('people who ask for a token while it is looked at share that look', async () => {
  const { looked, looks } = world()
  await Promise.all(Array.from({ length: 8 }, () => looks.token('website', 't1')))
  expect(looked).toEqual(['website'])
  await Promise.all([looks.token('website', 't1'), looks.token('website', 't2'), looks.token('shop', 't1')])
  expect(looked).toHaveLength(4)
})

test('a look that failed is not shared with those who ask after it', async () => {
  const { looks, website } = world()
  const { onLook } = website
  website.onLook = () => Promise.reject(new Error('the stack is down'))
  await expect(looks.token('website', 't1')).rejects.toThrow('the stack is down')
  website.onLook = onLook
  expect(await looks.token('website', 't1')).toMatchObject({ uid: 't1' })
})

test('somebody who has had the stacks looked at very often is told, and nobody else has to wait because of it', async () => {
  const { clock, looked, looks } = world()
  for (let i = 0; i < 30; i += 1) await looks.token('website', 't1', alice)
  const refused = { code: 'unavailable', message: expect.stringMatching(/30 times within a minute.*Try again/) }
  await expect(looks.token('website', 't2', alice)).rejects.toMatchObject(refused)
  expect(await looks.refreshAll(alice)).toEqual([expect.objectContaining(refused)])
  expect(looked).toHaveLength(30)
  await looks.token('website', 't2', bob)
  await looks.token('website', 't2')
  expect(await looks.refreshAll()).toEqual([])
  clock.pass(61)
  expect(await looks.token('website', 't2', alice)).toMatchObject({ uid: 't2' })
})

test('the number of looks is limited by time that passes, whatever the clock is set to', async () => {
  const { clock, looks, setClock } = world()
  for (let i = 0; i < mostLooks; i += 1) await looks.token('website', 't1', alice)
  for (const seconds of [-2, 86_400]) {
    setClock(seconds)
    await expect(looks.token('website', 't1', alice)).rejects.toMatchObject({ code: 'unavailable' })
  }
  setClock(-86_400)
  clock.pass(60)
  expect(await looks.token('website', 't1', alice)).toMatchObject({ uid: 't1' })
})

test('facts that decide where aliases point are asked of the stack again if the file differs from the look', async () => {
  const { looks, store, website } = world()
  website.facts = facts({ aliasTargets: { live: 'main' } })
  expect(await looks.factsOfLate('website')).toMatchObject({ aliasTargets: { live: 'main' } })
  await store.rememberFacts('website', facts({ aliasTargets: { live: 'development' } }))
  expect(await looks.factsOfLate('website')).toMatchObject({ aliasTargets: { live: 'main' } })
})

test('the targets of aliases are looked up again after a minute, though the clock was set back meanwhile', async () => {
  const { clock, looks, setClock, website } = world()
  await looks.refreshAll()
  website.facts = facts({ aliasTargets: { live: 'main' } })
  clock.pass(61)
  setClock(-30)
  expect(await looks.factsOfLate('website')).toMatchObject({ aliasTargets: { live: 'main' } })
})

test('a form for a stack that was never reached is refused in words, and a bug is not', async () => {
  const { looks, website } = world()
  website.onFacts = () => Promise.reject(new Outage('The stack "website" can\'t be reached right now: it is down.'))
  await expect(looks.facts('website')).rejects.toMatchObject({
    name: 'Refusal',
    code: 'unavailable',
    message: expect.stringMatching(
      /^The stack "website" can't be reached right now: it is down\. .* try again in a minute\.$/,
    ),
  })
  website.onFacts = () => Promise.reject(new TypeError('a bug'))
  await expect(looks.facts('website')).rejects.toThrow(TypeError)
  website.onFacts = async () => {}
  expect(await looks.facts('website')).toEqual(facts())
})
