import { describe, expect, test } from 'vitest'
import { startWorld } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'
const aliases = [
  { alias: 'live', target: 'main' },
  { alias: 'preview', target: 'development' },
]
const policy = {
  rules: [
    { name: 'main is frozen', when: { touches: ['main'] }, refuse: 'main is frozen until the launch' },
    { name: 'all else', approvers: ['U0BOB', 'U0CAROL'] },
  ],
}

describe('an alias', () => {
  test('is shown with where it points in the form, in the preview and on the card', async () => {
    const { alice, bob, slack } = await startWorld({ stack: { aliases: structuredClone(aliases) } })
    await alice.opens('ci-deploy')
    await alice.looksInto('scope')
    expect(JSON.stringify(slack.see('U0ALICE').modals)).toContain('preview (→ development)')
    await alice.fillsIn({ aliases: ['live', 'preview'], reason: 'The previews need it' })
    await alice.submits()
    expect(alice.reads()).toContain('also names alias preview (→ development, already reached)')
    await alice.submits()
    await slack.waitFor(() => bob.cards().length > 0, 'the card')
    const card = bob.cards()[0]!
    expect(bob.readsCard(card)).toContain('Branch aliases: live (→ main) → live (→ main), preview (→ development)')
    expect(card.text).toContain('also names alias preview (→ development, already reached)')
  })

  test('may not be asked for if its branch may not', async () => {
    const { alice, stack } = await startWorld({
      stack: { aliases: structuredClone(aliases) },
      config: { policy },
    })
    await alice.opens('ci-deploy')
    await alice.fillsIn({ aliases: [], reason: 'Not needed' })
    await alice.submits()
    expect(alice.modal()?.view.callback_id).toBe('refusal')
    expect(alice.reads()).toContain('main is frozen until the launch')
    expect(stack.takenUpdates()).toBe(0)
  })

  test('that is pointed elsewhere stops the waiting change, in words, and a rebase asks for it as it is now', async () => {
    const { alice, bob, slack, stack, passes } = await startWorld({
      stack: { aliases: structuredClone(aliases) },
    })
    const card = await alice.asksFor('ci-deploy', { aliases: ['live', 'preview'] })
    stack.point('preview', 'feature-x')
    passes(61)
    await slack.waitFor(() => bob.readsCard(card).includes('was stopped'), 'the stopped card')
    const words = 'preview points to feature-x now, but pointed to development when this was asked for'
    expect(bob.readsCard(card)).toContain(`${words}, and nothing was overwritten`)
    expect(bob.card(card).text).toContain(words)
    await slack.waitFor(() => alice.dms().some((text) => text.includes(words)), 'the word to Alice')
    await alice.rebases(card)
    await slack.waitFor(() => bob.readsCard(card).includes('(revision 2)'), 'the card of revision 2')
    expect(bob.readsCard(card)).toContain('reaches alias preview (→ feature-x)')
    await bob.approves(bob.card(card))
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.scope).toContainEqual(
      expect.objectContaining({ module: 'branch_alias', branch_aliases: ['live', 'preview'] }),
    )
  })
})
