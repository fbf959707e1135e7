import { expect, test } from 'vitest'
import { beforeItMoved, noViews, readView } from '../../../src/slack/edit/earlier-views.ts'
import { formStateOf } from '../../../src/slack/edit/form-state.ts'
import { settings } from '../../support/world.ts'

const form = formStateOf(settings({ expiresOn: '2027-02-08' }))
const first = { form, open: [], earlier: noViews }
const day = (chosen: string | null) => ({ 'date:20270208': { form_date: { selected_date: chosen } } })
const picks = (module: string, count = 1) => ({
  [`addModule:${count}`]: { form_add_module: { selected_option: { value: module } } },
})
const rates = (kind: string, count = 1) => ({
  [`rates:${count}`]: { form_rates: { selected_option: { value: kind } } },
})

test('a day that is taken back on a view that was not redrawn is taken back', () => {
  const later = readView(day('2030-01-01'), first)
  expect(later.form.date).toBe('2030-01-01')
  expect(readView(day('2027-02-08'), later).form.date).toBe('2027-02-08')
})

test('a day set by a button stays, even if a view that is behind still shows the earlier one', () => {
  const chosen = readView(day('2030-01-01'), first)
  const putOff = { ...chosen, form: { ...chosen.form, date: '2030-04-01' } }
  expect(readView(day('2030-01-01'), putOff).form.date).toBe('2030-04-01')
  expect(readView(day('2031-05-05'), putOff).form.date).toBe('2031-05-05')
})

test('a module that is picked in place of another, in a list that was not redrawn, is the only one picked', () => {
  const asset = readView(picks('asset'), first)
  const webhook = readView(picks('webhook'), { ...asset, open: ['access', 'picked.asset'] })
  expect(webhook.form.modules).toMatchObject({ asset: 'none', webhook: 'read' })
  expect(webhook.open).toEqual(['access'])
  // A press in between says the first pick once more.
  expect(readView(picks('webhook'), readView(picks('asset'), asset)).form.modules.asset).toBe('none')
  // The same view once more, when the form is sent.
  expect(readView(picks('webhook'), webhook).form.modules).toMatchObject({ asset: 'none', webhook: 'read' })
  // A list that was drawn afresh adds to what was picked before.
  expect(readView(picks('role', 2), webhook).form.modules).toMatchObject({ webhook: 'read', role: 'read' })
})

test('access that the token had, or that was given since, does not go with a pick', () => {
  const entry = readView(picks('entry'), first)
  expect(readView(picks('asset'), entry).form.modules).toMatchObject({ entry: 'write', asset: 'read' })
  const asset = readView(picks('asset'), first)
  const written = { ...asset, form: { ...asset.form, modules: { ...asset.form.modules, asset: 'write' as const } } }
  expect(readView(picks('webhook'), written).form.modules).toMatchObject({ asset: 'write', webhook: 'read' })
})

test('inputs that show a token as it was before it moved ask for nothing, unless something is chosen in them', () => {
  const custom = { kind: 'custom', read: 20, write: 10 } as const
  const was = formStateOf(settings({ rateLimits: custom }))
  const moved = {
    form: formStateOf(settings()),
    open: [],
    earlier: { ...noViews, old: beforeItMoved(['rates', 'readRate', 'writeRate'], was, {}) },
  }
  const shows = { ...rates('custom'), 'readRate:1': { form_read_rate: { value: '20' } } }
  expect(readView(shows, moved).form).toEqual(moved.form)
  const typed = { ...rates('custom'), 'readRate:1': { form_read_rate: { value: '30' } } }
  expect(readView(typed, moved).form).toMatchObject({ rates: 'custom', readRate: '30', writeRate: '10' })
  expect(readView(rates('custom', 2), moved).form.rates).toBe('custom')
})
