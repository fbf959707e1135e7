import { createReadStream } from 'node:fs'
import { Refusal } from '../domain/refusal.ts'

/** Reads the lines of a file that are not empty, one at a time. Throws a Refusal if the file can't be read. */
export async function* linesOf(path: string): AsyncIterable<{ line: string; number: number }> {
  let number = 0
  let rest = ''
  for await (const chunk of chunksOf(path)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      number++
      if (line.trim() !== '') yield { line, number }
    }
  }
  if (rest.trim() !== '') yield { line: rest, number: number + 1 }
}

async function* chunksOf(path: string): AsyncIterable<string> {
  try {
    yield* createReadStream(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal('unavailable', `${path} can't be read (${why}). Nothing was checked.`)
  }
}

/** A line as JSON; undefined if it isn't JSON. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
