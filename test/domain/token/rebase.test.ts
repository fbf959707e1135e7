import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diff, same } from '../../../src/domain/token/diff.ts'
import { collisions, isMerged, rebase } from '../../../src/domain/token/rebase.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { someSettings, stepFrom } from '../../support/settings.ts'
import { settings } from '../../support/world.ts'

const before = settings()

describe('the same edit over the current settings', () => {
  test.each<[string, Partial<Settings>, Partial<Settings>]>([
    ['name', { name: 'asked' }, { name: 'by hand' }],
    ['description', { description: 'asked' }, { description: 'by hand' }],
    ['expiry', { expiresOn: '2028-01-01' }, { expiresOn: null }],
    ['e-mail notice', { emailNotice: false }, { name: 'by hand', emailNotice: true }],
    ['rate limits', { rateLimits: { kind: 'custom', read: 1, write: 1 } }, { rateLimits: { kind: 'ungoverned' } }],
  ])('asks for the %s as it was asked, when both moved it, and keeps it when only the other did', (_, asked, found) => {
    const edit = { before, after: settings(asked) }
    expect(rebase(edit, settings(found))).toEqual({ ...settings(found), ...asked })
    expect(rebase({ before, after: settings({ otherScope: before.otherScope }) }, settings(found))).toEqual(
      settings(found),
    )
  })

  test('takes fields about expiry that are not understood as they are on the token', () => {
    const odd = { otherExpiry: ['is_never_expires: true'] }
    const edit = { before, after: settings({ name: 'asked' }) }
    expect(rebase(edit, settings(odd))).toEqual(settings({ name: 'asked', ...odd }))
    const asked = { before: settings(odd), after: settings({ name: 'asked', ...odd }) }
    expect(rebase(asked, settings())).toEqual(settings({ name: 'asked' }))
  })

  test('adds and removes the branches and aliases that the edit did, and leaves others alone', () => {
    const edit = {
      before: settings({ branches: ['a', 'b', 'c'], aliases: ['x'] }),
      after: settings({ branches: ['a', 'c', 'd', 'e'], aliases: ['x', 'y'] }),
    }
    const live = settings({ branches: ['b', 'c', 'e', 'f'], aliases: [] })
    expect(rebase(edit, live)).toMatchObject({ branches: ['c', 'e', 'f', 'd'], aliases: ['y'] })
  })

  test('moves only the access that the edit moved', () => {
    const may = (everything: 'none' | 'read' | 'write', modules: Settings['permissions']['modules']) =>
      settings({ permissions: { everything, modules } })
    const edit = {
      before: may('none', { entry: 'read', asset: 'read', role: 'read' }),
      after: may('none', { entry: 'write', role: 'read' }),
    }
    const live = may('read', { entry: 'read', asset: 'write', label: 'read' })
    expect(rebase(edit, live).permissions).toEqual({ everything: 'read', modules: { entry: 'write', label: 'read' } })
    const whole = { before: may('none', {}), after: may('write', {}) }
    expect(rebase(whole, live).permissions).toEqual({ ...live.permissions, everything: 'write' })
  })

  test('takes entries that are not understood from the token, whatever was asked', () => {
    const edit = { before, after: settings({ name: 'asked', otherScope: ['{"was":1}'] }) }
    expect(rebase(edit, settings({ otherScope: ['{"is":1}'] })).otherScope).toEqual(['{"is":1}'])
  })
})

describe('collisions', () => {
  test('are the fields that both have moved, in words', () => {
    const after = settings({ name: 'asked', expiresOn: null, permissions: { everything: 'none', modules: {} } })
    const live = settings({ name: 'by hand', description: 'by hand', permissions: { everything: 'none', modules: {} } })
    expect(collisions({ before, after }, live).map(({ label }) => label)).toEqual(['Name', 'Content types', 'Entries'])
    expect(collisions({ before, after }, settings({ description: 'by hand' }))).toEqual([])
  })
})

const edits = fc
  .tuple(someSettings, someSettings)
  .chain(([before, live]) =>
    fc.tuple(fc.constant(before), stepFrom(before), fc.oneof(fc.constant(live), stepFrom(before))),
  )

test('a rebase over what was seen is the edit itself', () => {
  fc.assert(
    fc.property(edits, ([before, after]) => {
      const edit = { before, after: { ...after, otherScope: before.otherScope } }
      expect(same(rebase(edit, before), edit.after)).toBe(true)
    }),
  )
})

test('fields that the edit did not move stay as they are now, and those it moved alone become as asked', () => {
  fc.assert(
    fc.property(edits, ([before, after, live]) => {
      const keysOf = (a: Settings, b: Settings) => diff(a, b).map(({ key }) => key)
      const asked = keysOf(before, after).filter((key) => key !== 'otherScope')
      const result = rebase({ before, after }, live)
      expect(asked).toEqual(expect.arrayContaining(keysOf(live, result)))
      const alone = asked.filter((key) => !keysOf(before, live).includes(key))
      for (const key of alone) expect(keysOf(result, after)).not.toContain(key)
    }),
    { numRuns: 300 },
  )
})

test('a rebase of a rebase changes nothing more', () => {
  fc.assert(
    fc.property(edits, ([before, after, live]) => {
      const once = rebase({ before, after }, live)
      expect(rebase({ before: live, after: once }, live)).toEqual(once)
    }),
  )
})

test('a module that is not granted is not mentioned, so that what is kept stays readable', () => {
  const rebased = rebase({ before, after: settings({ name: 'asked' }) }, before)
  expect(rebased).toStrictEqual(settings({ name: 'asked' }))
})

test('of fields that both have moved, only branches and aliases are merged', () => {
  const moved = { name: 'x', description: 'x', branches: ['x'], aliases: ['x'], expiresOn: null }
  const fields = diff(before, settings(moved))
  expect(fields.filter(isMerged).map(({ key }) => key)).toEqual(['branches', 'aliases'])
  expect(fields.length).toBe(5)
})
