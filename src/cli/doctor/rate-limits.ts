import type { StackConfig } from '../../config/settings.ts'
import { fromOutside } from '../../domain/from-outside.ts'
import { ok, type Said, warning } from './finding.ts'

/** Compares live tokens with the configuration; no public text names these fields. Source: contentstack.md §3. */
export function rateLimitsSay(seen: readonly string[], configured: StackConfig['rateLimitFields']): Said {
  const found =
    seen.length > 0
      ? `Live tokens have ${fromOutside(seen.join(', '))}.`
      : 'No live token has a field that looks like one.'
  if (!configured)
    return ok(
      `Rate limits are not managed (no rate_limit_fields). ${found}`,
      'To manage them, see "Rate limits" in docs/setup.md.',
    )
  const absent = Object.values(configured).filter((path) => !seen.includes(path))
  if (absent.length === 0) return ok(`Rate limits are managed, by the fields ${Object.values(configured).join(', ')}.`)
  return warning(
    `rate_limit_fields names ${absent.join(', ')}, which no live token has. ${found}`,
    'Give one token a custom limit in Contentstack and run the doctor again. If the token still has no such field, correct rate_limit_fields.',
  )
}
