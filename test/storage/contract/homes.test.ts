import { describe, expect, test } from 'vitest'
import { alice, bob } from '../../support/world.ts'
import { engines } from './engines.ts'

const home = (person: string, openedAt: string) => ({ person, pages: { recent: 2 }, digest: 'd', openedAt })

describe.each(engines)('on $name', (engine) => {
  test('the people whose Home is shown are remembered, also by the next process, until they are forgotten', async () => {
    const place = await engine.empty()
    const before = await place.open()
    await before.homeIsShown(home(alice, '2026-06-01T09:00:00.000Z'))
    await before.homeIsShown(home(bob, '2026-06-02T09:00:00.000Z'))
    await before.homeIsShown({ ...home(alice, '2026-06-03T09:00:00.000Z'), pages: {}, digest: 'e' })
    await before.close()
    const store = await place.open()
    const shown = { ...home(alice, '2026-06-03T09:00:00.000Z'), pages: {}, digest: 'e' }
    expect(await store.homes()).toEqual([shown, home(bob, '2026-06-02T09:00:00.000Z')])
    expect(await store.home(alice)).toEqual(shown)
    await store.forgetHomes('2026-06-03T00:00:00.000Z')
    expect(await store.home(bob)).toBeNull()
    await store.forgetHome(alice)
    expect(await store.homes()).toEqual([])
  })
})
