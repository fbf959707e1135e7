import { type On, statement } from './statements.ts'

/** Many more than the day that matters has; looking through a long log takes too long. */
const newest = 20_000

const size = statement<{ size: number }>('log-size', 'select coalesce(max(seq), 0) as size from audit_events')
const said = statement<{ at: string }>(
  'put-back',
  `select at from audit_events where seq > $1 and seq <= $2 and type = 'log_put_back' order by seq desc limit 1`,
)

/** Tells when a backup was last recorded as put back, by the newest entries, or null. Looks at each entry once. */
export function preparePutBackAt(on: On): () => Promise<string | null> {
  let known: { readonly upTo: number; readonly at: string | null } | null = null
  return async () => {
    const [{ size: upTo } = { size: 0 }] = await size(on)
    const [found] = await said(on, known?.upTo ?? upTo - newest, upTo)
    const at = found?.at ?? known?.at ?? null
    known = { upTo, at }
    return at
  }
}
