import { describe, expect, test } from 'vitest'
import { buttonsIn } from '../slack/kit/drawn.ts'
import { startWorld } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'

describe('a change that becomes another', () => {
  test('the requester is told who edited it, and what is different', async () => {
    const { alice, bob, slack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.amends(card, { name: 'ci-2' })
    const edited = () => alice.dms().find((dm) => dm.startsWith('@U0BOB edited your change #1'))
    const told = await slack.waitFor(edited, 'the word to Alice')
    expect(told).toContain('it is revision 2 now')
    expect(told).toContain('What it asks for now, instead of what it asked for before:\nName: ci → ci-2')
  })

  test("an edit's preview names the rules of both the requester and the editor, as the card will", async () => {
    const policy = {
      rules: [
        { name: 'of Alice', when: { requester: ['U0ALICE'] }, approvers: ['U0BOB', 'U0CAROL'] },
        { name: 'of Bob', when: { requester: ['U0BOB'] }, approvers: ['U0DAVE'] },
        { name: 'of all', approvers: ['U0MALLORY'] },
      ],
    }
    const { alice, bob, slack } = await startWorld({ config: { policy } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.presses(card, 'amend')
    await bob.modalCalled('edit_form')
    await bob.fillsIn({ name: 'ci-2' })
    await bob.submits()
    const preview = bob.reads()
    await bob.submits()
    await slack.waitFor(() => bob.readsCard(card).includes('(revision 2)'), 'the card of revision 2')
    for (const shown of [preview, bob.readsCard(card)]) {
      expect(shown).toContain('Rule: of Alice\n○ @U0CAROL: needs 1 approval\n')
      expect(shown).toContain('The current policy asks for this as well:\n○ @U0DAVE: needs 1 approval')
      expect(shown).not.toContain('@U0MALLORY')
    }
  })

  test('an edit voids the approvals, says so on the card, and tells those who gave them', async () => {
    const { alice, bob, carol, slack, stack, audit } = await startWorld({ config: { approvals: 2 } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await slack.waitFor(() => bob.readsCard(card).includes('approved by @U0BOB'), 'the approval')
    const first = bob.carries(card, 'approve')

    await alice.presses(card, 'amend')
    await alice.modalCalled('edit_form')
    expect(await alice.form()).toMatchObject({ name: 'ci', reason: 'The pipeline moved' })
    await alice.fillsIn({ name: 'ci-2' })
    await alice.submits()
    expect(alice.reads()).toContain('This edits change #1: it becomes revision 2, and needs new approvals.')
    expect(alice.reads()).toContain('Approvals given so far will no longer count: @U0BOB')
    expect(await alice.submits()).toBeUndefined()

    await slack.waitFor(() => bob.dms()[0]?.startsWith('Your approval of change #1'), 'the word to Bob')
    expect(bob.dms()[0]).toContain('no longer counts: the change has been edited since, and is revision 2 now')
    expect(carol.dms()).toEqual([])
    await slack.waitFor(() => bob.readsCard(card).includes('(revision 2)'), 'the card of revision 2')
    expect(bob.readsCard(card)).toContain('Approved an earlier revision, which no longer counts: @U0BOB')
    expect(bob.readsCard(card)).toContain('is waiting for 2 approvals')

    await bob.presses(card, 'approve', first)
    expect(await bob.hears()).toEqual([
      expect.stringContaining('has been edited since this card was drawn: it is revision 2 now, and is waiting for'),
    ])
    await carol.approves(carol.card(card))
    expect(stack.takenUpdates()).toBe(0)
    await bob.approves(bob.card(card))
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.name).toBe('ci-2')
    expect((await audit(1)).slice(0, 5)).toEqual([
      'U0ALICE proposed',
      'U0BOB approved',
      'U0ALICE amended',
      'U0BOB refused',
      'U0CAROL approved',
    ])
  })

  test('an edit that Slack delivers again is taken once, and refused to nobody', async () => {
    const { alice, bob, slack, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.amends(card, { name: 'ci-2' })
    const again = await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!)
    expect(again.ackBody).toEqual({ response_action: 'clear' })
    await slack.waitFor(() => bob.readsCard(card).includes('(revision 2)'), 'the card of revision 2')
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0ALICE amended'])
  })

  test('an approver who edits it may no longer decide on it', async () => {
    const { alice, bob, carol, slack, stack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.amends(card, { name: 'ci-2' })
    await slack.waitFor(() => bob.readsCard(card).includes('Edited by @U0BOB'), 'the card to say who edited')
    await bob.approves(bob.card(card))
    expect((await bob.hears())[0]).toContain('whoever edits a change may not decide on it')
    expect(stack.takenUpdates()).toBe(0)
    await carol.approves(carol.card(card))
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.name).toBe('ci-2')
  })

  test('a token that has moved meanwhile is rebased, approved again, and keeps what somebody else did to it', async () => {
    const { alice, bob, slack, stack, store, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    stack.edit(ciDeploy, { description: 'By hand' })
    await bob.approves(card)
    await slack.waitFor(() => /was stopped/.test(bob.card(card).text), 'the drift')
    expect(buttonsIn(bob.card(card).blocks)).toEqual(['rebase', 'cancel'])
    expect(bob.readsCard(card)).not.toContain('Changed by both')

    await bob.presses(bob.card(card), 'rebase')
    expect(await bob.hears()).toEqual([expect.stringContaining('Only those who asked for change #1 can rebase it')])
    await alice.presses(alice.card(card), 'rebase')
    await alice.modalCalled('rebase_form')
    expect(alice.reads()).toContain('Change #1 becomes revision 2, and needs new approvals: the same edit')
    expect(alice.reads()).toContain('Approvals given so far will no longer count: @U0BOB')
    expect(alice.reads()).toContain('Changed meanwhile\nDescription: Deploys from CI → By hand\n')
    expect(alice.reads()).toContain('What will be written once it is approved\nName: ci-deploy → ci\n')
    expect(alice.reads()).toContain('@U0BOB, @U0CAROL: needs 1 approval')
    expect((await store.get(1)).change.status).toBe('drifted')
    await alice.submits()
    await slack.waitFor(() => bob.readsCard(card).includes('(revision 2)'), 'the card of revision 2')
    expect(bob.readsCard(card)).toContain('What will be written\nName: ci-deploy → ci\n')
    await slack.waitFor(() => bob.dms()[0]?.includes('no longer counts'), 'the word to Bob')
    expect(stack.takenUpdates()).toBe(0)

    await bob.approves(bob.card(card))
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', description: 'By hand' })
    expect((await audit(1)).filter((event) => !/apply_started|write_answered/.test(event))).toEqual([
      'U0ALICE proposed',
      'U0BOB approved',
      'app drift_found',
      'U0BOB refused',
      'U0ALICE rebased',
      'U0BOB approved',
      'app applied',
    ])
  })

  test('a token that moves while the change waits stops it before anybody decides on the past', async () => {
    const { alice, bob, slack, stack, passes } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const waiting = bob.carries(card, 'approve')
    stack.edit(ciDeploy, { name: 'By hand' })
    passes(61)
    await slack.waitFor(() => /was stopped/.test(bob.card(card).text), 'the drift')
    expect(bob.readsCard(card)).toContain('Name: ci-deploy → By hand\n')
    expect(bob.readsCard(card)).toContain('Changed by both: Name. A rebase keeps what this change asks for there.')
    await bob.presses(card, 'approve', waiting)
    expect((await bob.hears())[0]).toContain("You can't approve change #1 now")
    await alice.cancels(alice.card(card))
    await slack.waitFor(() => /was cancelled/.test(bob.card(card).text), 'the end')
    expect(stack.takenUpdates()).toBe(0)
  })

  test('two open changes to a token name each other, and the second stops when the first is applied', async () => {
    const { alice, bob, slack, stack } = await startWorld()
    const first = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.checks('ci-deploy', { description: 'New' })
    const named = (id: number, { ts }: { ts: string }) =>
      `Other open changes to this token: [#${id}](${slack.url}/archives/C0APPROVALS/p${ts.replace('.', '')})`
    expect(alice.reads()).toContain(named(1, first))
    await alice.submits()
    const second = await slack.waitFor(() => bob.cards()[1], 'the second card')
    expect(bob.readsCard(second)).toContain(named(1, first))
    await slack.waitFor(() => bob.readsCard(first).includes(named(2, second)), 'the first card to name the second')

    await bob.approves(bob.card(first))
    await slack.waitFor(() => /was stopped/.test(bob.card(second).text), 'the drift')
    await slack.waitFor(() => !bob.readsCard(second).includes('Other open changes'), 'the second card to stand alone')
    expect(stack.takenUpdates()).toBe(1)
    await alice.rebases(alice.card(second))
    await slack.waitFor(() => bob.readsCard(second).includes('(revision 2)'), 'revision 2')
    await bob.approves(bob.card(second))
    await slack.waitFor(() => /was applied/.test(bob.card(second).text), 'the outcome')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', description: 'New' })
    expect(stack.takenUpdates()).toBe(2)
  })
})
