import { describe, expect, test } from 'vitest'
import type { Modal } from '../../src/sandbox/slack/protocol.ts'
import { inputsIn } from '../slack/kit/drawn.ts'
import { startWorld } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'
const daysAfter = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
const dayIn = (modal?: Modal) => inputsIn(modal?.view.blocks).get('date')?.element.initial_date
const callsOf = (slack: { calls: readonly { method: string }[] }) => slack.calls.map(({ method }) => method)

describe('the groups of the form', () => {
  test('what was typed stays while groups open and close, and is marked and sent', async () => {
    const { alice, bob, slack, stack } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ reason: 'Goes on', name: 'ci' })
    await alice.pressesInForm('form_close_naming')
    expect(alice.reads()).toContain('Name and description (changed): ci · Deploys from CI')
    await alice.fillsIn({ 'module.asset': 'write' })
    await alice.pressesInForm('form_open_expiry')
    await alice.pressesInForm('form_later_90d')
    await alice.pressesInForm('form_close_expiry')
    await alice.pressesInForm('form_close_access')
    expect(alice.reads()).toContain('Access (changed): reads and writes Entries, Assets · reads Content types')
    expect(alice.reads()).toMatch(/Expiry \(changed\): \d{4}-\d\d-\d\d · e-mail 7 days before/)
    await alice.submits()
    expect(alice.reads()).toContain('Name: ci-deploy → ci')
    expect(alice.reads()).toContain('Assets: no access → read and write')
    expect(alice.reads()).toMatch(/Expires: 2027-\d\d-\d\d → 2027-\d\d-\d\d/)
    expect(alice.reads()).toContain('Goes on')
    await alice.closeModal()
    expect(alice.reads()).toContain('Name and description (changed): ci')
    await alice.submits()
    expect(await alice.submits()).toBeUndefined()
    await slack.waitFor(() => bob.cards()[0], 'the card')
    expect(stack.takenUpdates()).toBe(0)
  })

  test('a group opens with one call to Slack', async () => {
    const { alice, slack } = await startWorld()
    await alice.opens('ci-deploy')
    expect(callsOf(slack).filter((method) => method.startsWith('views.'))).toEqual(['views.open'])
    await alice.pressesInForm('form_open_scope')
    expect(callsOf(slack).filter((method) => method.startsWith('views.'))).toEqual(['views.open', 'views.update'])
  })

  test('a press that Slack answers late, and one that comes meanwhile, are both drawn', async () => {
    const { alice, slack, until } = await startWorld()
    const { id } = await alice.opens('ci-deploy')
    slack.trouble.held = ['views.update']
    await alice.press({ id }, 'form_open_naming')
    await alice.fill('reason:1', 'form_reason', 'Typed meanwhile')
    await alice.press({ id }, 'form_open_scope')
    slack.trouble.held = []
    await until('both groups', () => alice.inSight('name') && alice.inSight('branches'))
    expect(await alice.form()).toMatchObject({ name: 'ci-deploy', reason: 'Typed meanwhile' })
  })

  test('a day that was taken back and a module that replaced another both count, though Slack has drawn neither', async () => {
    const { alice, slack } = await startWorld()
    const { id } = await alice.opens('ci-deploy')
    await alice.looksInto('access')
    await alice.looksInto('expiry')
    const date = inputsIn(alice.modal()?.view.blocks).get('date')?.block_id ?? ''
    const had = date.replace(/^date:(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
    slack.trouble.fail = { 'views.update': 'internal_error' }
    await alice.fill(date, 'form_date', '2030-01-01')
    await alice.press({ id }, 'form_open_naming')
    await alice.fill('addModule:1', 'form_add_module', 'asset')
    await alice.fill('addModule:1', 'form_add_module', 'webhook')
    await alice.fill(date, 'form_date', had)
    await alice.press({ id }, 'form_open_scope')
    const told = await slack.waitFor(() => alice.dms()[0] ?? alice.toldPrivately()[0], 'the word about the redraw')
    expect(told).toContain('Nothing was sent, and the form keeps what you chose')
    slack.trouble.fail = {}
    await alice.fill('reason:1', 'form_reason', 'Only webhooks')
    await alice.submits()
    expect(alice.reads()).toContain('Webhooks: no access → read')
    expect(alice.reads()).not.toContain('Assets')
    expect(alice.reads()).not.toContain('Expires')
  })

  test('two groups that are opened in the same moment are both open', async () => {
    const { alice, until } = await startWorld()
    const { id } = await alice.opens('ci-deploy')
    await Promise.all([alice.press({ id }, 'form_open_naming'), alice.press({ id }, 'form_open_scope')])
    await until('both groups', () => alice.inSight('name') && alice.inSight('branches'))
  })

  test('a module that was picked and is then refused all access stays without it', async () => {
    const { alice } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ 'module.asset': 'none' })
    // The choice that it was picked with is gone.
    expect(inputsIn(alice.modal()?.view.blocks).get('addModule')?.block_id).toBe('addModule:2')
    await alice.fillsIn({ name: 'ci', reason: 'Only the name' })
    await alice.submits()
    expect(alice.reads()).toContain('Name: ci-deploy → ci')
    expect(alice.reads()).not.toContain('Assets')
  })

  test('however often a button is pressed, the expiry is put off once, from the day that the token has', async () => {
    const { alice, stack, until } = await startWorld()
    const { id } = await alice.opens('ci-deploy')
    await alice.looksInto('expiry')
    const had = String(stack.token(ciDeploy)?.expires_on)
    expect(alice.reads()).toContain(`Now ${had}, and the buttons count from that day. The token stops working at`)
    const shows = (days: number) => until('the day to be drawn', () => dayIn(alice.modal()) === daysAfter(had, days))
    await Promise.all([alice.press({ id }, 'form_later_30d'), alice.press({ id }, 'form_later_30d')])
    await shows(30)
    await alice.pressesInForm('form_later_90d')
    await alice.pressesInForm('form_later_90d')
    await shows(90)
    await alice.pressesInForm('form_later_180d')
    await shows(180)
  })

  test('a group that is folded to make room says so where it stood, with what it asks for', async () => {
    const { alice } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ reason: 'Goes on', name: 'ci' })
    for (const group of ['scope', 'expiry']) await alice.looksInto(group)
    expect(alice.inSight('name')).toBe(false)
    const folded = 'Folded to make room for what you opened. It stays as you left it.'
    expect(alice.reads()).toContain(`Name and description (changed): ci · Deploys from CI\nEdit\n${folded}\nScope`)
    await alice.looksInto('naming')
    expect(alice.reads()).toContain(`alias live (→ main)\nEdit\n${folded}`)
    for (const group of ['naming', 'expiry']) await alice.pressesInForm(`form_close_${group}`)
    await alice.looksInto('rates')
    expect(alice.reads()).not.toContain('Folded')
    await alice.submits()
    expect(alice.reads()).toContain('Name: ci-deploy → ci')
  })
})

test('a mistake in a closed group opens it, says what is wrong, and keeps everything else', async () => {
  const { alice } = await startWorld({ transport: 'socket' })
  await alice.opens('ci-deploy')
  await alice.fillsIn({ name: ' ', reason: 'Shorter' })
  await alice.pressesInForm('form_close_naming')
  await alice.submits()
  expect(alice.modal()?.view.callback_id).toBe('edit_form')
  expect(alice.reads()).toContain('Done\nA token needs a name.\nName')
  expect(await alice.form()).toMatchObject({ reason: 'Shorter' })
  await alice.fillsIn({ name: 'ci' })
  expect((await alice.submits())?.view.callback_id).toBe('preview')
})

test('a mistake in a closed group opens it, and closes what would be more than six inputs', async () => {
  const { alice } = await startWorld({ transport: 'socket' })
  await alice.opens('migration-2024')
  await alice.fillsIn({ name: ' ', reason: 'Shorter' })
  await alice.pressesInForm('form_close_naming')
  for (const group of ['scope', 'expiry']) await alice.looksInto(group)
  await alice.submits()
  expect(alice.inSight('name')).toBe(true)
  expect(inputsIn(alice.modal()?.view.blocks).size).toBeLessThanOrEqual(6)
})

test('a form on an open change opens with the groups that it asks to change', async () => {
  const { alice } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci', date: '2031-05-04' })
  await alice.presses(card, 'amend')
  await alice.modalCalled('edit_form')
  expect(['name', 'date'].filter(alice.inSight)).toEqual(['name', 'date'])
  expect(alice.reads()).toContain('Expiry (changed)')
})

test('a form that 0.2.0 had opened can still be filled in and sent', async () => {
  const { alice, slack, store } = await startWorld({ transport: 'socket' })
  await alice.opens('ci-deploy')
  await alice.fillsIn({ expiry: 'never', reason: 'Asked before the upgrade' })
  const id = String(alice.modal()?.view.private_metadata)
  const { everything, ...form } = (await store.draft(id))!.form as Record<string, unknown>
  await store.saveDraft(
    { ...(await store.draft(id))!, form: { ...form, whole: everything }, shown: undefined },
    '2026-11-30',
  )
  const pressed = slack.deliveries.findLast(({ kind }) => kind === 'block_actions')!
  const values = {
    'name:1': { form_name: { type: 'plain_text_input', value: 'ci' } },
    'whole:1': { form_whole: { type: 'static_select', selected_option: { value: 'read' } } },
    'reason:1': { form_reason: { type: 'plain_text_input', value: 'Asked before the upgrade' } },
  }
  const view = { ...(pressed.body.view as object), private_metadata: id, state: { values } }
  const action = { type: 'static_select', action_id: 'form_whole', block_id: 'whole:1', action_ts: '1.1' }
  const { outcome } = await slack.redeliver({ ...pressed, body: { ...pressed.body, view, actions: [action] } })
  expect(outcome).toBe('acked')
  await slack.waitFor(() => alice.reads().includes('Access (changed)'), 'the form as it is drawn now')
  expect(await alice.form()).toMatchObject({ name: 'ci', everything: 'read', reason: 'Asked before the upgrade' })
  await alice.submits()
  expect(alice.reads()).toContain('Whole stack: no access → read')
})

test('of 131 branches, only those are taken away that somebody took away, however often the form is redrawn', async () => {
  const names = Array.from({ length: 131 }, (_, i) => `b${String(i).padStart(3, '0')}`)
  const scope = [
    { module: 'content_type', acl: { read: true } },
    { module: 'branch', acl: { read: true }, branches: names },
  ]
  const tokens = [{ uid: ciDeploy, name: 'ci-deploy', description: '', scope, expires_on: '2027-06-01' }]
  const { alice } = await startWorld({
    transport: 'socket',
    stack: { branches: ['main', ...names], tokens: tokens as never },
  })
  await alice.opens('ci-deploy')
  await alice.looksInto('scope')
  await alice.fillsIn({ branches: names.slice(10, 100) })
  for (const press of ['open', 'close', 'open', 'close']) await alice.pressesInForm(`form_${press}_naming`)
  const { branches, 'branches.1': others } = await alice.form()
  expect([branches, others].flat().sort()).toEqual(names.slice(10))
  await alice.fillsIn({ reason: 'Those are gone' })
  await alice.submits()
  expect(alice.reads()).toContain('Removed (10)')
})

test('a mistake in a closed group is no longer mentioned once it is corrected, nor that the group was changed', async () => {
  const { alice, until } = await startWorld({ transport: 'socket' })
  await alice.opens('migration-2024')
  await alice.looksInto('rates')
  await alice.fillsIn({ readRate: ' 020 ', writeRate: '1e1', reason: 'Shorter' })
  await alice.pressesInForm('form_close_rates')
  await alice.submits()
  expect(alice.reads()).toContain('Rate limits (changed)\nDone\nThis is not a number of requests a second')
  await alice.fillsIn({ writeRate: '10' })
  await alice.submits()
  expect(alice.reads()).toContain('Nothing would change')
  expect(alice.reads()).not.toContain('This is not a number')
  expect(alice.reads()).not.toContain('(changed)')
  await alice.fillsIn({ writeRate: '11' })
  expect((await alice.submits())?.view.callback_id).toBe('preview')
  await alice.closeModal()
  await until('the form to be redrawn', () => !alice.reads().includes('Nothing would change'))
})

test('a form whose rate limits can no longer be edited drops them, says so, and keeps the rest', async () => {
  const { alice, restarts } = await startWorld({ transport: 'http' })
  const dropped = 'Rate limits can no longer be edited here, so this form asks for none.'
  await alice.opens('ci-deploy')
  await alice.fillsIn({ rates: 'custom', readRate: '5', writeRate: '6', reason: 'Slower' })
  await restarts({ rate_limit_fields: undefined })
  await alice.pressesInForm('form_open_naming')
  expect(alice.reads()).toContain(dropped)
  expect(alice.reads()).not.toContain('Rate limits (changed)')
  await alice.submits()
  expect(alice.errors()).toEqual({})
  expect(alice.reads()).toContain('Nothing would change')
  await alice.fillsIn({ name: 'ci' })
  await alice.submits()
  expect(alice.reads()).toContain(dropped)
  expect(alice.reads()).toContain('Name: ci-deploy → ci')
  expect(alice.reads()).not.toContain('5 reads')
  expect(await alice.submits()).toBeUndefined()
})
