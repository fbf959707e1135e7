import { describe, expect, test } from 'vitest'
import { expectApplied, expectNothingAckedLost } from './checks.ts'
import { insist, told, untilApplied } from './people.ts'
import { createWorld, slow } from './world.ts'

/** Every commit on the way of one change, by its name in `at-commit.ts`, and what it keeps. */
const steps = [
  ['drafts 1', 'the form was kept'],
  ['drafts 2', 'what Alice filled in was kept'],
  ['proposed 1', 'the proposal was written'],
  ['card_posting 1', 'the card was going to be posted'],
  ['card_channel 1', 'it was written where the card stands'],
  ['telling 1', 'Alice was going to be told'],
  ['told 1', 'it was written that Alice was told'],
  ['approved 1', 'the approval was written'],
  ['apply_started 1', 'the apply was begun'],
  ['applied 1', 'the outcome was written'],
  ['card_channel 2', 'it was written that the card was redrawn'],
  ['telling 2', 'Alice was going to be told the outcome'],
  ['told 2', 'it was written that Alice was told the outcome'],
  ['anchored 1', 'it was written that a checkpoint stands in the thread'],
] as const

test('a change is written down in these steps and no others', async (context) => {
  const world = await createWorld(context)
  const app = await world.start()
  await app.ready
  await insist(world)
  await untilApplied(world)
  await app.terminate()
  const way = world.commits().slice(world.commits().indexOf('settings_changed 1') + 1)
  expect(way.filter((name) => !isNoStep(name)).sort()).toEqual(steps.map(([name]) => name).sort())
  await expectApplied(world)
})

describe.concurrent('wherever the app dies', slow, () => {
  const kills = steps.flatMap(([step, what]) =>
    (['before', 'after'] as const).map((when) => ({ killAt: `${when} ${step}`, when, what })),
  )
  test.for(kills)('a kill just $when $what loses nothing: the change is applied once', async ({ killAt }, context) => {
    const world = await createWorld(context)
    const first = await world.start({ killAt })
    const insisting = insist(world)
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' })
    await expectNothingAckedLost(world, world.copyOfDatabase())

    const second = await world.start()
    await second.ready
    world.passTime()
    await insisting
    await untilApplied(world)
    // Slack took the word, and the app died before it could note that down: nobody can tell, so it is said again.
    if (killAt === 'before told 2') await world.until(() => told(world, 'was applied') === 2, 'the word once more')
    expect(await second.terminate()).toEqual({ code: 0, signal: null })
    await expectApplied(world)
  })
})

/** What was last seen of a stack decides nothing, and the rest, such as moving the log into the database, is not about a change. */
function isNoStep(name: string): boolean {
  return /^(tables|tokens|stacks|forget \w+|stopped) /.test(name)
}
