import { describe, expect, test } from 'vitest'
import { writtenBy } from '../support/engine.ts'
import { startWorld, type World } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'

/**
 * Everything that the app has written or shown anywhere, as text; `master_key` is a secret in the stack's own answers.
 */
async function everythingFrom(world: World): Promise<Record<string, string>> {
  const { logs, slack } = world
  const people = ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0MALLORY'].map((id) => slack.see(id))
  return {
    ...(await writtenBy(world)),
    'the log': logs.join(''),
    'what was sent to Slack': JSON.stringify(slack.calls.map(({ method, args }) => [method, args])),
    'what Slack was answered': JSON.stringify(slack.deliveries.map(({ ackBody }) => ackBody ?? null)),
    'what people see': JSON.stringify(people),
  }
}

async function expectNoSecrets(world: World): Promise<void> {
  const { botToken, appToken, signingSecret } = world.slack
  const secrets = [botToken, appToken, signingSecret, world.stack.authtoken, 'cs-EXAMPLE-MASTER-KEY']
  for (const [where, text] of Object.entries(await everythingFrom(world))) {
    expect(text.length, where).toBeGreaterThan(0)
    for (const secret of secrets) expect(text.includes(secret), `${secret} is in ${where}`).toBe(false)
  }
}

describe('secrets', () => {
  test('a whole journey leaves none of them anywhere', async () => {
    const world = await startWorld()
    const { alice, bob, slack } = world
    await alice.says('/token list')
    await alice.says('/token show ci-deploy')
    await alice.modalCalled('token_page')
    await alice.closeModal()
    await alice.says('/token history ci-deploy')
    await alice.opensHome()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word to Alice')
    await expectNoSecrets(world)
  })

  test('a stack that repeats the authtoken in its refusals does not spread it', async () => {
    const world = await startWorld()
    const { alice, bob, slack, stack } = world
    const mean = {
      error_message: `Bad authtoken ${stack.authtoken}`,
      error_code: 141,
      errors: { a: [stack.authtoken] },
    }
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    stack.trouble.refuse = { status: 422, body: mean }
    await bob.approves(card)
    await slack.waitFor(() => alice.dms()[1]?.includes('failed'), 'the word to Alice')
    stack.trouble.refuseReads = { status: 403, body: mean }
    await alice.says('/token list')
    await alice.says('/token show ci-deploy')
    await alice.modalCalled('token_page')
    await world.until('what could not be seen', () => alice.reads().includes('may be out of date'))
    await alice.closeModal()
    await alice.says('/token edit never-seen')
    await alice.modalCalled('pick_form')
    await expectNoSecrets(world)
  })

  test('failures on both sides put none of them into the log, nor into messages to people', async () => {
    const world = await startWorld({ timing: { write_timeout: 0.4, lease: 30 } })
    const { alice, bob, slack, stack, until, passes, logs } = world
    const failures = () => logs.filter((line) => line.includes('has to be tried again')).length
    slack.trouble.loseAnswers = ['chat.postMessage']
    await alice.sends('ci-deploy', { name: 'ci' })
    await until('both posts to fail', () => failures() === 2)
    slack.trouble.loseAnswers = []
    passes(120)
    const card = await slack.waitFor(() => alice.dms().length === 2 && bob.cards()[1], 'the second card')

    slack.trouble.inPlace = { response_url: 'html' }
    for (const person of [alice, bob]) await person.says('/token help')
    await alice.openHome()
    await until('an error', () => logs.some((line) => line.includes('"msg":"error')))
    slack.trouble.inPlace = {}
    slack.trouble.down = true
    stack.trouble.updates = 'take, then close the socket'
    const before = failures()
    await bob.approves(card)
    await until('the card and the message to fail', () => failures() > before + 1)
    slack.trouble.down = false
    slack.trouble.fail = { 'chat.update': 'internal_error', 'views.open': 'fatal_error' }
    await until('the card to fail again', () => {
      passes(60)
      return slack.calls.some(({ answer }) => answer?.error === 'internal_error')
    })
    await alice.says('/token')
    await alice.hears()
    slack.trouble.fail = {}
    await until('the card to be repaired', () => {
      passes(60)
      return /was applied/.test(bob.card(card).text)
    })
    expect(stack.token(ciDeploy)?.name).toBe('ci')
    await expectNoSecrets(world)
  })
})
