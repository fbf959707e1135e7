import { describe, expect, test } from 'vitest'
import { startWorld, transports } from '../support/journey.ts'

const uid = 'blt5c1de0000000d001'

/** As long as a token may be that can still be read. */
const longest = {
  uid,
  name: `ci ${'x'.repeat(997)}`,
  description: 'd'.repeat(10_000),
  scope: [
    { module: 'entry', acl: { read: true } },
    { module: 'branch', acl: { read: true }, branches: ['main'] },
    ...Array.from({ length: 198 }, (_, i) => ({ module: `odd-${i}-${'y'.repeat(200)}`, acl: { read: true } })),
  ],
}

describe.each(transports)('what comes from a stack, over %s', (transport) => {
  test('is listed, shown, edited and decided on, when a token is as long as one may be', async () => {
    const world = await startWorld({ transport, stack: { tokens: [longest] } })
    const { alice, bob, slack, stack, logs } = world
    await alice.says('/token list')
    expect((await alice.hears()).at(-1)).toContain('ci xxx')
    await alice.says(`/token show ${uid}`)
    await alice.modalCalled('token_page')
    const card = await alice.asksFor(uid, { 'module.entry': 'write' })
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(uid)?.scope?.[0]).toEqual({ module: 'entry', acl: { read: true, write: true } })
    expect(logs.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test('is refused in words when it is larger or longer than it may be, and what was seen before stays', async () => {
    const { alice, stack } = await startWorld({ transport })
    const troubles = { huge: /larger than 4 MB/, endless: /never comes to an end/ } as const
    for (const [i, reads] of (['huge', 'endless'] as const).entries()) {
      stack.trouble.reads = reads
      await alice.says('/token list')
      const said = (await alice.hears(i + 1)).at(-1)
      expect(said).toMatch(troubles[reads])
      expect(said).toContain('ci-deploy')
    }
  })
})
