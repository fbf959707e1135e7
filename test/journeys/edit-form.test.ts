import { describe, expect, test } from 'vitest'
import { failWrites } from '../support/engine.ts'
import { askedAndApplied, startWorld } from '../support/journey.ts'
import { emptyForm } from '../support/world.ts'

const ciDeploy = 'blt5c1de0000000a001'
const migration = 'blt5c1de0000000a003'

describe('the form', () => {
  test('it opens with every setting of the token as it is', async () => {
    const { alice, stack } = await startWorld()
    await alice.opens('ci-deploy')
    expect(await alice.form()).toEqual({
      name: 'ci-deploy',
      description: 'Deploys from CI',
      branches: ['main', 'development'],
      aliases: ['live'],
      addModule: null,
      expiry: 'date',
      date: stack.token(ciDeploy)?.expires_on,
      emailNotice: ['yes'],
      rates: 'organisation',
      reason: null,
    })
    await alice.looksInto('access')
    expect(alice.reads()).toContain('Reads and writes: Entries\nReads: Content types')
    await alice.opens('migration-2024')
    expect(await alice.form()).toEqual({
      name: 'migration-2024',
      description: null,
      branches: ['main', 'development'],
      aliases: [],
      everything: 'write',
      expiry: 'date',
      date: stack.token(migration)?.expires_on?.slice(0, 10),
      emailNotice: ['yes'],
      rates: 'custom',
      readRate: '20',
      writeRate: '10',
      reason: null,
    })
  })

  test('access per module goes with access to the whole stack, and comes back as it was chosen', async () => {
    const { alice } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ name: 'typed', 'module.asset': 'read', everything: 'read' })
    expect(Object.keys(await alice.form()).filter((part) => part.startsWith('module.'))).toEqual([])
    await alice.fillsIn({ everything: 'none' })
    expect(await alice.form()).toMatchObject({ name: 'typed', 'module.asset': 'read' })
    await alice.looksInto('access')
    expect(alice.reads()).toContain('Reads and writes: Entries\nReads: Content types')
  })

  test('the day of expiry goes with "Never", and comes back as it was chosen', async () => {
    const { alice } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ description: 'typed', date: '2031-05-04', expiry: 'never' })
    expect(await alice.form()).not.toHaveProperty('date')
    await alice.fillsIn({ expiry: 'date' })
    expect(await alice.form()).toMatchObject({ description: 'typed', date: '2031-05-04' })
  })

  test("the rates go with the organisation's limits, and come back as they were typed", async () => {
    const { alice } = await startWorld()
    await alice.opens('ci-deploy')
    expect(await alice.form()).not.toHaveProperty('readRate')
    await alice.fillsIn({ reason: 'typed', rates: 'custom' })
    await alice.fillsIn({ readRate: '7', writeRate: '3', rates: 'organisation' })
    expect(await alice.form()).not.toHaveProperty('writeRate')
    await alice.fillsIn({ rates: 'custom' })
    expect(await alice.form()).toMatchObject({ reason: 'typed', readRate: '7', writeRate: '3' })
  })

  test('somebody who closes the form right after a choice gets no more messages about it', async () => {
    const { alice, slack, logs } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ expiry: 'never' })
    await alice.closeModal()
    await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind === 'block_actions')!)
    await alice.says('/token help')
    expect(await alice.hears()).toEqual([expect.stringContaining('What you can say')])
    expect(alice.dms()).toEqual([])
    expect(logs.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test('two presses in quick succession are both drawn, and nothing typed before them is lost', async () => {
    const { alice, slack } = await startWorld()
    const { id } = await alice.opens('ci-deploy')
    await alice.fillsIn({ reason: 'typed' })
    const open = (group: string) => alice.press({ id }, `form_open_${group}`)
    await Promise.all([open('naming'), open('scope')])
    await slack.waitFor(() => alice.inSight('name') && alice.inSight('branches'), 'both to be drawn')
    expect(await alice.form()).toMatchObject({ name: 'ci-deploy', branches: ['main', 'development'], reason: 'typed' })
  })

  test('a stack with too many branches for a list in Slack lets people find them by typing', async () => {
    const branches = ['main', ...Array.from({ length: 250 }, (_, i) => `feature-${i}`)]
    const tokens = [
      { uid: ciDeploy, name: 'ci-deploy', scope: [{ module: 'branch', acl: { read: true }, branches: ['main'] }] },
    ]
    const { alice, bob, stack, slack } = await startWorld({ stack: { branches, tokens } })
    const form = await alice.opens('ci-deploy')
    await alice.looksInto('scope')
    expect(await alice.suggest(form, 'form_branches', '')).toHaveLength(100)
    const offered = await alice.suggest(form, 'form_branches', 'ture-24')
    expect(offered.map((option) => 'value' in option && option.value)).toEqual([
      'feature-24',
      ...Array.from({ length: 10 }, (_, i) => `feature-24${i}`),
    ])
    await alice.fillsIn({ 'module.entry': 'read', branches: ['main', 'feature-249'], reason: 'A new feature' })
    await alice.submits()
    expect(alice.reads()).toContain('Branches: main → feature-249, main')
    await alice.submits()
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.scope?.find(({ module }) => module === 'branch')?.branches).toEqual([
      'main',
      'feature-249',
    ])
  })

  test("nobody is offered another person's branches", async () => {
    const { alice, bob, slack } = await startWorld({
      stack: { branches: Array.from({ length: 150 }, (_, i) => `main${i || ''}`) },
    })
    const form = await alice.opens('ci-deploy')
    await alice.looksInto('scope')
    await bob.opens('ci-deploy')
    await alice.suggest(form, 'form_branches', 'main')
    const asked = slack.deliveries.find(({ kind }) => kind === 'block_suggestion')!
    const stolen = await slack.redeliver({ ...asked, body: { ...asked.body, user: { id: bob.id } } })
    expect(stolen.ackBody).toEqual({ options: [] })
  })

  test('a stack without branches is edited without any mention of branches', async () => {
    const tokens = [{ uid: ciDeploy, name: 'ci-deploy', scope: [{ module: 'entry', acl: { read: true } }] }]
    const { alice, bob, stack, slack } = await startWorld({ stack: { branchesEnabled: false, tokens } })
    await alice.opens('ci-deploy')
    expect(await alice.form()).not.toHaveProperty('branches')
    expect(await alice.form()).not.toHaveProperty('aliases')
    await alice.closeModal()
    const card = await alice.asksFor('ci-deploy', { 'module.asset': 'read' })
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.scope).toEqual([
      { module: 'entry', acl: { read: true } },
      { module: 'asset', acl: { read: true } },
    ])
  })

  test('if the names of the rate-limit fields are not configured, the form says so and the limits stay', async () => {
    const { alice, bob, stack, slack } = await startWorld({ config: { rate_limit_fields: undefined } })
    await alice.opens('migration-2024')
    expect(alice.reads()).toContain("Rate limits can't be edited here, and stay as they are.")
    expect(await alice.form()).not.toHaveProperty('rates')
    await alice.closeModal()
    const card = await alice.asksFor('migration-2024', { name: 'migration-2025' })
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.requests.find(({ method }) => method === 'PUT')?.body).toMatchObject({
      token: { rate_limit_enabled: true, rate_limit: { read: 20, write: 10 } },
    })
    expect(stack.token(migration)).toMatchObject({ name: 'migration-2025', rate_limit: { read: 20, write: 10 } })
  })

  test('scope entries that the app does not understand are shown, and go back as they came', async () => {
    const odd = [
      { module: 'taxonomy', acl: { read: true, publish: true }, terms: ['eu', 'us'] },
      { module: 'branch', acl: { read: true }, branches: ['main'] },
      { module: 'entry', acl: { read: true, write: true } },
    ]
    const tokens = [{ uid: ciDeploy, name: 'ci-deploy', scope: odd }]
    const { alice, bob, stack, slack } = await startWorld({ stack: { tokens } })
    await alice.opens('ci-deploy')
    const shown = '{"acl":{"publish":true,"read":true},"module":"taxonomy","terms":["eu","us"]}'
    expect(alice.reads()).toContain('1 entry that Countersign does not understand')
    await alice.looksInto('access')
    expect(alice.reads()).toContain(shown)
    await alice.closeModal()
    const card = await alice.asksFor('ci-deploy', { 'module.entry': 'read' })
    expect(card.text).not.toContain('taxonomy')
    expect(bob.readsCard(card)).toContain(shown)
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.scope).toEqual([odd[0], odd[1], { module: 'entry', acl: { read: true } }])
  })

  test('an expiry beside a field that the app does not understand stays, and that field goes back as it came', async () => {
    const odd = { expires_on: '2031-05-04', is_never_expires: true }
    const scope = [
      { module: 'entry', acl: { read: true } },
      { module: 'branch', acl: { read: true }, branches: ['main'] },
    ]
    const tokens = [{ uid: ciDeploy, name: 'ci-deploy', scope, ...odd }]
    const { alice, bob, stack, slack } = await startWorld({ stack: { tokens } })
    await alice.opens('ci-deploy')
    expect(await alice.form()).not.toHaveProperty('expiry')
    expect(alice.reads()).toContain("does not understand a field about this token's expiry (is_never_expires: true)")
    await alice.closeModal()
    await alice.says('/token extend ci-deploy never because we can')
    expect((await alice.hears())[0]).toContain("so the expiry can't be changed here")
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(bob.readsCard(card)).toContain('1 field about expiry that Countersign does not understand')
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', ...odd })
  })

  test('a flag beside the expiry that came after it was asked for stops the change, and nothing is sent', async () => {
    const { alice, bob, stack, slack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { date: '2031-05-04' })
    stack.edit(ciDeploy, { is_never_expires: true })
    await bob.approves(card)
    await slack.waitFor(() => /was stopped/.test(bob.card(card).text), 'the outcome')
    expect(bob.readsCard(card)).toMatch(/Expires: .* → 2027-\d\d-\d\d \(is_never_expires: true\)\nChanged by both/)
    expect(bob.readsCard(card)).toContain(
      "This change can't be rebased for now: Countersign does not understand a field",
    )
    expect(bob.readsCard(card)).not.toContain('A rebase keeps')
    const dm = await slack.waitFor(() => alice.dms().find((text) => text.includes('was stopped')), 'the word to Alice')
    expect(dm).toContain("This change can't be rebased for now")
    expect(stack.takenUpdates()).toBe(0)
  })

  test('a token never looked at opens a modal at once, which becomes the form', async () => {
    const { alice, stack, slack } = await startWorld()
    stack.edit(ciDeploy, { name: 'made-just-now' })
    const shown: string[] = []
    slack.onChange(() => {
      const modal = alice.modal()
      if (modal && shown.at(-1) !== `${modal.id} ${modal.view.callback_id}`)
        shown.push(`${modal.id} ${modal.view.callback_id}`)
    })
    const { id } = await alice.opens('made-just-now')
    expect(shown).toEqual([`${id} loading`, `${id} edit_form`])
    expect(await alice.form()).toMatchObject({ name: 'made-just-now', description: 'Deploys from CI' })
  })

  test('a form that cannot be opened after all does not stay announced', async () => {
    const { alice, stack } = await startWorld()
    stack.edit(ciDeploy, { name: 'made-just-now' })
    failWrites('insert into "drafts"')
    await alice.says('/token edit made-just-now')
    await alice.modalCalled('refusal')
    expect(alice.modal()?.view.title?.text).toBe('Nothing was opened')
    expect(alice.reads()).toContain('see the message where you typed')
    expect((await alice.hears())[0]).toContain('Something went wrong here; it is logged as')
  })

  test('somebody who closes the modal before it has become the form gets no more messages about it', async () => {
    const { alice, stack, slack, until, logs } = await startWorld()
    stack.edit(ciDeploy, { name: 'made-just-now' })
    stack.trouble.slowMs = 100
    await alice.says('/token edit made-just-now')
    await alice.modalCalled('loading')
    await alice.closeModal()
    await until('the form to be late', () => slack.calls.some(({ method }) => method === 'views.update'))
    await alice.says('/token help')
    expect(await alice.hears()).toEqual([expect.stringContaining('What you can say')])
    expect(logs.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test('a token changed in Contentstack since the last look is shown as it is now, with a note', async () => {
    const { alice, bob, stack, slack, audit } = await startWorld()
    stack.edit(ciDeploy, { description: 'Edited by hand' })
    await alice.opens('ci-deploy')
    await slack.waitFor(() => alice.reads().includes('· Edited by hand'), 'the form to be redrawn')
    expect(alice.reads()).toContain('This token was changed in Contentstack since it was last looked at.')
    await alice.fillsIn({ name: 'ci', reason: 'Shorter' })
    await alice.submits()
    expect(alice.reads()).not.toContain('Description')
    await alice.submits()
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', description: 'Edited by hand' })
    expect(await audit(1)).toEqual(askedAndApplied)
  })

  test('what was typed and chosen before the look was over stays, except where the token has moved', async () => {
    const { alice, stack, slack } = await startWorld()
    stack.edit(ciDeploy, { name: 'renamed-by-hand' })
    const looked = Promise.withResolvers<void>()
    stack.hooks.beforeReading = () => looked.promise
    await alice.opens('ci-deploy')
    const early = { description: 'Typed early', 'module.asset': 'read', branches: ['main'], date: '2027-05-05' }
    await alice.fillsIn({ ...early, reason: 'Said early' })
    await alice.looksInto('naming')
    await alice.fillsIn({ name: 'typed early, too' })
    looked.resolve()
    const says = () => JSON.stringify(alice.modal()?.values)
    await slack.waitFor(() => says().includes('"renamed-by-hand"'), 'the form to be drawn again')
    expect(await alice.form()).toMatchObject({ ...early, reason: 'Said early' })
    expect(alice.reads()).toContain('what you typed elsewhere is still there')
    await alice.submits()
    expect(alice.reads()).toMatch(/Description.*Typed early/s)
    expect(alice.reads()).not.toContain('typed early, too')
  })

  test('a form for a deleted token says that it is gone, and nothing can be sent for it', async () => {
    const { alice, stack, audit } = await startWorld()
    stack.remove(ciDeploy)
    await alice.says('/token edit ci-deploy')
    await alice.modalCalled('refusal')
    expect(alice.reads()).toContain(`The stack "Website" has no token ${ciDeploy}: it was deleted`)
    expect(alice.modal()?.view.submit).toBeUndefined()
    expect(await audit()).toEqual(['app started'])
  })

  test("somebody else's open form can't be sent, nor one too old", async () => {
    const { alice, mallory, slack, store, audit } = await startWorld()
    await alice.checks('ci-deploy', { name: 'ci' })
    const sent = slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!
    const stolen = await slack.redeliver({ ...sent, body: { ...sent.body, user: { id: mallory.id } } })
    expect(JSON.stringify(stolen.ackBody)).toContain('Countersign does not know this form')
    await alice.closeModal()
    await store.forgetDrafts('9999-12-31')
    await alice.submits()
    expect(alice.modal()?.view.callback_id).toBe('refusal')
    expect(alice.reads()).toContain(
      'Nothing was sent. Open it again with /token edit. If this happens again, tell whoever runs Countersign.',
    )
    expect(await audit()).toEqual(['app started'])
  })
})

test('a form is not redrawn over what somebody has chosen in it, and nothing is overwritten', async () => {
  const { alice, bob, stack, slack, until, audit } = await startWorld({ transport: 'socket' })
  stack.edit(ciDeploy, { expires_on: '2031-05-04' })
  const looked = Promise.withResolvers<void>()
  stack.hooks.beforeReading = () => looked.promise
  await alice.opens('ci-deploy')
  await alice.fillsIn({ expiry: 'never' })
  looked.resolve()
  await until('the look', () => stack.requests[0]?.status === 200)
  await alice.fillsIn({ name: 'ci', everything: 'read', reason: 'Shorter' })
  expect(await alice.form()).toMatchObject({ name: 'ci', expiry: 'never', description: 'Deploys from CI' })
  await alice.submits()
  await alice.submits()
  const card = await slack.waitFor(() => bob.cards()[0], 'the card')
  await bob.approves(card)
  await slack.waitFor(() => /was stopped/.test(bob.card(card).text), 'the outcome')
  expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci-deploy', expires_on: '2031-05-04' })
  expect((await audit(1)).at(-1)).toBe('app drift_found')
})

test('a clock that is set forward for a moment closes no open form, and ends no waiting change', async () => {
  const { alice, store, clockIsSet, until } = await startWorld({ transport: 'http' })
  await alice.asksFor('migration-2024', { name: 'migration-2025' })
  await alice.opens('ci-deploy')
  await alice.fillsIn({ name: 'ci', reason: 'The pipeline moved' })
  clockIsSet(40 * 86_400)
  for (const id of ['one round', 'the next'] as const) {
    await store.saveDraft({ id, person: 'U0NOBODY', ...emptyForm() }, '2000-01-01T00:00:00.000Z')
    await until(id, async () => (await store.draft(id)) === null)
  }
  clockIsSet(-40 * 86_400)
  expect((await alice.submits())?.view.callback_id).toBe('preview')
  expect((await store.get(1)).change.status).toBe('pending')
})

test('rate limits that moved behind a form that Slack has not redrawn are not asked for', async () => {
  const { alice, stack, slack, store, until } = await startWorld({ transport: 'socket' })
  const looked = Promise.withResolvers<void>()
  stack.hooks.beforeReading = () => looked.promise
  const { view } = await alice.opens('migration-2024')
  await alice.looksInto('rates')
  stack.edit(migration, { rate_limit_enabled: false })
  slack.trouble.fail = { 'views.update': 'internal_error' }
  looked.resolve()
  const kept = async () => (await store.draft(view.private_metadata ?? ''))?.before.rateLimits.kind
  await until('the form to know', async () => (await kept()) === 'organisation')
  slack.trouble.fail = {}
  await alice.fill('reason:1', 'form_reason', 'Shorter')
  await alice.pressesInForm('form_open_naming')
  await alice.fillsIn({ name: 'migration' })
  await alice.submits()
  expect(alice.reads()).toContain('Name: migration-2024 → migration')
  expect(alice.reads()).not.toContain('Rate limits')
})
