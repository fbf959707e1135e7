import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import { changeEvent } from '../../../src/domain/change/event.ts'
import { storeIn } from '../../../src/storage/postgres/store.ts'
import type { ModelChange } from '../../support/model.ts'
import { isWaiting } from '../../support/shift/acts.ts'
import { replayed } from '../checks.ts'
import { idOf, type Lane, lanes, nameOf, uidOf } from './lanes.ts'
import { cardsOf, text } from './people.ts'
import type { Storm } from './storm.ts'

const keyless = { current: null, earlier: [] }
/** In milliseconds: nobody's change lives on. */
const longerThanAWeek = 8 * 86_400_000
/** Times that pass until nothing is left to be done, at most. */
const longest = 200

/** All that is not as it should be once the storm is over and nothing is left to be done. */
export async function faultsOf(storm: Storm): Promise<string[]> {
  const { server, instances } = storm
  await storm.faults.end()
  await storm.until('all processes', () => instances.every(({ isReady }) => isReady))
  await untilQuiet(storm)
  const inTheEnd = await stopAll(storm)
  await untilExpired(storm)
  const changes = await everyChange(storm)
  const verified = await verifyDatabase(server.url, keyless, null)
  return [
    ...instances.flatMap(({ ended }) => ended),
    ...inTheEnd,
    ...(await storm.kept.allLost()),
    ...(verified.intact.holds ? [] : [`The log does not verify: ${JSON.stringify(verified.intact)}`]),
    ...(changes.length === storm.changes ? [] : [`There are ${changes.length} changes.`]),
    ...lanes.flatMap((lane) => ofLane(storm, lane, changes)),
    ...claimsOf(storm, changes),
    ...(await heldIn(storm)),
  ]
}

/** Whoever still waits for an answer that never comes may take longer than a stop may take. */
async function stopAll({ instances }: Storm): Promise<string[]> {
  const exits = await Promise.all(instances.map(({ stop }) => stop()))
  return instances.flatMap(({ app, wasSilenced }, i) =>
    exits[i]!.code === 0 || (wasSilenced && /The stop took too long/.test(app.stdout))
      ? []
      : [`A process that was stopped ended with ${exits[i]!.code}: ${app.stdout.slice(-3000)}`],
  )
}

/** Whatever waits until its time is over, in the model and in the app, while nobody is there. */
async function untilExpired(storm: Storm): Promise<void> {
  await storm.passes(longerThanAWeek)
  for (const model of storm.models) {
    model.time += longerThanAWeek / 1000
    model.catchUp()
  }
  await Promise.all(storm.instances.map(({ again }) => again()))
  await untilQuiet(storm)
  await stopAll(storm)
}

async function untilQuiet(storm: Storm): Promise<void> {
  const { server, now, next, world } = storm
  const store = storeIn(server.pool, keyless, {})
  const left = () => store.unfinished(new Date(now()).toISOString())
  for (let i = 0; i < longest * 50; i++) {
    if ((await left()).length === 0) return
    await next()
  }
  const changes = await Promise.all((await left()).map((id) => store.get(id)))
  throw new Error(
    `Something is left to be done: ${JSON.stringify([changes, world.slack.calls.slice(-5)], null, 1)}\n${await storm.state()}`,
  )
}

type Kept = { readonly change: Change; readonly faults: readonly string[] }

async function everyChange({ server }: Storm): Promise<Kept[]> {
  const store = storeIn(server.pool, keyless, {})
  const found: Kept[] = []
  for (let id = 1; ; id++) {
    const one = await store.get(id).catch(() => null)
    if (!one) return found
    const events = (await store.events(id)).flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
    const isSame = JSON.stringify(sorted(replayed(id, events))) === JSON.stringify(sorted(one.change))
    found.push({ change: one.change, faults: isSame ? [] : [`The log of #${id} does not lead to its state.`] })
  }
}

/** Keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]))
}

function ofLane(storm: Storm, lane: Lane, kept: readonly Kept[]): string[] {
  return [...storm.models[lane]!.changes].flatMap(([number, expected]) => {
    const its = kept.filter(({ change }) => change.after.name === nameOf(number))
    if (its.length !== 1) return [`There are ${its.length} changes for ${nameOf(number)}.`]
    const [{ change, faults }] = its as [Kept]
    return [
      ...faults,
      ...asModelled(change, expected, lane),
      ...writesOf(storm, change, number),
      ...cardOf(storm, change, number),
      ...tellingOf(storm, change),
    ]
  })
}

function asModelled({ id, status, revision, approvals }: Change, expected: ModelChange, lane: Lane): string[] {
  const people = (ids: Iterable<string>) => [...ids].toSorted().join(', ')
  const approvers = people([...expected.approvers].map((role) => idOf(lane, role)))
  const found = people(approvals.map(({ by }) => by))
  return [
    ...(status === expected.status ? [] : [`#${id} is ${status}, and should be ${expected.status}.`]),
    ...(revision === expected.revision ? [] : [`#${id} is revision ${revision}, not ${expected.revision}.`]),
    ...(found === approvers ? [] : [`#${id} was approved by ${found}, not by ${approvers}.`]),
  ]
}

/** A change that was applied was written once, and no other was. */
function writesOf({ world: { stack } }: Storm, { id, status, after }: Change, number: number): string[] {
  const times = stack.takenUpdates(uidOf(number))
  const token = stack.token(uidOf(number))!
  const isWritten = token.name === after.name && token.description === after.description
  return [
    ...(times === (status === 'applied' ? 1 : 0)
      ? []
      : [`#${id} is ${status}, and the stack took ${times} updates for it.`]),
    ...(isWritten === (status === 'applied') ? [] : [`#${id} is ${status}, and the token is ${JSON.stringify(token)}`]),
  ]
}

/** The words of each end, on cards and in messages. */
const ends = { applied: /was applied/, rejected: /was rejected/, cancelled: /was cancelled/, expired: /expired/ }

function cardOf(storm: Storm, { id, status }: Change, number: number): string[] {
  const its = cardsOf(storm, number)
  if (its.length !== 1) return [`#${id} has ${its.length} cards.`]
  const [card] = its
  const end = ends[status as keyof typeof ends]
  const isRight = isWaiting(card!) === (status === 'pending') && (end?.test(text(card!)) ?? true)
  return isRight ? [] : [`The card of #${id}, which is ${status}, says: ${text(card!)}`]
}

/** Whoever asked for it has heard how it ended, unless they ended it themselves. */
function tellingOf({ world: { slack } }: Storm, { id, status, requester }: Change): string[] {
  const words = ends[status as keyof typeof ends]
  if (!words || status === 'cancelled') return []
  const isHeard = slack
    .as(requester)
    .messages('dm')
    .some((one) => text(one).includes(`#${id}`) && words.test(text(one)))
  return isHeard ? [] : [`${requester} has not heard that #${id} is ${status}.`]
}

/** Nothing that anybody was ever told of a change's end is contradicted by what it is. */
function claimsOf({ world: { slack } }: Storm, kept: readonly Kept[]): string[] {
  const statuses = new Map(kept.map(({ change }) => [change.id, change.status]))
  return slack.calls.flatMap(({ method, args }) => {
    const said = String(args.text ?? '')
    const [, id, words] = /[Cc]hange #(\d+) (was applied|was rejected|was cancelled|expired)/.exec(said) ?? []
    const status = statuses.get(Number(id))
    if (words === undefined || ends[status as keyof typeof ends]?.test(words)) return []
    return [`${method} said "${said}", and it is ${status}.`]
  })
}

/** No lease is left over, and no hold. That of a card counts only until the card stands. */
async function heldIn({ server }: Storm): Promise<string[]> {
  const { rows } = await server.pool.query(`
    select id::text as of, 'telling' as what from change_requests where telling <> 0
    union all select id::text, 'card' from change_requests where card_posting <> 0 and card_ts is null
    union all select id::text, 'applying' from change_requests where status = 'applying'
    union all select change_id::text, 'void approval' from void_approvals where telling is not null`)
  return rows.map(({ of, what }) => `#${of} is still held: ${what}`)
}
