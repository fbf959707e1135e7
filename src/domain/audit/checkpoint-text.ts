import type { Checkpoint } from './chain.ts'

/** A checkpoint as people see it and programs read it: how many entries, the hash of the last, the digest. */
export function checkpointInText({ size, head, digest }: Checkpoint): string {
  return `${size} · ${head} · ${digest}`
}

const written = /\b(\d{1,15}) · ([0-9a-f]{64}) · ([0-9a-f]{64})(?!\w)/

/** The first checkpoint written in `text`; null if there is none. */
export function checkpointIn(text: string): Checkpoint | null {
  const [, size, head, digest] = written.exec(text) ?? []
  return size && head && digest ? { size: Number(size), head, digest } : null
}
