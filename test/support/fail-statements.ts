import pg from 'pg'
import { onTestFinished, vi } from 'vitest'

/**
 * Fails every statement to PostgreSQL that begins with these words, quotes apart, until it is stopped or the test is over.
 * `when` tells which values fail; all of them unless given.
 */
export function failStatements(
  words: string,
  message: string,
  when: (values: readonly unknown[]) => boolean = () => true,
): () => void {
  const begin = words.replaceAll('"', '')
  const query = pg.Client.prototype.query as (this: pg.Client, ...given: readonly unknown[]) => unknown
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [asked] = given
    const { text, values = [] } = typeof asked === 'string' ? { text: asked } : (asked as pg.QueryConfig)
    if (!(text.replaceAll('"', '').trim().startsWith(begin) && when(values))) return query.apply(this, given)
    const done = given.at(-1)
    // A pool asks with a callback, and would wait for ever.
    return typeof done === 'function' ? done(new Error(message)) : Promise.reject(new Error(message))
  } as typeof pg.Client.prototype.query)
  const stop = () => spy.mockRestore()
  onTestFinished(stop)
  return stop
}
