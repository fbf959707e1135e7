import { startWorld, type Transport, type World } from '../journey.ts'
import { acts, type Done } from './acts.ts'
import { type Draws, drawsFrom } from './draws.ts'
import { carriage, weatherOf } from './weather.ts'

/** Where the apps are at work: one on its own database, or several on one that they are cut off from now and then. */
type Place = {
  readonly database?: { readonly app: string; readonly direct: string }
  readonly apps?: number
  readonly cut?: () => void
}

export type Shift = {
  readonly world: World
  readonly draws: Draws
  readonly done: Done[]
  /** The names that tokens were given at the stack, in order. */
  readonly given: readonly string[]
}

/** People work for so many hours while everything around the app goes wrong now and then, as drawn from the seed. */
export async function liveThrough(
  seed: number,
  hours: number,
  transport: Transport,
  { database, apps = 1, cut }: Place = {},
): Promise<Shift> {
  const world = await startWorld({
    transport,
    ...(database && { database }),
    stack: { tokens: tokens() },
    scopes: ['channels:history', 'groups:history'],
  })
  for (let more = 1; more < apps; more++) await world.joined()
  const draws = drawsFrom(seed)
  const done: Done[] = []
  const shift = { world, draws, done, given: namesGiven(world) }
  for (let seconds = 0; seconds < hours * 3600; ) {
    world.stack.letArrive()
    spoil(shift, draws.one([0, 0.05, 0.15, 0.4]))
    for (let i = draws.upTo(4); i >= 0; i--) {
      if (cut && draws.chance(0.1)) cut()
      await weighted(draws)(shift)
    }
    if (draws.chance(0.04)) {
      clear(shift)
      await world.restarts({})
    }
    const pass = draws.one([1, 5, 20, 60, 300])
    world.passes(pass)
    seconds += pass
  }
  clear(shift)
  return shift
}

/** Once the way is clear, and nothing that was sent before may still arrive, what is asked for and approved is written. */
export async function workAsUsual({ world, done }: Shift): Promise<void> {
  const { alice, bob, slack, stack, config, until } = world
  world.passes(3600)
  await until('a connection', () => config.slack.transport.kind === 'http' || slack.connections > 0)
  const about = 'last-of-all'
  const line = `/token rename ${stack.tokens()[0]!.uid} to ${about} because the day ends`
  while (!(await opensPreview(world, line))) world.passes(61)
  await alice.submits()
  done.push({ what: 'ask', by: alice.id, about, acked: true })
  const card = () => bob.cards().find(({ blocks }) => JSON.stringify(blocks).includes(about))
  await bob.approves(await slack.waitFor(card, 'the last card'))
  await slack.waitFor(() => stack.tokens().some(({ name }) => name === about), 'the last update')
}

/** False if she is told something else instead: the last trouble may only just be over. */
async function opensPreview({ alice, slack }: World, line: string): Promise<boolean> {
  while (alice.modal()) await alice.closeModal()
  const before = alice.toldPrivately().length
  await alice.says(line)
  const isOpen = () => alice.modal()?.view.callback_id === 'preview'
  await slack.waitFor(() => isOpen() || alice.toldPrivately().length > before, 'the preview, or why there is none')
  return isOpen()
}

function spoil({ world, draws }: Shift, share: number): void {
  world.slack.trouble.weather = weatherOf(draws, share)
  world.slack.trouble.carried = carriage(draws, share)
  world.stack.trouble.weather = weatherOf(draws, share)
  world.stack.trouble.updates = draws.chance(share / 2) ? 'arrives late' : 'ok'
}

function clear({ world }: Shift): void {
  world.slack.trouble.weather = null
  world.slack.trouble.carried = null
  world.stack.trouble.weather = null
  world.stack.trouble.updates = 'ok'
  world.stack.letArrive()
}

function namesGiven({ stack }: World): readonly string[] {
  const given: string[] = []
  const names = new Map(stack.tokens().map(({ uid, name }) => [uid, name]))
  stack.onChange(() => {
    for (const { uid, name } of stack.tokens()) {
      if (names.get(uid) !== name) given.push(name)
      names.set(uid, name)
    }
  })
  return given
}

/** One act, each as often as it says. */
function weighted(draws: Draws) {
  return draws.one(acts.flatMap(([often, act]) => Array.from({ length: often }, () => act)))
}

/** Six that differ in nothing but their names. */
function tokens() {
  const scope = [{ module: 'branch', acl: { read: true }, branches: ['main'] }]
  return Array.from({ length: 6 }, (_, i) => ({
    uid: `blt5c1de0000000b00${i}`,
    name: `token-${i}`,
    description: '',
    scope,
  }))
}
