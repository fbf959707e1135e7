import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fields } from '../../src/contentstack/fields.ts'
import { readSettings, readToken } from '../../src/contentstack/read-token.ts'
import { readScope } from '../../src/contentstack/scope.ts'
import { writeToken } from '../../src/contentstack/write-token.ts'
import { diff, same } from '../../src/domain/token/diff.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { rateLimitFields, rawToken, settings } from './arbitraries.ts'

/** `asked`, as far as the app may ask it of this token: nothing for a module whose entry it doesn't understand. */
function askable(raw: Fields, asked: Settings): Settings {
  const live = readSettings(raw, rateLimitFields)
  const blocked = new Set(
    readScope((raw.scope ?? []) as unknown[]).flatMap((entry) => (entry.kind === 'other' ? [entry.module] : [])),
  )
  const { everything, modules } = asked.permissions
  const grants = Object.entries(modules).filter(([module]) => !blocked.has(module))
  return {
    ...asked,
    branches: blocked.has('branch') ? [] : asked.branches,
    aliases: blocked.has('branch_alias') ? [] : asked.aliases,
    permissions: { everything: blocked.has('$all') ? 'none' : everything, modules: Object.fromEntries(grants) },
    rateLimits: live.rateLimits.kind === 'ungoverned' ? live.rateLimits : asked.rateLimits,
    otherScope: live.otherScope,
  }
}

/** Some of the fields from `live`, the others from `asked`. */
const change = fc
  .tuple(
    rawToken,
    settings,
    fc.subarray([
      'name',
      'description',
      'branches',
      'aliases',
      'permissions',
      'expiresOn',
      'emailNotice',
      'rateLimits',
    ] as const),
  )
  .map(([raw, asked, kept]) => {
    const live = readSettings(raw, rateLimitFields)
    return { raw, live, after: { ...askable(raw, asked), ...Object.fromEntries(kept.map((key) => [key, live[key]])) } }
  })

test('reading what was written gives what was asked for', () => {
  fc.assert(
    fc.property(change, ({ raw, after }) => {
      const written = readSettings(writeToken(raw, after, rateLimitFields), rateLimitFields)
      expect(diff(written, after)).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('an update that changes nothing sends back the very same object', () => {
  fc.assert(
    fc.property(rawToken, (raw) => {
      const unchanged = writeToken(raw, readSettings(raw, rateLimitFields), rateLimitFields)
      expect(JSON.stringify(unchanged)).toBe(JSON.stringify(raw))
    }),
    { numRuns: 500 },
  )
})

test('unknown fields, and those that were not asked for, go back as they came', () => {
  fc.assert(
    fc.property(change, ({ raw, live, after }) => {
      const changed = new Set<string>(diff(live, after).map(({ key }) => key))
      const written = writeToken(raw, after, rateLimitFields)
      const mayDiffer = new Set([
        ...(changed.has('name') ? ['name'] : []),
        ...(changed.has('description') ? ['description'] : []),
        ...(changed.has('expiresOn') ? ['expires_on'] : []),
        ...(changed.has('emailNotice') ? ['is_email_notification_enabled'] : []),
        ...(changed.has('rateLimits') ? ['rate_limit', 'rate_limit_write'] : []),
        ...(same({ ...live, ...scopeOf(after) }, live) ? [] : ['scope']),
      ])
      for (const key of new Set([...Object.keys(raw), ...Object.keys(written)]))
        if (!mayDiffer.has(key)) expect(JSON.stringify(written[key])).toBe(JSON.stringify(raw[key]))
    }),
    { numRuns: 500 },
  )
})

test('scope entries keep their order and look, except those that the change is about', () => {
  fc.assert(
    fc.property(change, ({ raw, live, after }) => {
      const before = readScope((raw.scope ?? []) as unknown[])
      const untouched = before.filter((entry) => {
        if (entry.kind === 'other') return true
        if (entry.kind !== 'grant') return !diff(live, after).some(({ key }) => key === plural[entry.kind])
        const key = entry.module === '$all' ? 'everything' : `module.${entry.module}`
        return !diff(live, after).some((field) => field.key === key)
      })
      const written = ((writeToken(raw, after, rateLimitFields).scope ?? []) as unknown[]).map((entry) =>
        JSON.stringify(entry),
      )
      const kept = untouched.map(({ came }) => JSON.stringify(came))
      expect(inOrder(kept, written)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('fields beside rate limits stay when those change', () => {
  fc.assert(
    fc.property(change, ({ raw, after }) => {
      const before = raw.rate_limit as { other?: string } | undefined
      const written = writeToken(raw, after, rateLimitFields).rate_limit as { other?: string } | undefined
      expect(written?.other).toBe(before?.other)
    }),
  )
})

test('read-only fields and secret values are dropped while parsing, wherever they came from', () => {
  const secret = {
    uid: 'blt1',
    token: 'cs-EXAMPLE',
    created_at: '1',
    created_by: '2',
    updated_at: '3',
    updated_by: '4',
  }
  fc.assert(
    fc.property(rawToken, (raw) => {
      const read = readToken({ ...raw, ...secret }, rateLimitFields)
      expect(read.raw).toEqual(raw)
      expect(JSON.stringify(read)).not.toContain('cs-EXAMPLE')
    }),
  )
})

const plural = { branch: 'branches', branch_alias: 'aliases' }

function scopeOf({ branches, aliases, permissions }: Settings) {
  return { branches, aliases, permissions }
}

/** True if `all` contains `some` in the same order. */
function inOrder(some: readonly string[], all: readonly string[]): boolean {
  const rest = [...some]
  for (const each of all) if (each === rest[0]) rest.shift()
  return rest.length === 0
}
