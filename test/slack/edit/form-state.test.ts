import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withoutTargets } from '../../../src/domain/token/targets.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { type FormState, formState, formStateOf, settingsOf } from '../../../src/slack/edit/form-state.ts'
import { settings } from '../../support/world.ts'
import { anySettings } from '../kit/hostile.ts'

function asked(before: Settings, changes: Partial<FormState>): Settings {
  const read = settingsOf({ ...formStateOf(before), ...changes }, before)
  if ('errors' in read) throw new Error(`expected settings, not ${JSON.stringify(read.errors)}`)
  return read.settings
}

test('a form sent as it opened asks for exactly what the token has', () => {
  fc.assert(
    fc.property(anySettings, (before) => {
      const form = formState.parse(JSON.parse(JSON.stringify(formStateOf(before))))
      expect(settingsOf(form, before)).toEqual({ settings: withoutTargets(before) })
    }),
    { numRuns: 300 },
  )
})

test('an edit of one field leaves every other exactly as it was', () => {
  const before = settings({ expiresOn: '2027-01-31T12:30:00+02:00', otherScope: ['{"module":"x"}'] })
  expect(asked(before, { name: 'b' })).toEqual({ ...before, name: 'b' })
})

describe('branches', () => {
  test('the same names in another order keep the order of the token', () => {
    expect(asked(settings(), { branches: ['development', 'main'] }).branches).toEqual(['main', 'development'])
  })

  test('a name that comes or goes is asked for', () => {
    expect(asked(settings(), { branches: ['main'] }).branches).toEqual(['main'])
    expect(asked(settings(), { aliases: ['live', 'preview'] }).aliases).toEqual(['live', 'preview'])
  })
})

describe('access', () => {
  test('without whole-stack access each module says for itself', () => {
    const modules = { ...formStateOf(settings()).modules, entry: 'none', asset: 'write' } as const
    expect(asked(settings(), { modules }).permissions).toEqual({
      everything: 'none',
      modules: { content_type: 'read', asset: 'write' },
    })
  })

  test('new whole-stack access replaces what was granted module by module', () => {
    expect(asked(settings(), { everything: 'write' }).permissions).toEqual({ everything: 'write', modules: {} })
  })

  test('whole-stack access that stays keeps what is granted on top of it', () => {
    const permissions = { everything: 'read', modules: { entry: 'write' } } as const
    expect(asked(settings({ permissions }), { name: 'b' }).permissions).toEqual(permissions)
  })
})

describe('expiry', () => {
  test('an unchanged day keeps the instant as the stack wrote it', () => {
    const before = settings({ expiresOn: '2027-01-31T23:30:00.000-05:00' })
    expect(formStateOf(before).date).toBe('2027-02-01')
    expect(asked(before, { date: '2027-02-01' }).expiresOn).toBe(before.expiresOn)
  })

  test('a new day is written in the format that came', () => {
    expect(asked(settings(), { date: '2027-03-01' }).expiresOn).toBe('2027-03-01')
    const withTime = settings({ expiresOn: '2027-01-31T00:00:00.000Z' })
    expect(asked(withTime, { date: '2027-03-01' }).expiresOn).toBe('2027-03-01T00:00:00.000Z')
    expect(asked(settings({ expiresOn: null }), { expiry: 'date', date: '2027-03-01' }).expiresOn).toBe('2027-03-01')
  })

  test('"never" takes the date away, whatever the date picker still says', () => {
    expect(asked(settings(), { expiry: 'never', date: '2027-03-01' }).expiresOn).toBeNull()
  })

  test('a missing date is reported at the date', () => {
    const before = settings({ expiresOn: null })
    const form = { ...formStateOf(before), expiry: 'date' as const }
    expect(settingsOf(form, before)).toMatchObject({ errors: { date: expect.stringContaining('choose a day') } })
  })

  test.each(['soon', '+012026-01-01T00:00:00.000Z'])(
    '%s is not a date for a date picker and stays until a day is chosen',
    (expiresOn) => {
      const before = settings({ expiresOn })
      expect(formStateOf(before)).toMatchObject({ expiry: 'date', date: null })
      expect(asked(before, {}).expiresOn).toBe(expiresOn)
      expect(asked(before, { date: '2027-03-01' }).expiresOn).toMatch(/^2027-03-01/)
    },
  )
})

describe('rate limits', () => {
  const custom = { rates: 'custom', readRate: '20', writeRate: ' 5 ' } as const

  test('custom limits are whole numbers a second', () => {
    expect(asked(settings(), custom).rateLimits).toEqual({ kind: 'custom', read: 20, write: 5 })
  })

  test.each(['', 'ten', '1.5', '-1', '1e3', '0x10', '99999999999999999999'])('%j is not a whole number', (readRate) => {
    expect(settingsOf({ ...formStateOf(settings()), ...custom, readRate }, settings())).toMatchObject({
      errors: { readRate: expect.stringContaining('whole number') },
    })
  })

  test('both numbers are asked for when both are missing', () => {
    const form = { ...formStateOf(settings()), ...custom, readRate: '', writeRate: '' }
    expect(settingsOf(form, settings())).toMatchObject({
      errors: { readRate: expect.any(String), writeRate: expect.any(String) },
    })
  })

  test("the organisation's limits take the place of custom ones, and limits that aren't managed stay", () => {
    const before = settings({ rateLimits: { kind: 'custom', read: 2.5, write: 1 } })
    expect(asked(before, { rates: 'organisation' }).rateLimits).toEqual({ kind: 'organisation' })
    expect(asked(before, { name: 'b' }).rateLimits).toEqual(before.rateLimits)
    const ungoverned = settings({ rateLimits: { kind: 'ungoverned' } })
    expect(asked(ungoverned, { name: 'b' }).rateLimits).toEqual({ kind: 'ungoverned' })
  })
})

test('a draft of 0.2.0, which called access to the whole stack otherwise, opens as it was', () => {
  const { everything, ...others } = formStateOf(settings())
  expect(formState.parse({ ...others, whole: everything })).toEqual(formStateOf(settings()))
})
