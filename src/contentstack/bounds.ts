import { type Fields, isFields } from './fields.ts'

/** Far more than any answer of the stack: 100 tokens are a few hundred kilobytes at most. */
export const mostBytes = 4 * 2 ** 20

/** In one list, over all its pages. */
export const mostRecords = 5000
export const mostPages = 100
export const mostListed = 4 * mostBytes

/** In one record, as JSON. */
export const mostCharacters = 64 * 2 ** 10
export const mostLevels = 20

/** The answer is longer than `mostBytes`. */
export class TooLarge extends Error {
  override name = 'TooLarge'
}

/** The list is longer than the app reads; the message names what there is too much of. */
export class TooLong extends Error {
  override name = 'TooLong'
}

/**
 * The same `fetch`, except that reading a body beyond `mostBytes`, after unpacking, throws TooLarge and stops
 * receiving. Half a megabyte can unpack to two gigabytes.
 */
export function bounded(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const { body } = response
    return body ? new Response(body.pipeThrough(counting()), response) : response
  }
}

function counting(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength
      if (bytes > mostBytes) controller.error(new TooLarge())
      else controller.enqueue(chunk)
    },
  })
}

/** The reason a record is too much to work with, as a clause; null for every record that a stack would keep. */
export function excessOf(record: unknown): string | null {
  if (isDeep(record)) return `it is nested more than ${mostLevels} levels deep`
  return JSON.stringify(record).length > mostCharacters ? 'it is larger than 64 kB' : null
}

/** A record as JSON, or its uid alone if it is nested too deeply to be written down. */
export function asText(record: unknown): string {
  return isDeep(record) ? uidOf(record) : JSON.stringify(record)
}

/** A record's uid, as far as it can be shown. */
export function uidOf(record: unknown): string {
  const uid = isFields(record) ? (record as Fields).uid : undefined
  if (typeof uid !== 'string') return 'without a uid'
  return uid.length > 100 ? `${uid.slice(0, 100)}…` : uid
}

function isDeep(value: unknown, levels = mostLevels): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((part) => isDeep(part, levels - 1))
}
