import { describe, expect, test } from 'vitest'
import { placeAt } from '../support/engine.ts'
import { startWorld } from '../support/journey.ts'

describe('the preview', () => {
  test('it shows before and after, the reason, who is asked and how many must agree', async () => {
    const { alice, whoSees } = await startWorld({ config: { approvals: 2 } })
    const modal = await alice.checks('ci-deploy', { name: 'ci', expiry: 'never', reason: 'Shorter\nand for ever' })
    expect(alice.reads()).toMatch(
      /^Widens: no longer expires\.\nToken: ci-deploy\nStack: Website\nWhat will be written once it is approved\nName: ci-deploy → ci\nExpires: \d{4}-\d\d-\d\d → never\nReason\nShorter\nand for ever\nApprovals\. Rule: approvers\n○ @U0BOB, @U0CAROL: needs 2 approvals$/,
    )
    expect(modal.view.submit?.text).toBe('Send for approval')
    expect(whoSees('and for ever')).toEqual([alice.id])
  })

  test('Back returns to the form as it was filled in, and nothing has been asked', async () => {
    const { alice, bob, audit } = await startWorld()
    await alice.checks('ci-deploy', { name: 'ci', everything: 'read', reason: 'Shorter' })
    expect(alice.modal()?.view.close?.text).toBe('Back')
    await alice.closeModal()
    expect(alice.modal()?.view.callback_id).toBe('edit_form')
    expect(await alice.form()).toMatchObject({ name: 'ci', everything: 'read', reason: 'Shorter' })
    await alice.fillsIn({ name: 'ci-2' })
    await alice.submits()
    expect(alice.reads()).toContain('Name: ci-deploy → ci-2')
    expect(bob.cards()).toEqual([])
    expect(await audit()).toEqual(['app started'])
  })

  test('Send closes every modal, and asks in the channel', async () => {
    const { alice, bob, slack, audit } = await startWorld()
    await alice.checks('ci-deploy', { name: 'preview-reader' })
    const namesake = 'Another token of this stack is already called preview-reader, with the uid blt5c1de0000000a002'
    expect(alice.reads()).toContain(namesake)
    expect(await alice.submits()).toBeUndefined()
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    expect(bob.readsCard(card)).toContain(namesake)
    await bob.says('/token 1')
    expect((await bob.hears())[0]).toContain(namesake)
    expect(card.text).toContain('Change #1 to token ci-deploy on Website by <@U0ALICE> is waiting for 1 approval.')
    expect(await audit()).toEqual(['app started', `${alice.id} proposed`])
  })

  test('what was shown is what is sent: a form that somebody has altered in the database meanwhile is refused', async () => {
    const { alice, bob, config, audit } = await startWorld()
    await alice.checks('ci-deploy', { description: 'only words', reason: 'typo' })
    const { sql } = placeAt(config.database)
    const [{ id, body } = { id: '', body: '' }] = await sql<{ id: string; body: string }>('select id, body from drafts')
    const draft = JSON.parse(body)
    const altered = JSON.stringify({ ...draft, form: { ...draft.form, description: 'other words' } })
    await sql('update drafts set body = ? where id = ?', altered, id)
    await alice.submits()
    expect(alice.reads()).toContain(
      'This form now asks for something other than what was shown here. Nothing was sent.',
    )
    expect(bob.cards()).toEqual([])
    expect((await audit()).some((entry) => entry.includes('proposed'))).toBe(false)
    await sql('update drafts set body = ? where id = ?', body, id)
  })

  test('if too few people besides the requester may approve, it says so and nothing can be sent', async () => {
    const { bob, audit } = await startWorld({ config: { approvers: ['U0BOB', 'U0CAROL'], approvals: 2 } })
    await bob.checks('ci-deploy', { name: 'ci' })
    expect(bob.reads()).toContain("Too few people besides those who ask may approve this, so it can't be sent")
    await bob.submits()
    expect(bob.modal()?.view.callback_id).toBe('refusal')
    expect(bob.reads()).toContain('so nobody could ever approve it. Nothing was sent; ask whoever runs Countersign')
    expect(bob.cards()).toEqual([])
    expect(await audit()).toEqual(['app started', `${bob.id} refused`])
  })

  test('an edit is checked again when it is sent', async () => {
    const { alice, audit, passes } = await startWorld()
    const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    await alice.checks('ci-deploy', { date: soon })
    passes(2 * 86_400)
    await alice.submits()
    expect(alice.reads()).toContain('This can no longer be sent: The token would have expired already')
    await alice.closeModal()
    await alice.closeModal()
    expect((await alice.form()).date).toBe(soon)
    expect(await audit()).toEqual(['app started'])
  })
})
