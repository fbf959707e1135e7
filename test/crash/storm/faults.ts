import { type Draws, drawsFrom } from '../../support/shift/draws.ts'
import type { World } from '../world.ts'
import type { Instance } from './instances.ts'
import type { Server } from './server.ts'

type Around = {
  readonly seed: number
  readonly world: World
  readonly server: Server
  readonly instances: readonly Instance[]
  readonly struck: () => void
}

/** Does it, and resolves to how it is mended after some acts, if it does not pass by itself. */
type Fault = readonly [name: string, often: number, strike: () => unknown]

/** The share of acts after which something goes wrong, however often they are repeated. */
const often = 0.3
/** Acts after which what does not pass by itself is over, at most. */
const lastsFor = 8

/** All that goes wrong, as drawn from the seed: after an act of somebody, now and then. */
export function createFaults(around: Around) {
  const { seed, instances, server, struck } = around
  const draws = drawsFrom(`${seed} faults`)
  const all: string[] = []
  const lasting = new Map<string, { left: number; readonly mend: () => void }>()
  const kinds = [
    ...ofProcesses(around, draws),
    ...ofConnections(around, draws),
    ...ofServer(around),
    ...ofStack(around),
  ]
  const drawn = kinds.flatMap((kind) => Array.from({ length: kind[1] }, () => kind))
  let isOver = false
  return { perhaps, end, all }

  /** Something goes wrong, or nothing does, and something else may be over. Nobody waits for it. */
  function perhaps(): void {
    for (const [name, one] of lasting) if (--one.left <= 0) mend(name)
    if (isOver || !draws.chance(often)) return
    const [name, , strike] = draws.one(drawn)
    all.push(name)
    mend(name)
    const mended = strike()
    if (typeof mended === 'function') lasting.set(name, { left: 1 + draws.upTo(lastsFor), mend: mended as () => void })
    struck()
  }

  function mend(name: string): void {
    if (!lasting.has(name)) return
    lasting.get(name)!.mend()
    lasting.delete(name)
    struck()
  }

  /** Resolves once nothing is in the way any more. */
  async function end(): Promise<void> {
    isOver = true
    for (const name of [...lasting.keys()]) mend(name)
    for (const { cutting } of instances) cutting.release()
    await server.isUp()
    struck()
  }
}

function ofProcesses({ instances }: Around, draws: Draws): Fault[] {
  const one = () => draws.one(instances)
  return [
    ['kill', 2, () => void one().kill()],
    ['kill before a commit', 2, () => one().killAtCommit('before')],
    ['kill after a commit', 2, () => one().killAtCommit('after')],
  ]
}

function ofConnections({ instances }: Around, draws: Draws): Fault[] {
  const one = () => draws.one(instances)
  return [
    ['cut', 2, () => one().cutting.cutAll()],
    ['cut before a commit', 1, () => one().atCommit('cut before')],
    ['cut after a commit', 1, () => one().atCommit('cut after')],
    ['freeze', 1, () => one().silence(false)],
    ['freeze before a commit', 1, () => one().atCommit('freeze before')],
    ['freeze after a commit', 1, () => one().atCommit('freeze after')],
    [
      'unplug',
      1,
      () => {
        const instance = one()
        instance.silence(true)
        return instance.cutting.release
      },
    ],
  ]
}

function ofServer({ server, struck }: Around): Fault[] {
  const restart = (how: 'fast' | 'immediate') => void server.restart(how).then(struck)
  return [
    ['fast restart of the server', 2, () => restart('fast')],
    ['immediate restart of the server', 2, () => restart('immediate')],
  ]
}

function ofStack({ world: { stack } }: Around): Fault[] {
  const { trouble } = stack
  const updates = (
    ['take, then never answer', 'take, then close the socket', 'take, then 500', 'never arrives'] as const
  ).map(
    (what): Fault => [
      `stack: ${what}`,
      1,
      () => {
        trouble.updates = what
        return () => {
          trouble.updates = 'ok'
        }
      },
    ],
  )
  return [
    ...updates,
    [
      'stack: slow',
      1,
      () => {
        trouble.slowMs = 400
        return () => {
          trouble.slowMs = 0
        }
      },
    ],
  ]
}
