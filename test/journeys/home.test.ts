import { describe, expect, test } from 'vitest'
import { startWorld, transports } from '../support/journey.ts'

describe.each(transports)('App Home over %s', (transport) => {
  test('it shows everyone what waits for them, what they asked for, and nothing that has ended', async () => {
    const { alice, bob, carol, slack } = await startWorld({ transport, config: { approvals: 2 } })
    const empty = await alice.opensHome()
    expect(empty).toContain('Edit a token')
    expect(empty).toContain('Nothing is waiting for you.')
    expect(empty).toContain('You have no open changes.')
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const link = `[Open the card](${slack.url}/archives/C0APPROVALS/p${card.ts.replace('.', '')})`
    const line = (state: string) => `#1 ci-deploy on Website: Name. It is waiting for ${state}. ${link}`
    expect(await alice.opensHome()).toContain(`Your open changes\n${line('2 approvals')}`)
    expect(alice.home()).not.toBeNull()
    expect(await bob.opensHome()).toContain(`Changes waiting for you\n${line('2 approvals')}`)

    await bob.approves(card)
    expect(await bob.opensHome()).toContain('Nothing is waiting for you.')
    expect(await carol.opensHome()).toContain(`Changes waiting for you\n${line('1 more approval')}`)

    await alice.cancels(card)
    for (const person of [alice, carol]) expect(await person.opensHome()).not.toContain('#1')
  })

  test('people who may not decide see that nothing waits for them', async () => {
    const { alice, mallory } = await startWorld({ transport })
    await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(await mallory.opensHome()).not.toContain('#1')
  })
})
