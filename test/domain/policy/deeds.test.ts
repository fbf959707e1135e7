import { describe, expect, test } from 'vitest'
import { deedsOf } from '../../../src/domain/policy/deeds.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { settings } from '../../support/world.ts'

const kinds = (after: Partial<Settings>, before: Partial<Settings> = {}) =>
  deedsOf({ before: settings(before), after: settings(after) }).map((deed) =>
    'does' in deed ? `${deed.kind} ${deed.does}` : deed.kind,
  )

describe('the most serious thing that an edit does', () => {
  const more = { everything: 'none', modules: { entry: 'write', asset: 'read' } } as const
  const less = { everything: 'none', modules: { entry: 'read', asset: 'read' } } as const

  test('is more access, before anything else', () => {
    const before = { permissions: less, expiresOn: '2027-01-31' }
    const after = {
      name: 'z',
      permissions: more,
      branches: [...settings().branches, 'b'],
      expiresOn: null,
      description: 'new',
    }
    expect(kinds(after, before)).toEqual(['access gains', 'scope reaches', 'expiry', 'name', 'field'])
  })

  test('is what it gains on most modules', () => {
    const modules = { content_type: 'write', entry: 'write', asset: 'write', label: 'write' } as const
    const before = settings({ permissions: { everything: 'none', modules: { content_type: 'read' } } })
    const [first] = deedsOf({ before, after: settings({ permissions: { everything: 'none', modules } }) })
    expect(first).toMatchObject({ kind: 'access', what: expect.stringContaining('read and write on entries') })
  })

  test('is a longer life before less access, and less access before a shorter life', () => {
    expect(kinds({ permissions: less, expiresOn: null }, { permissions: more })).toEqual(['expiry', 'access loses'])
    const before = { permissions: more, expiresOn: null }
    expect(kinds({ permissions: less, expiresOn: '2027-01-31' }, before)).toEqual(['access loses', 'expiry'])
  })

  test('is something that is not understood, before less access and before a name', () => {
    const before = { otherScope: ['{"x":1}'], permissions: more }
    expect(kinds({ name: 'z', otherScope: ['{"x":1}'], permissions: less }, before)).toEqual([
      'access is no longer given',
      'name',
    ])
  })

  test('is nothing if nothing differs', () => {
    expect(kinds({})).toEqual([])
  })
})
