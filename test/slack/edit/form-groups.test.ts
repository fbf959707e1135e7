import { describe, expect, test } from 'vitest'
import { modules, type Settings } from '../../../src/domain/token/token.ts'
import { formView } from '../../../src/slack/edit/form.ts'
import { readForm } from '../../../src/slack/edit/form-blocks.ts'
import { changedGroups, groups } from '../../../src/slack/edit/form-groups.ts'
import { type FormState, formStateOf } from '../../../src/slack/edit/form-state.ts'
import { canOpen, inputsOf, thatFit, withOpen } from '../../../src/slack/edit/open-groups.ts'
import type { Opened } from '../../../src/slack/edit/opened.ts'
import { facts, settings } from '../../support/world.ts'
import { buttonsIn, inputsIn, reading, untouched } from '../kit/drawn.ts'

type Opening = { before?: Settings; form?: Partial<FormState>; open?: readonly string[]; errors?: Opened['errors'] }

function drawnFrom({ before = settings(), form = {}, open = [], errors = {} }: Opening = {}): Opened {
  const draft = { id: 'draft-1', before, afresh: {}, change: null, reverts: null }
  return { draft, form: { ...formStateOf(before), ...form }, facts: facts(), now: new Date('2026-12-01'), open, errors }
}

const opened = (opening?: Opening) => formView(drawnFrom(opening))
const partsOf = (view: unknown) => [...inputsIn(view).keys()]

const everyModule = Object.fromEntries(modules.map((module) => [module, 'write' as const]))
/** As much as a token can have. */
const huge = settings({
  description: 'd'.repeat(3000),
  branches: Array.from({ length: 131 }, (_, i) => `branch-${i}-${'x'.repeat(100)}`),
  permissions: { everything: 'none', modules: everyModule },
  rateLimits: { kind: 'custom', read: 10, write: 5 },
})

test('a form opens with one line a group and asks for nothing but the reason', () => {
  const view = opened()
  expect(partsOf(view)).toEqual(['reason'])
  expect(buttonsIn(view)).toEqual(groups.map((group) => `form_open_${group}`))
  const text = reading(view)
  expect(text).toContain('Name and description: ci-deploy · Deploys from CI')
  expect(text).toContain('Scope: branches main, development · alias live')
  expect(text).toContain('Access: reads and writes Entries · reads Content types')
  expect(text).toContain('Expiry: 2027-01-31 · e-mail 7 days before')
  expect(text).toContain("Rate limits: The organisation's (100 reads, 50 writes a second)")
})

test('what is long is cut and counted in a line', () => {
  const text = reading(opened({ before: huge }))
  expect(text).toMatch(/Scope: branches branch-0-x+…, branch-1-x+…, branch-2-x+… and 128 more/)
  expect(text).toContain('reads and writes Content types, Entries, Assets, Global fields and 8 more')
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(200)
})

test.each(groups)('%s opens with at most six inputs in sight, whatever the token has', (group) => {
  for (const before of [settings(), huge])
    expect(partsOf(opened({ before, open: [group] })).length).toBeLessThanOrEqual(6)
})

test('a group can be opened if it has an input to show, and only then', () => {
  const none = settings({ permissions: { everything: 'none', modules: {} } })
  const whole = settings({ permissions: { everything: 'read', modules: {} } })
  const refusing = () => ({ rule: 'freeze', because: 'No.' })
  const all = [settings(), huge, none, whole, settings({ expiresOn: null })]
    .map((before) => drawnFrom({ before }))
    .flatMap((one) => [one, { ...one, refuses: refusing }])
  for (const one of all)
    for (const group of groups) expect([group, canOpen(group, one)]).toEqual([group, inputsOf(group, one) > 0])
  expect(canOpen('access', { ...drawnFrom({ before: none }), refuses: refusing })).toBe(false)
})

test('the reason stands right below what was opened, and every other group is one press away', () => {
  const view = opened({ open: ['scope'] })
  expect(partsOf(view)).toEqual(['branches', 'aliases', 'reason'])
  expect(buttonsIn(view)).toEqual([
    'form_close_scope',
    'form_open_naming',
    'form_open_access',
    'form_open_expiry',
    'form_open_rates',
  ])
})

test('a closed group in which something was changed says what it is now', () => {
  const view = opened({ form: { expiry: 'never', name: 'ci' }, open: ['scope'] })
  const text = reading(view)
  expect(text).toContain('Name and description (changed): ci · Deploys from CI')
  expect(text).toContain('Expiry (changed): never · e-mail 7 days before')
  expect(text.indexOf('Reason')).toBeLessThan(text.indexOf('Expiry (changed)'))
})

describe('how much is open', () => {
  const sights = (open: readonly string[], opening: Opening = {}) =>
    open.reduce<readonly string[]>((before, group) => {
      const state = { ...drawnFrom(opening), open: before }
      return withOpen(group as (typeof groups)[number], state)
    }, [])

  test('what still fits stays open, and what was opened first closes first', () => {
    expect(sights(['naming', 'scope'])).toEqual(['naming', 'scope'])
    expect(sights(['naming', 'scope', 'expiry'])).toEqual(['folded.naming', 'scope', 'expiry'])
    expect(sights(['scope', 'naming', 'scope', 'rates', 'expiry'])).toEqual([
      'folded.naming',
      'scope',
      'rates',
      'expiry',
    ])
  })

  test('the group that was opened last is open even if it is too much by itself', () => {
    const many = settings({ branches: Array.from({ length: 700 }, (_, i) => `b${i}`) })
    const state = drawnFrom({ before: many })
    expect(inputsOf('scope', state)).toBeGreaterThan(6)
    expect(thatFit(['naming', 'scope'], state)).toEqual(['folded.naming', 'scope'])
  })

  test('a choice kept beside another one is not a change', () => {
    const before = settings({ expiresOn: null })
    const form = { ...formStateOf(before), date: '2027-05-05', readRate: '7' }
    expect(changedGroups(form, before)).toEqual([])
    expect(changedGroups({ ...form, expiry: 'date' }, before)).toEqual(['expiry'])
  })
})

describe('access', () => {
  test('what the token may do is listed, and what was picked can be chosen', () => {
    const view = opened({ open: ['access', 'picked.asset'] })
    expect(partsOf(view)).toEqual(['module.asset', 'addModule', 'reason'])
    expect(reading(view)).toContain('Reads and writes: Entries\nReads: Content types')
    expect(JSON.stringify(inputsIn(view).get('addModule')?.element.options)).not.toContain('"asset"')
  })

  test('the three latest picks are in sight', () => {
    const picked = ['asset', 'label', 'role', 'webhook'].map((module) => `picked.${module}`)
    expect(partsOf(opened({ open: ['access', ...picked] }))).toEqual([
      'module.label',
      'module.role',
      'module.webhook',
      'addModule',
      'reason',
    ])
  })

  test('a module whose access was taken away is still named once others were picked', () => {
    expect(reading(opened({ open: ['access'] }))).not.toContain('Loses access')
    const before = settings()
    const none = { ...formStateOf(before).modules, entry: 'none' as const }
    const picked = ['asset', 'label', 'role', 'webhook'].map((module) => `picked.${module}`)
    expect(reading(opened({ before, form: { modules: none }, open: ['access', ...picked] }))).toContain(
      'Loses access: Entries',
    )
  })

  test('a picked module may at least be read, and one with access keeps it', () => {
    const form = formStateOf(settings())
    const picks = (value: string) => ({ 'addModule:1': { form_add_module: { selected_option: { value } } } })
    expect(readForm(picks('asset'), form).modules.asset).toBe('read')
    expect(readForm(picks('entry'), form)).toEqual(form)
    expect(readForm(picks('everything'), form)).toEqual(form)
  })
})

describe('a view that is behind', () => {
  const form = { ...formStateOf(settings()), date: '2027-05-01' }
  const shows = (block: string, day: string | null) => ({ [block]: { form_date: { selected_date: day } } })

  test('does not take back a day that a button has set', () => {
    const values = untouched(opened({ open: ['expiry'] }))
    expect(readForm(values, form).date).toBe('2027-05-01')
  })

  test('still says which day was chosen in it', () => {
    expect(readForm(shows('date:20270131', '2027-03-03'), form).date).toBe('2027-03-03')
    expect(readForm(shows('date:0', '2027-03-03'), form).date).toBe('2027-03-03')
  })

  test('a form of 0.2.0 is read as it was filled in', () => {
    const values = {
      ...shows('date:1', '2027-03-03'),
      'whole:1': { form_whole: { selected_option: { value: 'read' } } },
      'expiry:1': { form_expiry: { selected_option: { value: 'date' } } },
      'module.asset:1': { form_module: { selected_option: { value: 'write' } } },
    }
    expect(readForm(values, form)).toMatchObject({ everything: 'read', expiry: 'date', date: '2027-03-03' })
    expect(readForm(values, form).modules.asset).toBe('write')
  })
})

test('what was wrong in a closed group is said above its inputs', () => {
  const text = reading(opened({ open: ['naming'], errors: { name: 'A token needs a name.', reason: 'Say why.' } }))
  expect(text).toMatch(/Done\nA token needs a name\.\nName\n[\s\S]*Say why\.\nReason/)
})
