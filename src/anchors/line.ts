import type { Anchor } from '../ports/anchors.ts'

/** The same in every place: a line of JSON with the fields always in this order. */
export function lineOf({ at, change, size, head, digest }: Anchor): string {
  return JSON.stringify({ at, change, size, head, digest })
}
