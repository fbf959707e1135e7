import { describe, expect, test } from 'vitest'
import { createClock } from '../../support/clock.ts'
import { engines } from './engines.ts'

const [first, second] = [
  { clientId: 'client', sealed: 'sealed-1' },
  { clientId: 'client', sealed: 'sealed-2' },
]
const other = { clientId: 'another', sealed: 'sealed-of-another' }

describe.each(engines)('on $name', (engine) => {
  /** Two processes on one database, where a stack has its first grant. */
  async function two() {
    const place = await engine.empty()
    const clock = createClock()
    const [one, another] = [place.grants(clock), place.grants(clock)]
    const store = await place.open({ now: clock.now })
    const connects = (granted: typeof first) => store.keepGrant('website', granted, 'operator:root')
    await connects(first)
    const until = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000).toISOString()
    return { place, store, clock, one, another, until, connects }
  }

  test('the grant of a stack is kept for all processes, and no other stack has it', async () => {
    const { clock, one, another } = await two()
    const kept = { ...first, number: 1, storedAt: clock.now().toISOString(), renewalBegan: null, ended: null }
    expect([await one.grant('website'), await another.grant('website')]).toEqual([kept, kept])
    expect(await one.grant('shop')).toBeNull()
  })

  test('a grant is in the log with who gave it, to whatever app it was given', async () => {
    const { store, connects } = await two()
    await connects(other)
    const of = ({ clientId }: typeof first) => ({
      actor: 'operator:root',
      changeId: null,
      event: { type: 'stack_connected', stack: 'website', clientId },
    })
    expect(await store.events()).toMatchObject([of(first), of(other)])
  })

  test.each(['insert into oauth_grants', 'insert into audit_events'])(
    'a grant that could not be stored is not in the log, and one that could not be logged is not stored: %s',
    async (words) => {
      const { store, one, connects } = await two()
      const before = [await one.grant('website'), await store.events()]
      const works = engine.failWrites(words, 'the disk is full')
      await expect(connects(other)).rejects.toThrow('the disk is full')
      works()
      expect([await one.grant('website'), await store.events()]).toEqual(before)
    },
  )

  test('a database without a place for grants has none', async () => {
    const { place, one } = await two()
    await place.tamper('drop table oauth_grants')
    expect(await one.grant('website')).toBeNull()
  })

  test('a renewal is claimed by one process at a time, and by the next once that time is over', async () => {
    const { clock, one, another, until } = await two()
    const began = clock.now().toISOString()
    const claims = await Promise.all([one, another].map((grants) => grants.renewalBegins('website', 1, until(60))))
    expect(claims.sort()).toEqual([false, true])
    clock.pass(59)
    expect(await another.renewalBegins('website', 1, until(60))).toBe(false)
    clock.pass(1)
    expect(await another.renewalBegins('website', 1, until(60))).toBe(true)
    expect((await one.grant('website'))?.renewalBegan).toBe(began)
  })

  test('a renewed grant takes the place of the one before, has the next number, and is free to be renewed', async () => {
    const { clock, one, another, until } = await two()
    await one.renewalBegins('website', 1, until(60))
    clock.pass(5)
    expect(await one.grantIsRenewed('website', 1, second)).toBe(true)
    const storedAt = clock.now().toISOString()
    expect(await another.grant('website')).toEqual({ ...second, number: 2, storedAt, renewalBegan: null, ended: null })
    expect(await another.renewalBegins('website', 2, until(60))).toBe(true)
  })

  test('whoever renews a grant that has been replaced meanwhile changes nothing', async () => {
    const { one, another, until, connects } = await two()
    await one.renewalBegins('website', 1, until(60))
    await connects(other)
    const kept = await another.grant('website')
    expect(kept).toMatchObject({ ...other, number: 2, renewalBegan: null })
    expect(await one.grantIsRenewed('website', 1, second)).toBe(false)
    await one.renewalFailed('website', 1, { isUnknown: true })
    await one.grantEnded('website', 1, 'refused')
    expect(await one.renewalBegins('website', 1, until(60))).toBe(false)
    expect(await one.grant('website')).toEqual(kept)
  })

  test('after a renewal that failed the next may try at once, and one of which nobody knows the end is remembered', async () => {
    const { clock, one, another, until } = await two()
    const began = clock.now().toISOString()
    await one.renewalBegins('website', 1, until(60))
    await one.renewalFailed('website', 1, { isUnknown: true })
    expect((await another.grant('website'))?.renewalBegan).toBe(began)
    clock.pass(1)
    expect(await another.renewalBegins('website', 1, until(60))).toBe(true)
    expect((await another.grant('website'))?.renewalBegan).toBe(began)
    await another.renewalFailed('website', 1, { isUnknown: false })
    expect((await one.grant('website'))?.renewalBegan).toBeNull()
  })

  test.each(['refused', 'lost'] as const)(
    'a grant that was %s is renewed by nobody, until there is another',
    async (end) => {
      const { one, another, until, connects } = await two()
      await one.renewalBegins('website', 1, until(60))
      await one.grantEnded('website', 1, end)
      expect((await another.grant('website'))?.ended).toBe(end)
      expect(await another.renewalBegins('website', 1, until(60))).toBe(false)
      await connects(other)
      expect(await one.grant('website')).toMatchObject({ ...other, number: 2, ended: null })
      expect(await one.renewalBegins('website', 2, until(60))).toBe(true)
    },
  )
})
