import { expect, test } from 'vitest'
import { createPruning } from '../../../src/workflow/rounds/pruning.ts'
import { createOutside, startCore } from '../../support/core.ts'
import { withSetClock } from '../../support/set-clock.ts'
import { alice, bob, emptyForm } from '../../support/world.ts'

const day = 86_400

/** A form and a Home that Alice opened, a clock that somebody sets, and what is kept after a round. */
async function world() {
  const { outside, now, set } = withSetClock(createOutside())
  const { store } = startCore(outside)
  const { clock } = outside
  const opens = async (person: string) => {
    await store.startDraft({ id: person, person, ...emptyForm() }, clock.iso())
    await store.homeIsShown({ person, pages: {}, digest: '', openedAt: clock.iso() })
  }
  const kept = async () => ({
    form: (await store.draft(alice)) !== null,
    homes: (await store.homes()).map(({ person }) => person),
  })
  const prune = createPruning({ store, now, monotonic: clock.monotonic })
  await opens(alice)
  return { clock, kept, opens, prune, set, store }
}

test('a form is kept for a week, and a Home that nobody opens for a month', async () => {
  const { clock, kept, opens, prune } = await world()
  clock.pass(7 * day)
  await prune()
  expect(await kept()).toEqual({ form: true, homes: [alice] })
  clock.pass(1)
  await prune()
  expect(await kept()).toEqual({ form: false, homes: [alice] })
  await opens(bob)
  clock.pass(23 * day)
  await prune()
  expect(await kept()).toEqual({ form: false, homes: [bob] })
})

test.each([40, -40])('setting the clock by %i days, and back after a while, loses nothing', async (days) => {
  const { clock, kept, prune, set } = await world()
  for (const by of [days, -days]) {
    set(by * day)
    await prune()
    clock.pass(3 * day)
    await prune()
  }
  expect(await kept()).toEqual({ form: true, homes: [alice] })
})

test('a form that is opened while the clock is behind is kept once it is corrected', async () => {
  const { opens, prune, set, store } = await world()
  set(-40 * day)
  await opens(bob)
  await prune()
  set(40 * day)
  await prune()
  expect(await store.draft(bob)).not.toBeNull()
})
