import { createHash } from 'node:crypto'

export type Draws = ReturnType<typeof drawsFrom>

/** Whatever is drawn follows from the seed. */
export function drawsFrom(seed: number | string) {
  let count = 0
  const next = () => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32BE() / 2 ** 32
  const upTo = (most: number) => Math.floor(next() * (most + 1))
  return {
    chance: (share: number) => next() < share,
    upTo,
    one: <T>(from: readonly T[]): T => from[upTo(from.length - 1)]!,
  }
}
