import type { Http } from './http.ts'
import { listed } from './wire.ts'

/** The most that the docs' lists give at once. */
const pageSize = 100

/**
 * Every record of a list. `count` may be missing, and what a page holds at most is not documented for every list, so
 * without a count it goes on until a page brings nothing new.
 */
export async function allRecords(http: Http, path: string, key: string): Promise<unknown[]> {
  const seen = new Set<string>()
  const records: unknown[] = []
  for (;;) {
    const query = { include_count: 'true', limit: pageSize, skip: records.length }
    const page = listed(key).parse(await http.get(path, query))
    const fresh = page.records.filter((record) => !seen.has(JSON.stringify(record)))
    for (const record of fresh) seen.add(JSON.stringify(record))
    records.push(...fresh)
    if (fresh.length === 0 || (page.count !== undefined && records.length >= page.count)) return records
  }
}
