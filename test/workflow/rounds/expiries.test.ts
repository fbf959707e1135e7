import { expect, test } from 'vitest'
import type { Settings } from '../../../src/domain/token/token.ts'
import { createWorld } from '../../support/core.ts'
import { settings } from '../../support/world.ts'

const hour = 3600

/** The card of a change for a token that ends in an hour: how often it is drawn again from when it stands. */
async function waiting(asked: { after: Partial<Settings>; before?: string | null }) {
  const { core, chat, clock, proposed } = createWorld()
  const before = settings({ expiresOn: asked.before === undefined ? '2026-06-01T10:00:00.000Z' : asked.before })
  await proposed({ before, after: { ...before, ...asked.after } })
  await core.catchUp.all()
  let drawn = 0
  const { updateCard } = chat.api
  chat.api.updateCard = (...how) => {
    drawn += 1
    return updateCard(...how)
  }
  return {
    drawnIn: async (seconds: number) => {
      drawn = 0
      clock.pass(seconds)
      for (let round = 0; round < 3; round += 1) await core.catchUp.all()
      return drawn
    },
  }
}

test('a card is drawn once more when the token of its change has expired', async () => {
  const { drawnIn } = await waiting({ after: { expiresOn: '2026-06-09' } })
  expect(await drawnIn(60)).toBe(0)
  expect(await drawnIn(hour)).toBe(1)
  expect(await drawnIn(hour)).toBe(0)
})

test('a card says nothing new when a token expires whose expiry stays as it is, or had expired before', async () => {
  expect(await (await waiting({ after: { name: 'ci-release' } })).drawnIn(hour)).toBe(0)
  expect(await (await waiting({ before: '2026-05-01', after: { expiresOn: '2026-06-09' } })).drawnIn(hour)).toBe(0)
  expect(await (await waiting({ before: null, after: { expiresOn: '2026-06-09' } })).drawnIn(hour)).toBe(0)
})
