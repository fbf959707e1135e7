import { drawsFrom } from '../../support/shift/draws.ts'
import { alice } from '../../support/world.ts'
import { deciders, described, type Lane, lanes, uidOf } from './lanes.ts'
import { createPeople } from './people.ts'
import type { Storm } from './storm.ts'

/** Acts on one change at most, after which it is left as it is. */
const mostActs = 12

/** Everybody works at once, each lane on its own changes, one after another. */
export async function liveThrough(storm: Storm): Promise<void> {
  await Promise.all(lanes.map((lane) => work(storm, lane)))
}

async function work(storm: Storm, lane: Lane): Promise<void> {
  for (let change = lane; change < storm.changes; change += lanes.length) await liveOf(storm, lane, change)
}

/** One change, as drawn from the seed: each act is done in the plain model and in the app, one after another. */
async function liveOf(storm: Storm, lane: Lane, id: number): Promise<void> {
  const { seed, models, world } = storm
  const draws = drawsFrom(`${seed} change ${id}`)
  const model = models[lane]!
  const people = createPeople(storm, lane)
  await people.ask(id)
  model.propose(id, 'neutral', described)
  const change = model.changes.get(id)!
  const acts: readonly (readonly [often: number, act: () => Promise<unknown> | unknown])[] = [
    [10, () => approve(draws.one([alice, ...deciders]))],
    [1, () => reject(draws.one(deciders))],
    [1, () => model.cancel(id, alice) && people.cancel(id)],
    [2, () => amend(draws.one([alice, ...deciders]))],
    [2, () => contend(draws.one(deciders), draws.one(deciders))],
    [1, editByHand],
    [2, () => model.rebase(id, alice, change.revision) && people.rebase(id, change.revision)],
  ]
  const isOpen = () => change.status === 'pending' || change.status === 'drifted'
  for (let i = 0; i < mostActs && isOpen(); i++)
    await draws.one(acts.flatMap(([often, act]) => Array.from({ length: often }, () => act)))()

  async function approve(by: string): Promise<void> {
    if (change.status !== 'pending') return
    const isAsker = change.requesters.has(by)
    if (model.approve(id, by, change.revision)) await people.approve(id, by)
    else if (isAsker) await people.isRefused(id, by)
    model.catchUp()
  }

  async function reject(by: string): Promise<void> {
    if (model.reject(id, by, change.revision)) await people.reject(id, by)
  }

  async function amend(by: string): Promise<void> {
    if (model.amend(id, by, change.revision, 'neutral')) await people.amend(id, by, change.revision)
  }

  /** One approves and another rejects at the same time, when one more approval is enough: either is right, but not both. */
  async function contend(yes: string, no: string): Promise<void> {
    const [first, ...more] = change.approvers
    const isFree = (by: string) => by !== first && !change.requesters.has(by)
    if (change.status !== 'pending' || first === undefined || more.length > 0 || yes === no) return
    if (!isFree(yes) || !isFree(no)) return
    await Promise.all([people.approve(id, yes), people.reject(id, no)])
    if (people.isRejected(id)) model.reject(id, no, change.revision)
    else model.approve(id, yes, change.revision)
    model.catchUp()
  }

  /** Somebody edits the token past the app, before anybody has decided: the change is stopped. */
  async function editByHand(): Promise<void> {
    if (change.status !== 'pending' || change.revision > 1 || change.approvers.size > 0) return
    world.stack.edit(uidOf(id), { description: 'By hand' })
    model.live.set(id, 'By hand')
    await people.untilStopped(id)
    model.look()
  }
}
