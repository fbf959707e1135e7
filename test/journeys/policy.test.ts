import { describe, expect, test } from 'vitest'
import { demoPolicy } from '../../src/cli/demo/workspace.ts'
import { startWorld } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'
const newPower = { 'module.asset': 'write' }

describe('a policy of several rules', () => {
  const policed = (policy: object = demoPolicy) => startWorld({ config: { policy } })

  test('new power needs somebody from each group, and each types the name of the token', async () => {
    const { alice, bob, carol, dave, slack, stack, audit } = await policed()
    const card = await alice.asksFor('ci-deploy', newPower)
    expect(bob.readsCard(card)).toContain('Widens ci-deploy: read and write on assets · #1\nThis change')
    expect(bob.readsCard(card)).toContain(
      'Approvals, each from a different person. Rule: new power\n○ @S0SECURITY: needs 1 approval\n○ @S0OWNERS: needs 1 approval\n',
    )
    await bob.confirms(card, 'approve', { name: 'CI-deploy' })
    expect(bob.reads()).toContain('Widens: gains read and write on assets.')
    expect(bob.errors().token_name).toContain('This is not the name of the token, so nothing was approved.')
    expect(await audit(1)).toEqual(['U0ALICE proposed'])
    await bob.fill('token_name', 'token_name', 'ci-deploy')
    expect(await bob.submits()).toBeUndefined()
    await slack.waitFor(() => bob.readsCard(card).includes('waiting for 1 more approval'), 'the first approval')

    await carol.confirms(card, 'approve', { name: 'ci-deploy' })
    await slack.waitFor(() => bob.readsCard(card).includes(', @U0CAROL'), 'the second approval')
    expect(bob.readsCard(card)).toMatch(
      /○ @S0SECURITY: needs 1 approval\n✓ @S0OWNERS: approved by @U0BOB .*, @U0CAROL .*\n/,
    )
    expect(stack.takenUpdates()).toBe(0)

    await dave.confirms(card, 'approve', { name: ' ci-deploy ' })
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.scope).toContainEqual({ module: 'asset', acl: { read: true, write: true } })
  })

  test('one person in both groups counts for one of them', async () => {
    const { alice, bob, dave, slack, stack } = await policed()
    await slack.admin.changeUserGroup('S0OWNERS', { users: ['U0BOB', 'U0DAVE'] })
    const card = await alice.asksFor('ci-deploy', newPower)
    await dave.confirms(card, 'approve', { name: 'ci-deploy' })
    await slack.waitFor(() => dave.readsCard(card).includes('waiting for 1 more approval'), 'the first approval')
    await dave.presses(dave.card(card), 'approve')
    expect(await dave.hears()).toEqual(['You have approved change #1 already. Your approval stands.'])
    expect(stack.takenUpdates()).toBe(0)
    await bob.confirms(bob.card(card), 'approve', { name: 'ci-deploy' })
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  })

  test.each([
    { module: 'branch', acl: { read: true, write: true }, branches: ['development'] },
    { module: 'branch_alias', acl: { read: true, write: true }, branch_aliases: ['preview'] },
  ])('adding an alias beside an entry that is not understood does not count as harmless: %j', async (entry) => {
    const harmless = { name: 'harmless', when: { verdict: ['narrows', 'neutral'] }, approvers: 'S0OWNERS' }
    const strict = { name: 'strict', all_of: [{ from: 'S0SECURITY' }, { from: 'S0OWNERS' }] }
    const read = { module: 'entry', acl: { read: true } }
    const existing = entry.module === 'branch' ? [] : [{ module: 'branch', acl: { read: true }, branches: ['main'] }]
    const tokens = [{ uid: ciDeploy, name: 'ci-deploy', scope: [read, entry, ...existing] }]
    const { alice, bob } = await startWorld({
      stack: { tokens },
      config: { policy: { rules: [harmless, strict] } },
    })
    const asked = entry.module === 'branch' ? { aliases: ['live'] } : { branches: ['main', 'development'] }
    const card = await alice.asksFor('ci-deploy', asked)
    expect(bob.readsCard(card)).toMatch(
      /May widen or narrow: names (alias live \(→ main\)|branch development); what that means is not known/,
    )
    expect(bob.readsCard(card)).toContain('Rule: strict')
  })

  test('an edit that the policy forbids is refused in its own words before anybody is asked', async () => {
    const { alice, bob, audit, store, restarts } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ expiry: 'never', reason: 'For ever' })
    await restarts({ policy: demoPolicy })
    await alice.submits()
    expect(alice.modal()?.view.callback_id).toBe('refusal')
    expect(alice.reads()).toBe(
      'The policy forbids it (every token expires): Every token here expires. Ask for a day instead, as late as you need it. Nothing was sent.',
    )
    await alice.closeModal()
    expect(await alice.form()).toMatchObject({ expiry: 'never', reason: 'For ever' })
    expect(bob.cards()).toEqual([])
    expect((await audit()).at(-1)).toBe('U0ALICE refused')
    expect((await store.events()).at(-1)).toMatchObject({
      changeId: null,
      event: { attempted: 'propose', code: 'not_allowed', why: expect.stringContaining('Every token here expires') },
    })
  })

  test('an edit of an open change that the policy forbids is refused before it is sent, and logged with that change', async () => {
    const { alice, store, restarts } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.presses(card, 'amend')
    await alice.modalCalled('edit_form')
    await alice.fillsIn({ expiry: 'never' })
    await restarts({ policy: demoPolicy })
    await alice.submits()
    expect(alice.reads()).toContain('The policy forbids it (every token expires)')
    const refused = (await store.events(1)).filter(({ event }) => event.type === 'refused')
    expect(refused).toMatchObject([{ actor: 'U0ALICE', event: { attempted: 'amend', code: 'not_allowed' } }])
  })

  test('an approver who is needed for a change is told so before they edit it, and who can instead', async () => {
    const { alice, dave } = await policed()
    const card = await alice.asksFor('ci-deploy', newPower)
    await dave.presses(card, 'amend')
    expect(await dave.hears()).toEqual([
      "You can't edit change #1: whoever edits it can no longer decide on it, and too few people would be left who can. Nothing was done. You can ask <@U0ALICE> to edit it, or reject it and say what should change.",
    ])
  })

  test('an approver who edits a change into one for which they are needed is told so in its preview', async () => {
    const { alice, dave } = await policed()
    const card = await alice.asksFor('ci-deploy', { branches: ['main'] })
    await dave.presses(card, 'amend')
    await dave.modalCalled('edit_form')
    await dave.fillsIn(newPower)
    await dave.submits()
    expect(dave.reads()).toContain(
      "too few people would be left who can, so it can't be sent: ask @U0ALICE to edit it.",
    )
    await dave.submits()
    expect(dave.reads()).toContain("You can't edit change #1")
  })

  test('only the people in may_ask can ask, and others are told so before a form opens', async () => {
    const { alice, bob, mallory, slack, audit } = await policed({ ...demoPolicy, may_ask: ['U0ALICE', 'S0OWNERS'] })
    const why =
      'You are not among those who may ask for changes on this stack. Nothing was opened; ask whoever runs Countersign who may.'
    await mallory.says('/token edit ci-deploy')
    expect(await mallory.hears()).toEqual([why])
    await mallory.says('/token rename ci-deploy to mine')
    expect((await mallory.hears(2))[1]).toContain(why)
    expect(mallory.modal()).toBeUndefined()
    expect(slack.calls.map(({ method }) => method)).not.toContain('views.open')
    expect(await audit()).toEqual(['app started', 'U0MALLORY refused'])
    for (const person of [alice, bob]) await person.checks('ci-deploy', { name: 'ci' })
  })

  test.each([{ isDisabled: true }, { users: [] }])(
    'a group that became useless (%j) is refused at "Send for approval", with whom to ask',
    async (changes) => {
      const { alice, bob, slack, audit } = await policed()
      await alice.checks('ci-deploy', { name: 'ci' })
      await slack.admin.changeUserGroup('S0OWNERS', changes)
      await alice.submits()
      expect(alice.modal()?.view.callback_id).toBe('refusal')
      expect(alice.reads()).toContain('so nobody could ever approve it. Nothing was sent; ask whoever runs Countersign')
      expect(alice.reads()).toContain('wording')
      expect(bob.cards()).toEqual([])
      expect(await audit()).toEqual(['app started', 'U0ALICE refused'])
    },
  )
})
