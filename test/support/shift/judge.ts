import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import { type Change, hasEnded } from '../../../src/domain/change/change.ts'
import { reading } from '../../slack/kit/drawn.ts'
import { cards, changeOf, isWaiting } from './acts.ts'
import { type Shift, workAsUsual } from './shift.ts'

/** All that is not as it should be once the way is clear again and time has passed. */
export async function faultsOf(shift: Shift): Promise<string[]> {
  await untilQuiet(shift)
  await workAsUsual(shift)
  await untilQuiet(shift)
  const changes = await everyChange(shift)
  const { world } = shift
  const verified = await verifyDatabase(
    world.config.database,
    { current: auditKey(world.config.auditKey), earlier: [] },
    null,
  )
  return [
    ...(verified.intact.holds ? [] : ['The log does not verify.', JSON.stringify(verified.intact)]),
    ...changes.flatMap((change) => [...writesOf(shift, change), ...cardOf(shift, change), ...tellingOf(shift, change)]),
    ...(world.stack.takenUpdates() === shift.given.length ? [] : ['The stack took an update that changed nothing.']),
    ...decisionsOf(changes),
    ...leftUnsaid(shift),
    ...unasked(shift, changes),
    ...askedInVain(shift, changes),
  ]
}

async function untilQuiet({ world }: Shift): Promise<void> {
  const left = async () => world.store.unfinished(new Date().toISOString())
  let polls = 0
  await world
    .until('nothing to be left', async () => {
      // No faster than the app works: it takes a long silence for no answer.
      if (polls++ % 40 === 0) world.passes(61)
      return (await left()).length === 0
    })
    .catch(async (error) => {
      const changes = await Promise.all((await left()).map((id) => world.store.get(id)))
      throw new Error(JSON.stringify([changes, world.slack.calls.slice(-10), world.logs.slice(-5)], null, 1), {
        cause: error,
      })
    })
}

async function everyChange({ world }: Shift): Promise<Change[]> {
  const found: Change[] = []
  for (let id = 1; ; id++) {
    const one = await world.store.get(id).catch(() => null)
    if (!one) return found
    found.push(one.change)
  }
}

/** A change that was applied was written once, and no other was. */
function writesOf({ given }: Shift, { id, status, after }: Change): string[] {
  const times = given.filter((name) => name === after.name).length
  if (times === (status === 'applied' ? 1 : 0)) return []
  return [`#${id} (${after.name}) is ${status}, and the stack took its update ${times} times.`]
}

function cardOf(shift: Shift, { id, status }: Change): string[] {
  const its = cards(shift).filter((card) => changeOf(card) === id)
  if (its.length !== 1) return [`#${id} has ${its.length} cards.`]
  const [card] = its
  const wrong = isWaiting(card!) !== (status === 'pending')
  return wrong ? [`The card of #${id}, which is ${status}, says: ${reading(card!.blocks)}`] : []
}

/** Whoever asked for it has heard how it ended. */
function tellingOf({ world }: Shift, change: Change): string[] {
  const { id, requester, after } = change
  if (!hasEnded(change)) return []
  const heard = world
    .person(requester)
    .dms()
    .filter((one) => one.includes(`#${id}`) || one.includes(after.name))
  return heard.length > 0 ? [] : [`${requester} has not heard how #${id} (${change.status}) ended.`]
}

/**
 * Whoever pressed Approve, and moved nothing by it, has heard why, or the log says that they have not: words that wait
 * for Slack do not outlast a restart.
 */
function leftUnsaid({ world, done }: Shift): string[] {
  return done.flatMap(({ by, unmoved }) => {
    if (unmoved === undefined) return []
    const person = world.person(by)
    const about = new RegExp(
      `change #${unmoved}\\b|could not be looked up in Slack|Slack could not say|Slack gave no answer`,
    )
    const isHeard = [...person.toldPrivately(), ...person.dms()].some((one) => about.test(one))
    const isLogged = world.logs.some((line) => line.includes(by) && line.includes(`change #${unmoved}`))
    return isHeard || isLogged ? [] : [`${by} pressed Approve on #${unmoved}, was acked, and heard nothing.`]
  })
}

function decisionsOf(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    const { id, status, requester } = change
    const own = change.approvals.some(({ by }) => by === requester)
    const stuck = !hasEnded(change) && status !== 'pending' && status !== 'drifted'
    return [
      ...(own ? [`#${id} was approved by its requester.`] : []),
      ...(stuck ? [`#${id} is ${status} for good.`] : []),
    ]
  })
}

/** Nothing exists that nobody asked for, and nothing twice. */
function unasked({ done }: Shift, changes: readonly Change[]): string[] {
  const asked = new Set(done.filter(({ what }) => what === 'ask').map(({ about }) => about))
  const names = changes.map(({ after }) => after.name)
  return names.flatMap((name, i) => [
    ...(asked.has(name) ? [] : [`Nobody asked for ${name}.`]),
    ...(names.indexOf(name) === i ? [] : [`There are two changes for ${name}.`]),
  ])
}

/** Whatever the app took, it kept. */
function askedInVain({ done }: Shift, changes: readonly Change[]): string[] {
  const names = new Set(changes.map(({ after }) => after.name))
  return done.flatMap(({ what, about, acked, by }) =>
    what === 'ask' && acked && !names.has(about) ? [`${by} was acked for ${about}, which is not there.`] : [],
  )
}
