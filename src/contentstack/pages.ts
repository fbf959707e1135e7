import { asText, mostListed, mostPages, mostRecords, TooLong } from './bounds.ts'
import type { Http } from './http.ts'
import type { Wanted } from './turns.ts'
import { listed } from './wire.ts'

/** The most that the documented lists return at once. */
const pageSize = 100

/**
 * Every record of a list, each once however often it is shown. `count` may be missing or wrong, and the size of a page
 * is not documented for every list: without a `count` to trust, it reads on until a page brings nothing new. Throws
 * TooLong for a list without an end, or one so long that it might as well have none.
 */
export async function allRecords(http: Http, path: string, key: string, wanted: Wanted = {}): Promise<unknown[]> {
  const seen = new Set<string>()
  const records: unknown[] = []
  let characters = 0
  for (let pages = 1; pages <= mostPages; pages += 1) {
    const query = { include_count: 'true', limit: pageSize, skip: records.length }
    const page = listed(key).parse(await http.get(path, query, {}, wanted))
    const known = seen.size
    for (const record of page.records) {
      const text = asText(record)
      if (seen.has(text)) continue
      seen.add(text)
      records.push(record)
      characters += text.length
    }
    if (characters > mostListed) throw new TooLong(`16 MB of ${key}`)
    if (records.length > mostRecords) throw new TooLong(`${mostRecords} ${key}`)
    if (seen.size === known || records.length === page.count) return records
  }
  throw new TooLong(`${mostRecords} ${key}`)
}
