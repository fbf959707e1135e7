import { expect, test } from 'vitest'
import { expectApplied, expectNothingAckedLost } from './checks.ts'
import { approve, ask, insist, told, untilApplied } from './people.ts'
import { createWorld, passOver, slow, type World } from './world.ts'

/** Every commit on the way of one change, by its name in `at-commit.ts`, and what it keeps. */
const steps = [
  ['drafts 1', 'the form was kept'],
  ['rowid 1', 'it was kept what of the form is open'],
  ['rowid 2', 'what Alice filled in was kept'],
  ['proposed 1', 'the proposal was written'],
  ['card_posting 1', 'the card was going to be posted'],
  ['card_channel 1', 'it was written where the card stands'],
  ['telling 1', 'Alice was going to be told'],
  ['told 1', 'it was written that Alice was told'],
  ['approved 1', 'the approval was written'],
  ['apply_started 1', 'the apply was begun'],
  ['write_answered 1', 'the answer of the stack was written'],
  ['applied 1', 'the outcome was written'],
  ['card_seq 1', 'it was written that the card was redrawn'],
  ['telling 2', 'Alice was going to be told the outcome'],
  ['told 2', 'it was written that Alice was told the outcome'],
  ['anchored 1', 'it was written that a checkpoint stands in the thread'],
] as const

/** An app that finds an apply begun by another draws its card only once. */
const redrawnFirst = 'card_seq 2'

test('a change is written down in these steps and no others', async (context) => {
  const world = await createWorld(context)
  const app = await world.start()
  await app.ready
  await insist(world)
  await untilApplied(world)
  await app.terminate()
  const way = world.commits().slice(world.commits().indexOf('started 1') + 1)
  expect(way.filter((name) => !isNoStep(name)).sort()).toEqual([...steps.map(([name]) => name), redrawnFirst].sort())
  await expectApplied(world)
})

test(
  'an app that is killed just before and just after each step, one after the other, loses nothing, and writes once',
  slow,
  async (context) => {
    const world = await createWorld(context)
    const asked = ask(world)
    asked.catch(passOver)
    let applied = asked
    for (const [step, what] of steps) {
      // Earlier, the app may record his approval sooner than what it just told Alice, and would miss the point where it
      // is to die.
      if (step === 'approved 1') applied = asked.then(() => approve(world)).then(() => untilApplied(world))
      applied.catch(passOver)
      await dies(world, `before ${inItsProcess(step)}`, `just before ${what}`)
      await dies(world, `after ${inItsProcess(step)}`, `just after ${what}`)
    }
    const last = await world.start()
    await Promise.all([applied, last.ready])
    expect(await last.terminate()).toEqual({ code: 0, signal: null })
    // Slack took the message, and the app died before it could record that: nobody can tell, so it was sent again.
    expect(told(world, 'was applied')).toBe(2)
    await expectApplied(world)
  },
)

/** After another process died, the first commit is the one that the dead process did not make. */
function inItsProcess(step: string): string {
  return step.replace(/ \d+$/, ' 1')
}

async function dies(world: World, killAt: string, when: string): Promise<void> {
  const app = await world.start({ killAt })
  expect(await app.exited, `${when}: ${app.stdout}`).toMatchObject({ signal: 'SIGKILL' })
  await expectNothingAckedLost(world, world.copyOfDatabase())
  world.passTime()
}

/**
 * Commits about what was last seen of a stack decide nothing, and others, like moving the log into the database, are
 * not about a change.
 */
function isNoStep(name: string): boolean {
  return /^(tables|tokens|stacks|instances|forget \w+|stopped) /.test(name)
}
