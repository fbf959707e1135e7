import { expect, test } from 'vitest'
import { createClaim } from '../../../src/workflow/cards/claim.ts'

function world(isFree: boolean) {
  const givenBack: unknown[] = []
  const sent: string[] = []
  const claim = createClaim<string>({
    take: async () => isFree,
    giveBack: async (error) => void givenBack.push(error),
  })
  const send = (answer: string | Error) =>
    claim.leaving(async () => {
      if (answer instanceof Error) throw answer
      sent.push(answer)
      return answer
    })
  return { ...claim, send, sent, givenBack }
}

test('a message belongs to whoever took it, from when it leaves', async () => {
  const { send, isOurs, givenBack } = world(true)
  expect(isOurs()).toBe(false)
  expect(await send('sent')).toBe('sent')
  expect([isOurs(), givenBack]).toEqual([true, []])
})

test('a message that another process sends is not sent here', async () => {
  const { send, isOurs, sent } = world(false)
  expect(await send('sent')).toBe(null)
  expect([isOurs(), sent]).toEqual([false, []])
})

test('a message that did not arrive is given back, with the reason, and belongs to nobody', async () => {
  const { send, isOurs, givenBack } = world(true)
  const failure = new Error('Slack does not answer')
  await expect(send(failure)).rejects.toBe(failure)
  expect([isOurs(), givenBack]).toEqual([false, [failure]])
})
