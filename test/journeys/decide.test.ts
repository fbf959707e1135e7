import { describe, expect, test } from 'vitest'
import { buttonsIn } from '../slack/kit/drawn.ts'
import { askedAndApplied, startWorld, type World } from '../support/journey.ts'
import { handled } from '../support/person.ts'

const ciDeploy = 'blt5c1de0000000a001'

function says(world: World, words: RegExp) {
  return world.slack.waitFor(() => world.bob.cards().find((card) => words.test(card.text)), `a card with ${words}`)
}

describe('deciding', () => {
  test('the card says everything that would be written, who asked, why, and who may decide', async () => {
    const { alice, bob, stack } = await startWorld({ stack: { title: 'Web & Shop' } })
    const { expires_on } = stack.token(ciDeploy)!
    const card = await alice.asksFor('ci-deploy', {
      name: 'ci',
      description: 'For\nCI',
      branches: ['main'],
      aliases: ['live', 'preview'],
      'module.entry': 'read',
      expiry: 'never',
      emailNotice: [],
      reason: 'Less is more',
    })
    const text = bob.readsCard(card)
    expect(text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'THEN')).toBe(
      [
        'Removes the expiry of ci-deploy, and 6 more, 1 of which narrows it · #1',
        `Widens and narrows: loses write on entries; also names alias preview (→ development, already reached); no longer names branch development (still reached through alias preview); was to expire on ${expires_on}.`,
        'This change is waiting for 1 approval.',
        'Token: ci-deploy',
        'Stack: Web & Shop',
        'Asked for by @U0ALICE THEN',
        'Reason',
        'Less is more',
        'What will be written',
        'Name: ci-deploy → ci',
        'Description, before:',
        'Deploys from CI',
        'Description, after:',
        'For',
        'CI',
        'Branches: development, main → main',
        'Branch aliases: live (→ main) → live (→ main), preview (→ development)',
        'Entries: read and write → read',
        `Expires: ${expires_on} → never`,
        'E-mail 7 days before expiry: yes → no',
        'Approvals. Rule: approvers',
        '○ @U0BOB, @U0CAROL: needs 1 approval',
        'Open until THEN; then it expires, and nothing is written.',
        'Approve',
        'Reject…',
        'Approve with a comment…',
        "I'm looking",
        'Edit…',
        'Nudge',
        'Cancel…',
      ].join('\n'),
    )
    expect(card.text).toBe(
      'Removes the expiry of ci-deploy, and 6 more, 1 of which narrows it. ' +
        `Widens and narrows: loses write on entries; also names alias preview (→ development, already reached); no longer names branch development (still reached through alias preview); was to expire on ${expires_on}. ` +
        'Change #1 to token ci-deploy on Web &amp; Shop by <@U0ALICE> is waiting for 1 approval. ' +
        'Approvals: ○ <@U0BOB>, <@U0CAROL>: needs 1 approval. Reason: Less is more. It asks for: ' +
        'Name from ci-deploy to ci; Description from Deploys from CI to For⟨U+000A⟩CI; Branches from development, main to main; ' +
        'Branch aliases from live (→ main) to live (→ main), preview (→ development); Entries from read and write to read; ' +
        `Expires from ${expires_on} to never; E-mail 7 days before expiry from yes to no.`,
    )
  })

  test('if two must agree, the first approval is shown and writes nothing, the second applies', async () => {
    const world = await startWorld({ config: { approvals: 2 } })
    const { alice, bob, carol, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(card.text).toContain('is waiting for 2 approvals')
    await bob.approves(card)
    await says(world, /waiting for 1 more approval/)
    expect(bob.readsCard(card)).toMatch(/○ @U0BOB, @U0CAROL: approved by @U0BOB .*; needs 1 more\n/)
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB approved'])

    await bob.approves(card)
    expect(await bob.hears()).toEqual(['You have approved change #1 already. Your approval stands.'])
    expect(stack.takenUpdates()).toBe(0)

    await carol.approves(card)
    await says(world, /was applied/)
    expect(bob.readsCard(card)).toMatch(/Approved by @U0BOB .*\nApproved by @U0CAROL/)
    expect(stack.token(ciDeploy)?.name).toBe('ci')
    expect(await audit(1)).toEqual([
      'U0ALICE proposed',
      'U0BOB approved',
      'U0BOB refused',
      'U0CAROL approved',
      'app apply_started',
      'app write_answered',
      'app applied',
    ])
  })

  test('an applied change is one card without buttons, and a message to the requester', async () => {
    const world = await startWorld()
    const { alice, bob, slack, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(buttonsIn(card.blocks)).toEqual([
      'approve',
      'reject',
      'approve_with_comment',
      'claim',
      'amend',
      'nudge',
      'cancel',
    ])
    await bob.approves(card)
    await says(world, /was applied/)
    expect(bob.cards().map(({ ts }) => ts)).toEqual([card.ts])
    expect(buttonsIn(bob.card(card).blocks)).toEqual([])
    await slack.waitFor(() => alice.dms().length === 2, 'the word to Alice')
    expect(alice.dms()[0]).toMatch(
      /^Your change #1 to token ci-deploy on Website is waiting for 1 approval\.\nNeutral: what the token may do stays the same\.\nApprovals\. Rule: approvers\n○ @U0BOB, @U0CAROL: needs 1 approval\n\[Open the card\]/,
    )
    expect(alice.dms()[1]).toMatch(
      /^Your change #1 to token ci-deploy on Website was applied .*\nYou asked\nName: ci-deploy → ci\nApproved by @U0BOB\.\n\[Open the card\]/,
    )
    expect(stack.takenUpdates(ciDeploy)).toBe(1)
    expect(await audit(1)).toEqual(askedAndApplied)
  })

  test('a change is rejected with a reason, which the requester is told', async () => {
    const world = await startWorld()
    const { alice, bob, slack, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.presses(card, 'reject')
    await bob.modalCalled('reject_form')
    expect(bob.reads()).toContain('Change #1 to token ci-deploy on Website will end here, and will not be applied.')
    await bob.fill('rejection', 'rejection', 'Too short\n<!channel>')
    await bob.submits()
    expect(bob.modal()).toBeUndefined()
    await says(world, /was rejected by <@U0BOB>/)
    expect(bob.readsCard(card)).toContain('The reason given:\nToo short\n<!channel>')
    expect(buttonsIn(bob.card(card).blocks)).toEqual([])
    await slack.waitFor(() => alice.dms()[1]?.includes('was rejected by @U0BOB'), 'the word to Alice')
    expect(alice.dms()[1]).toContain(
      'The reason given:\nToo short\n<!channel>\nYou asked\nName: ci-deploy → ci\nYou can ask again with another change.',
    )
    expect(alice.messages('dm')[1]?.text).toContain('Why: Too short⟨U+000A⟩&lt;!channel&gt;.')
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB rejected'])
    expect(stack.takenUpdates()).toBe(0)
  })

  test('only the requester can cancel', async () => {
    const world = await startWorld()
    const { alice, bob, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.presses(card, 'cancel')
    expect(await bob.hears()).toEqual([
      'Only <@U0ALICE>, who asked for change #1, can cancel it. Nothing was done. To end it, press Reject… and say why.',
    ])
    await alice.cancels(card)
    await says(world, /was cancelled by <@U0ALICE> .*; nothing was written/)
    expect(buttonsIn(bob.card(card).blocks)).toEqual([])
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB refused', 'U0ALICE cancelled'])
  })

  test('nobody decides on a change of their own', async () => {
    const { alice, stack, whoSees, audit } = await startWorld({
      config: { approvers: ['U0ALICE', 'U0BOB'] },
    })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(alice.readsCard(card)).toContain('○ @U0BOB: needs 1 approval')
    await alice.approves(card)
    await alice.presses(card, 'reject')
    const [first, second] = await alice.hears(2)
    const whoCan =
      'whoever asks for a change may not decide on it. Nothing was done. Its rule names <@U0BOB>. ' +
      'In the menu of its card, you can edit it, nudge them, or cancel it.'
    expect(first).toBe(`You can't approve change #1: ${whoCan}`)
    expect(second).toBe(`You can't reject change #1: ${whoCan}`)
    expect(alice.modal()).toBeUndefined()
    expect(whoSees('whoever asks for a change')).toEqual([alice.id])
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0ALICE refused', 'U0ALICE refused'])
  })

  test('somebody who is not on the list is refused privately, and it is recorded', async () => {
    const { alice, mallory, stack, store, whoSees, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await mallory.approves(card)
    const said = "You can't approve change #1: only the people its rule names may decide on it. Nothing was done."
    expect(await mallory.hears()).toEqual([
      "You can't approve change #1: only the people its rule names may decide on it (<@U0BOB>, <@U0CAROL>). Nothing was done. " +
        'To say something about it, write in the thread of its card.',
    ])
    await mallory.presses(card, 'reject')
    await mallory.hears(2)
    expect(mallory.modal()).toBeUndefined()
    expect(whoSees('only the people its rule names')).toEqual([mallory.id])
    expect(mallory.card(card)).toMatchObject({ text: card.text, blocks: card.blocks })
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0MALLORY refused', 'U0MALLORY refused'])
    expect((await store.events(1))[1]?.event).toEqual({
      type: 'refused',
      attempted: 'approve',
      code: 'not_allowed',
      why: said,
    })
  })

  test('somebody who presses on a change that has ended is told how it ended', async () => {
    const world = await startWorld()
    const { alice, bob, carol, stack } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await says(world, /was applied/)
    await carol.approves(card)
    await carol.presses(card, 'reject')
    await alice.presses(card, 'cancel')
    const sorry = (verb: string) => [`You can't ${verb} change #1 now: it has been applied. Nothing was done.`]
    expect(await carol.hears(2)).toEqual([...sorry('approve'), ...sorry('reject')])
    expect(await alice.hears()).toEqual(sorry('cancel'))
    expect(stack.takenUpdates()).toBe(1)
  })

  test('a double click approves once', async () => {
    const world = await startWorld()
    const { alice, bob, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await Promise.all([bob.approves(card), bob.approves(card)])
    await says(world, /was applied/)
    expect(stack.takenUpdates()).toBe(1)
    expect((await audit(1)).filter((event) => event !== 'U0BOB refused')).toEqual(askedAndApplied)
    expect(await bob.hears()).toHaveLength(1)
  })

  test('a press that Slack delivers again changes nothing more', async () => {
    const world = await startWorld({ config: { approvals: 2 } })
    const { alice, bob, slack, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    handled(await slack.redeliver(await bob.approves(card)))
    await says(world, /waiting for 1 more approval/)
    expect(await bob.hears()).toEqual(['You have approved change #1 already. Your approval stands.'])
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB approved', 'U0BOB refused'])
  })

  test('a proposal that Slack delivers again makes no second change', async () => {
    const { alice, bob, slack, until, audit } = await startWorld()
    await alice.asksFor('ci-deploy', { name: 'ci' })
    const sent = slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!
    const again = await slack.redeliver(sent)
    handled(again)
    expect(again.ackBody).toEqual({ response_action: 'clear' })
    await until('all to be told', () => alice.dms().length === 1)
    expect(bob.cards()).toHaveLength(1)
    expect(await audit()).toEqual(['app started', 'U0ALICE proposed'])
  })

  test('a form sent again with something else in it asks for nothing more, and says so', async () => {
    const { alice, bob, slack, stack, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const [checked, sent] = slack.deliveries.filter(({ kind }) => kind === 'view_submission')
    const elsewise = JSON.parse(JSON.stringify(checked!.body).replaceAll('"value":"ci"', '"value":"ci-2"'))
    const { ackBody } = await slack.redeliver({ ...checked!, body: elsewise })
    expect(JSON.stringify(ackBody)).toContain('ci-2')
    expect(JSON.stringify((await slack.redeliver(sent!)).ackBody)).toContain(
      'This form was sent before, as change #1, which asks for something else. Nothing was sent now',
    )
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.name).toBe('ci')
    expect(bob.cards()).toHaveLength(1)
    expect(await audit(1)).toEqual(askedAndApplied)
  })

  test('of two approvers at once, one approves and the other is told', async () => {
    const world = await startWorld()
    const { alice, bob, carol, slack, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await Promise.all([bob.approves(card), carol.approves(card)])
    await says(world, /was applied/)
    expect(stack.takenUpdates()).toBe(1)
    const told = () => [...bob.toldPrivately(), ...carol.toldPrivately()]
    await slack.waitFor(() => told().length > 0, 'the later one to be told')
    expect(told()).toEqual([
      expect.stringMatching(/^You can't approve change #1 now: it (is|has been) .*\. Nothing was done\.$/),
    ])
    const log = await audit(1)
    expect(log.filter((event) => event.endsWith(' approved'))).toHaveLength(1)
    expect(log.filter((event) => event.endsWith(' refused'))).toHaveLength(1)
  })

  test('approved and cancelled at once, it ends one way everywhere', async () => {
    const world = await startWorld()
    const { alice, bob, stack, until, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.presses(card, 'cancel')
    await alice.modalCalled('cancel_form')
    await Promise.all([bob.approves(card), alice.submits()])
    await says(world, /was applied|was cancelled/)
    const isApplied = /was applied/.test(bob.card(card).text)
    expect(stack.takenUpdates()).toBe(isApplied ? 1 : 0)
    expect(stack.token(ciDeploy)?.name).toBe(isApplied ? 'ci' : 'ci-deploy')
    expect((await audit(1)).includes('U0ALICE cancelled')).toBe(!isApplied)
    await until('the word to Alice', () =>
      alice
        .dms()
        .at(-1)
        ?.includes(isApplied ? 'was applied' : 'was cancelled'),
    )
    const log = await audit(1)
    if (log.includes(`${bob.id} refused`)) expect(await bob.hears()).toHaveLength(1)
    if (log.includes(`${alice.id} refused`)) expect(alice.reads()).toMatch(/^You can('t| no longer) cancel change #1/)
  })

  test('approved and rejected at once, it ends one way everywhere', async () => {
    const world = await startWorld()
    const { alice, bob, carol, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await carol.presses(card, 'reject')
    await carol.modalCalled('reject_form')
    await carol.fill('rejection', 'rejection', 'No')
    await Promise.all([bob.approves(card), carol.submits()])
    await says(world, /was applied|was rejected/)
    const isApplied = /was applied/.test(bob.card(card).text)
    expect(stack.takenUpdates()).toBe(isApplied ? 1 : 0)
    expect((await audit(1)).includes('U0CAROL rejected')).toBe(!isApplied)
    expect(carol.modal()?.view.callback_id).toBe(isApplied ? 'refusal' : undefined)
    if (!isApplied) expect(await bob.hears()).toHaveLength(1)
  })

  test('a rejection that comes too late is refused in the modal, and the change goes on', async () => {
    const world = await startWorld()
    const { alice, bob, carol, stack } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await carol.presses(card, 'reject')
    await carol.modalCalled('reject_form')
    await carol.fill('rejection', 'rejection', 'No')
    await bob.approves(card)
    await says(world, /was applied/)
    await carol.submits()
    expect(carol.reads()).toBe("You can't reject change #1 now: it has been applied. Nothing was done.")
    // Behind it is no form that could only be refused again.
    expect(carol.modal()?.view.close?.text).toBe('Close')
    await carol.closeModal()
    expect(carol.modal()).toBeUndefined()
    expect(stack.takenUpdates()).toBe(1)
  })

  test('if the policy changes meanwhile, the current one has to be met as well as the original one', async () => {
    const world = await startWorld({ config: { approvers: ['U0BOB', 'U0CAROL'], approvals: 2 } })
    const { alice, bob, carol, mallory, stack } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await world.restarts({ approvers: ['U0CAROL', 'U0MALLORY'], approvals: 2 })
    await world.until('the current policy', () =>
      bob
        .readsCard(card)
        .includes('The current policy asks for this as well:\n○ @U0CAROL, @U0MALLORY: needs 2 approvals'),
    )
    await carol.approves(card)
    await world.until("Carol's approval", () => bob.readsCard(card).includes('@U0MALLORY: approved by @U0CAROL'))
    expect(bob.readsCard(card)).toContain('This change is waiting for more approvals.')
    expect(bob.readsCard(card)).toMatch(
      /✓ @U0BOB, @U0CAROL: approved by @U0BOB .*\n.*\n○ @U0CAROL, @U0MALLORY: .*; needs 1 more\n/,
    )
    const { requirement, today } = (await world.store.get(1)).change
    const loaded = (await world.store.events()).flatMap(({ event }) =>
      event.type === 'policy_loaded' ? [event.digest] : [],
    )
    expect([requirement, today]).toMatchObject(loaded.map((policy) => ({ policy })))
    expect(stack.takenUpdates()).toBe(0)
    await mallory.approves(card)
    await says(world, /was applied/)
    expect(stack.takenUpdates()).toBe(1)
  })
})
