import type { Carried } from '../../../src/sandbox/slack/protocol.ts'
import type { Forecast, Weather } from '../../../src/sandbox/weather.ts'
import type { Draws } from './draws.ts'

const bad: readonly Weather[] = ['lost', 'page', 'busy', 'broken', 'answer lost', 'cut short', 'broken after']

/** Most requests get through; a share of them meets one of all that can go wrong. */
export function weatherOf(draws: Draws, share: number): Forecast {
  return () => {
    if (!draws.chance(share)) return 'fine'
    return draws.chance(0.2) ? draws.upTo(30) : draws.one(bad)
  }
}

export function carriage(draws: Draws, share: number): () => Carried {
  return () => {
    if (!draws.chance(share)) return 'well'
    return draws.one<Carried>(['lost', 'ack lost', 'twice', 'twice', draws.upTo(30)])
  }
}
