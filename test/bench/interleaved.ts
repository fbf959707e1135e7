import { setTimeout as rest } from 'node:timers/promises'

/** Does one thing on one side, and resolves to its times in milliseconds, by name. */
export type Turn<Name extends string> = (round: number) => Promise<Record<Name, number>>

/** By side, then by name. */
export type Times<Side extends string, Name extends string> = Record<Side, Record<Name, number[]>>

export type Rounds = { readonly warmUp: number; readonly samples: number }

/** A pause after each turn, so that work a side still does by itself is not measured on the next. */
const restMs = 4

/**
 * Lets the sides take turns, a different one first in each round, so that whatever slows down the machine slows all of
 * them. With three sides, none follows itself: work after its ack would be measured on its own next turn.
 */
export async function interleaved<Side extends string, Name extends string>(
  turns: Record<Side, Turn<Name>>,
  { warmUp, samples }: Rounds,
): Promise<Times<Side, Name>> {
  const times = {} as Times<Side, Name>
  const sides = Object.keys(turns) as Side[]
  for (let round = 0; round < warmUp + samples; round++) {
    const first = round % sides.length
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
      const took = await turns[side](round)
      if (round >= warmUp) note(times, side, took)
      await rest(restMs)
    }
  }
  return times
}

function note<Side extends string, Name extends string>(
  times: Times<Side, Name>,
  side: Side,
  took: Record<Name, number>,
): void {
  times[side] ??= {} as Record<Name, number[]>
  for (const name of Object.keys(took) as Name[]) {
    times[side][name] ??= []
    times[side][name].push(took[name])
  }
}
