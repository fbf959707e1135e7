import { expect, test } from 'vitest'
import { errorsOf } from '../slack/calls/documented-errors.ts'
import { lock } from '../support/engine.ts'
import { startWorld, type Transport, transports } from '../support/journey.ts'
import { freePort } from '../support/port.ts'

type Health = {
  readonly status: string
  readonly slack: { readonly why: string | null }
  readonly stacks: readonly { readonly name: string; readonly failed: boolean; readonly why: string | null }[]
}

async function startWatched(transport: Transport = 'socket') {
  const port = await freePort()
  const world = await startWorld({ transport, env: { HEALTH_PORT: String(port) } })
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`)
    return { code: answer.status, ...((await answer.json()) as Health) }
  }
  const errors = () =>
    world.logs.filter((line) => line.includes('"level":50') && line.includes('does not let the app in'))
  const lines = (level: number, text: string) =>
    world.logs.filter((line) => line.includes(`"level":${level}`) && line.includes(text))
  const turns = (code: number) => world.until(`health to answer ${code}`, async () => (await health()).code === code)
  return { ...world, health, errors, lines, turns }
}

test('a revoked bot token is one error in the log and 503 with its reason, until Slack takes the token again', async () => {
  const { alice, slack, health, errors, turns, logs, until } = await startWatched()
  expect((await health()).code).toBe(200)
  slack.trouble.revoked = true
  await alice.says('/token list')
  const [said] = await alice.hears()
  expect(said).toMatch(/does not accept the app's token.*\(token_revoked\).*Tell whoever runs Countersign\.$/)
  await turns(503)
  expect(await health()).toMatchObject({
    status: 'not accepted by Slack',
    slack: { why: 'the bot token in SLACK_BOT_TOKEN is not accepted (token_revoked)' },
  })
  await alice.says('/token list')
  expect(errors()).toHaveLength(1)
  slack.trouble.revoked = false
  await turns(200)
  await until(
    'one line that it works again',
    () => logs.filter((line) => line.includes('lets the app in again')).length === 1,
  )
  expect(errors()).toHaveLength(1)
})

/** Each call that the app makes with its bot token. */
function everyCall(error: string): Record<string, string> {
  const methods = Object.keys(errorsOf).filter((method) => !method.startsWith('apps.'))
  return Object.fromEntries(methods.map((method) => [method, error]))
}

test('a lasting no to every call is one error and 503 with its reason, whatever else Slack says, until a call works', async () => {
  const { alice, slack, health, errors, lines, turns, passes, until } = await startWatched()
  slack.trouble.fail = everyCall('two_factor_setup_required')
  passes(300)
  await turns(503)
  const shut = { status: 'not accepted by Slack', slack: { why: expect.stringMatching(/two_factor_setup_required/) } }
  expect(await health()).toMatchObject(shut)
  await alice.says('/token list')
  for (const outage of ['internal_error', 'org_login_required']) {
    slack.trouble.fail = everyCall(outage)
    const asked = () => slack.calls.filter(({ answer }) => JSON.stringify(answer).includes(outage)).length
    await until(`answers of ${outage}`, () => asked() > 1)
    expect(await health()).toMatchObject({ code: 503, ...shut })
  }
  slack.trouble.fail = {}
  await turns(200)
  expect([errors().length, lines(30, 'lets the app in again').length]).toEqual([1, 1])
})

test('a scope that one method lacks is one error and 503, though other calls work', async () => {
  const { alice, slack, health, errors, lines, turns, passes } = await startWatched()
  slack.scopes.delete('users:read')
  await alice.says('/token list')
  await turns(503)
  const lacking = 'the Slack app lacks the scope users:read for users.info (missing_scope)'
  expect(await health()).toMatchObject({ status: 'not accepted by Slack', slack: { why: lacking } })
  passes(120)
  await alice.says('/token list')
  slack.scopes.add('users:read')
  passes(120)
  await alice.says('/token list')
  await turns(200)
  expect([errors().length, lines(30, 'lets the app in again').length]).toEqual([1, 1])
})

test('a bot token that is revoked while changes are under way is one error, and not one for each step and try', async () => {
  const { alice, bob, slack, stack, turns, logs, passes, until } = await startWatched()
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await alice.sends('preview-reader', { name: 'reader' })
  await slack.waitFor(() => bob.cards().length === 2, 'both cards')
  const refused = () => slack.calls.filter(({ answer }) => JSON.stringify(answer).includes('token_revoked'))
  slack.trouble.held = ['chat.update']
  await bob.approves(card)
  await slack.waitFor(() => stack.takenUpdates() === 1, 'the update')
  slack.trouble.revoked = true
  slack.trouble.held = []
  await turns(503)
  const methods = ['chat.update', 'chat.postMessage']
  await until('two tries of each', () => {
    passes(1)
    return methods.every((method) => refused().filter((call) => call.method === method).length > 2)
  })
  const errors = logs.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
  expect(errors.map(({ msg }) => msg)).toEqual([expect.stringContaining('does not let the app in')])
})

test.each(['invalid_auth', 'account_inactive', 'token_expired'])(
  'a Slack that says %s to every call is one error and 503, even if nobody does anything, until it says yes again',
  async (error) => {
    const { slack, health, errors, lines, turns, passes } = await startWatched()
    slack.trouble.fail = everyCall(error)
    passes(300)
    await turns(503)
    const why = `the bot token in SLACK_BOT_TOKEN is not accepted (${error})`
    expect(await health()).toMatchObject({ status: 'not accepted by Slack', slack: { why } })
    slack.trouble.fail = {}
    await turns(200)
    expect([errors().length, lines(30, 'lets the app in again').length]).toEqual([1, 1])
  },
)

test('a log that cannot be written is one error and 503 within a minute, even if nobody does anything, until it can be', async () => {
  const { health, lines, turns, passes, config, until } = await startWatched()
  const unlock = await lock(config.database)
  passes(60)
  await turns(503)
  const why = 'another program keeps the database locked'
  expect(await health()).toMatchObject({ status: 'read-only', log: { writable: false, why } })
  await unlock()
  await turns(200)
  await until('one line', () => lines(30, 'The audit log can be written again').length === 1)
  expect(lines(50, "The audit log can't be written")).toHaveLength(1)
})

test('a stack that says 403, and repeats the authtoken in its answer, is 503 without the authtoken', async () => {
  const { stack, health, errors, turns, passes, env } = await startWatched()
  const words = `Access denied to ${stack.authtoken}, xoxb-1-EXAMPLE and ${env.SLACK_APP_TOKEN}`
  stack.trouble.refuseReads = { status: 403, body: { error_message: words, error_code: 901, errors: {} } }
  passes(300)
  await turns(503)
  const body = await health()
  expect(body).toMatchObject({ status: 'not accepted by Contentstack', stacks: [{ failed: true }] })
  expect(body.stacks[0]?.why).not.toBeNull()
  for (const secret of [stack.authtoken, 'xoxb-1-EXAMPLE', env.SLACK_APP_TOKEN!])
    expect(JSON.stringify(body)).not.toContain(secret)
  expect(errors()).toHaveLength(1)
})

test('an app-level token that is revoked is one error that names it, and 503 with what to do', async () => {
  const { slack, health, lines, turns, until, passes } = await startWatched()
  slack.trouble.fail = { 'apps.connections.open': 'token_revoked' }
  slack.dropSockets()
  await until('the reason', async () => (await health()).slack.why?.includes('SLACK_APP_TOKEN') ?? false)
  const why = expect.stringMatching(/ \(token_revoked\): check SLACK_APP_TOKEN\./)
  expect(await health()).toMatchObject({ code: 200, slack: { why } })
  passes(15)
  await turns(503)
  expect(await health()).toMatchObject({ status: 'not listening', slack: { why } })
  expect(lines(50, 'SLACK_APP_TOKEN')).toHaveLength(1)
})

test.each(transports)(
  'a Slack that answers no call is one error and 503, though its connections stand, until it answers again: over %s',
  async (transport) => {
    const { slack, health, lines, turns, passes, until } = await startWatched(transport)
    slack.trouble.down = true
    passes(300)
    await turns(503)
    expect(await health()).toMatchObject({
      status: 'no answer from Slack',
      slack: {
        listening: true,
        why: expect.stringMatching(/^Slack gave no answer to auth\.test: 127\.0\.0\.1:\d+ answered/),
      },
    })
    slack.trouble.down = false
    await turns(200)
    await until('one line', () => lines(30, 'Slack answers again').length === 1)
    expect(lines(50, "Slack can't be reached")).toHaveLength(1)
  },
)

test.each(transports)(
  'while Slack answers no call, a command is answered in its ack, and who pressed a button hears once it answers again: over %s',
  async (transport) => {
    const { alice, bob, slack, store, lines, turns, passes, until } = await startWatched(transport)
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    slack.trouble.down = true
    passes(300)
    await turns(503)
    const refused = 'Slack could not say whether you may use Countersign, so nothing was done. Try again in a minute.'
    await alice.says('/token list')
    expect(await alice.hears()).toEqual([refused])
    await bob.approves(card)
    const kept = 'What U0BOB did (approve 1:1) was refused, so nothing was done, but they could not be told'
    await until('the log to say so', () => lines(30, kept).length === 1)
    expect(bob.dms()).toEqual([])
    slack.trouble.down = false
    await turns(200)
    await until('the word to Bob', () => {
      passes(5)
      return bob.dms().length > 0
    })
    expect(bob.dms()).toEqual([expect.stringMatching(/^What you did .* \(Approve on change #1\): /)])
    expect(bob.dms()[0]).toContain(refused)
    expect((await store.get(1)).change.status).toBe('pending')
  },
)

test('an ended authtoken is one error in the log and 503 with its reason, until Contentstack takes it again', async () => {
  const { alice, stack, health, errors, turns, passes, logs, until } = await startWatched()
  await alice.opensHome()
  stack.trouble.refuseReads = { status: 401, body: { error_message: 'You are not logged in.', error_code: 105 } }
  await alice.opens('ci-deploy')
  await turns(503)
  const { status, stacks } = await health()
  expect([status, stacks]).toMatchObject([
    'not accepted by Contentstack',
    [{ failed: true, why: 'the authtoken in CONTENTSTACK_AUTHTOKEN is not accepted' }],
  ])
  await until('Home to say why', () =>
    alice
      .readsHome()
      .includes('does not let Countersign in, since the authtoken in CONTENTSTACK_AUTHTOKEN is not accepted'),
  )
  passes(120)
  await alice.opens('ci-deploy')
  expect(alice.reads()).toContain(
    'Contentstack does not let Countersign in (the authtoken in CONTENTSTACK_AUTHTOKEN is not accepted): whoever runs Countersign has to fix that.',
  )
  expect(errors()).toHaveLength(1)
  stack.trouble.refuseReads = null
  passes(120)
  await turns(200)
  expect(logs.filter((line) => line.includes('lets the app in again'))).toHaveLength(1)
})

test('an authtoken that ends right before an update fails no approved change: it waits, whoever runs the app hears the reason, and it is applied once', async () => {
  const { alice, bob, slack, stack, lines, passes, audit, until } = await startWatched()
  stack.trouble.refuse = { status: 401, body: { error_message: 'You are not logged in.', error_code: 105 } }
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await bob.approves(card)
  await slack.waitFor(() => bob.readsCard(card).includes('is approved but not applied yet'), 'the card to say so')
  expect(bob.readsCard(card)).toMatch(
    /did not accept the authtoken for this update: an operator must log in .*You are not logged in/,
  )
  const errors = () => lines(50, 'The apply of change #1 has to be tried again')
  await slack.waitFor(() => errors().length === 1, 'an error')
  expect(errors()[0]).toContain('CONTENTSTACK_AUTHTOKEN')
  passes(11)
  await until(
    'a second try',
    async () => (await audit(1)).filter((entry) => entry === 'app apply_interrupted').length === 2,
  )
  expect(errors()).toHaveLength(1)
  stack.trouble.refuse = null
  passes(31)
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  expect(stack.takenUpdates()).toBe(1)
  expect((await audit(1)).slice(2)).toEqual([
    'app apply_started',
    'app write_answered',
    'app apply_interrupted',
    'app apply_started',
    'app write_answered',
    'app apply_interrupted',
    'app apply_started',
    'app write_answered',
    'app applied',
  ])
})

test('an outage while nobody wanted anything is known within five minutes, and so is its end', async () => {
  const { slack, stack, health, errors, turns, passes, until } = await startWatched()
  slack.trouble.revoked = true
  stack.trouble.refuseReads = { status: 401, body: { error_message: 'You are not logged in.', error_code: 105 } }
  passes(300)
  await until('an error for each', () => errors().length === 2)
  const { code, slack: ofSlack, stacks } = await health()
  expect([code, ofSlack.why, stacks[0]?.why]).toEqual([
    503,
    'the bot token in SLACK_BOT_TOKEN is not accepted (token_revoked)',
    'the authtoken in CONTENTSTACK_AUTHTOKEN is not accepted',
  ])
  slack.trouble.revoked = false
  stack.trouble.refuseReads = null
  passes(300)
  await turns(200)
  expect(errors()).toHaveLength(2)
})

test('a form that opens while the stack is down says that it shows the last look, and Home says so too', async () => {
  const { alice, stack, slack, health, lines, passes, until } = await startWatched()
  await alice.opensHome()
  stack.trouble.down = true
  await alice.opens('ci-deploy')
  const warned = () =>
    JSON.stringify(alice.modal()?.view.blocks).includes(
      'The last look at all of this stack failed. This is the token as it was last seen',
    )
  await slack.waitFor(warned, 'the form to say so', 20_000)
  const when = /This is the token as it was last seen \(\d{4}-\d\d-\d\d \d\d:\d\d UTC or later\)/
  expect(alice.reads()).toMatch(when)
  await alice.fillsIn({ name: 'ci', reason: 'Shorter' })
  expect(alice.reads(), 'with a group open').toMatch(when)
  await alice.submits()
  expect(alice.modal()?.view.callback_id).toBe('preview')
  expect(alice.reads()).toMatch(when)
  await until('a warning', () => lines(40, 'could not be looked at again while its form was open').length === 1)
  await slack.waitFor(() => JSON.stringify(alice.home()).includes("can't be looked at"), 'Home to say so', 20_000)
  expect(await health()).toMatchObject({ code: 200, stacks: [{ name: 'website', failed: true }] })
  stack.trouble.down = false
  passes(120)
  await slack.waitFor(
    () => JSON.stringify(alice.home()).includes('can be reached'),
    'Home to say that it is over',
    20_000,
  )
})

test('a stack that cannot be looked at is one warning with its host and the reason, and one line when it can again', async () => {
  const { stack, health, errors, lines, passes, until } = await startWatched()
  const { host } = new URL(stack.url)
  const page = '<html>Access denied by the firewall</html>'
  const answers = [
    [{ status: 400, body: { error_message: 'Not today', error_code: 900 } }, /refused to show the tokens.*Not today/],
    [{ status: 403, body: page }, /something between Countersign and Contentstack.*status 403/],
    [{ status: 404, body: page }, /something between Countersign and Contentstack.*status 404/],
    [{ status: 200, body: page }, /its answer is not JSON/],
    [{ status: 200, body: {} }, /its answer can't be read/],
  ] as const
  for (const [at, [answer, why]] of answers.entries()) {
    stack.trouble.refuseReads = answer
    passes(300)
    await until(`warning ${at}`, async () => lines(40, "can't be looked at").length > at)
    expect(await health()).toMatchObject({
      code: 200,
      stacks: [{ name: 'website', failed: true, why: expect.stringMatching(why) }],
    })
    stack.trouble.refuseReads = null
    passes(120)
    await until(`the end of ${at}`, async () => lines(30, 'can be looked at again').length > at)
    expect((await health()).stacks).toMatchObject([{ failed: false, why: null }])
  }
  const warnings = lines(40, "can't be looked at").map((line) => JSON.parse(line))
  expect(warnings).toEqual(
    answers.map(([, why]) => expect.objectContaining({ stack: 'website', host, why: expect.stringMatching(why) })),
  )
  expect([lines(30, 'can be looked at again').length, errors()]).toEqual([answers.length, []])
})

test('a form that opens does not report a stack as back if its lists fail while single tokens can be read', async () => {
  const { alice, stack, health, lines, passes, until } = await startWatched()
  await until('the first look', async () => (await health()).stacks[0]?.failed === false)
  stack.trouble.reads = 'endless'
  for (let i = 0; i < 2; i += 1) {
    passes(120)
    await alice.says('/token list')
    await until('the trouble', async () => (await health()).stacks[0]?.failed === true)
    const asked = () => stack.requests.filter(({ path }) => /management_tokens\/./.test(path)).length
    const before = asked()
    await alice.opens('ci-deploy')
    await until('the look at the token', async () => asked() > before)
    await alice.closeModal()
  }
  expect(await alice.opensHome()).toContain("can't be looked at")
  expect((await health()).stacks).toMatchObject([{ failed: true, why: expect.stringContaining('comes to an end') }])
  expect([lines(40, "can't be looked at").length, lines(30, 'can be looked at again').length]).toEqual([1, 0])
  stack.trouble.reads = 'ok'
  passes(120)
  await until('one line', async () => lines(30, 'can be looked at again').length === 1)
  expect((await health()).stacks).toMatchObject([{ failed: false, why: null }])
})

test('a stack that lists neither branches nor aliases can still be edited, and its form says what cannot be offered', async () => {
  const { alice, bob, stack, slack, passes, until, store } = await startWatched()
  const refused = (error_message: string) => ({ status: 422, body: { error_message, error_code: 900 } })
  stack.trouble.refuseLists = { branches: refused('No such right'), branch_aliases: refused('No such plan') }
  passes(120)
  await alice.says('/token list')
  await until('the look', async () => (await store.knownFacts('website'))?.unlisted?.aliases !== undefined)
  await alice.opens('preview-reader')
  await alice.looksInto('scope')
  const form = JSON.stringify(alice.modal()?.view.blocks)
  expect(form).toContain('did not list the branches of this stack (No such right')
  expect(form).toContain('did not list the branch aliases of this stack (No such plan')
  await alice.closeModal()
  const card = await alice.asksFor('preview-reader', { name: 'preview-robot' })
  await bob.approves(card)
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome', 20_000)
  expect(stack.tokens().some(({ name }) => name === 'preview-robot')).toBe(true)
})

test('a stack with an unreadable branch and no list of aliases can still be edited as far as possible', async () => {
  const { alice, bob, stack, slack, health, lines, passes, until, store } = await startWatched()
  stack.trouble.oddStack = { name: null }
  stack.trouble.refuseLists = {
    branches: { status: 200, body: { branches: [{ uid: 'main' }, { name: 'odd' }, { uid: 'feature-x' }] } },
    branch_aliases: { status: 200, body: { branch_aliases: null } },
  }
  passes(120)
  await alice.says('/token list')
  await until('the look', async () => (await store.knownFacts('website'))?.unread?.branches !== undefined)
  expect((await health()).stacks).toMatchObject([{ failed: false, why: null }])
  await alice.opens('preview-reader')
  await alice.looksInto('scope')
  expect(alice.reads()).toMatch(/The stack lists a branch that can't be read \(uid: .*add it in Contentstack/)
  expect(alice.reads()).toMatch(/did not list the branch aliases of this stack \(its answer can't be read/)
  await alice.closeModal()
  const card = await alice.asksFor('preview-reader', { branches: ['feature-x'] })
  await bob.approves(card)
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome', 20_000)
  expect(lines(40, "can't be looked at")).toEqual([])
})

test("a proxy's page in Slack's place is reported in a short sentence, with more in the log, and never quoted, to nobody and in no log", async () => {
  const { alice, slack, store, logs, passes, lines, until, health } = await startWatched()
  slack.trouble.inPlace = { 'users.info': 'html' }
  await alice.says('/token list')
  const [said] = await alice.hears()
  expect(said).toBe('Slack could not say whether you may use Countersign, so nothing was done. Try again in a minute.')
  const refused = (await store.events()).flatMap(({ event }) => (event.type === 'refused' ? [event.why] : []))
  expect(refused).toEqual([
    expect.stringMatching(
      /\(Slack gave no answer to users\.info: 127\.0\.0\.1:\d+ answered with something that is not JSON .*\), so nothing/,
    ),
  ])
  passes(300)
  await until('a warning', () => lines(40, 'Slack gave no answer to users.info').length === 1)
  expect(lines(40, 'users.info')[0]).toMatch(/127\.0\.0\.1:\d+ answered with something that is not JSON/)
  expect(await health()).toMatchObject({ code: 200, status: 'ok' })
  expect(JSON.stringify(logs) + said).not.toMatch(/DOCTYPE|Please sign in/)
  slack.trouble.inPlace = {}
  await alice.says('/token list')
  expect((await alice.hears(2))[1]).toContain('under governance')
  expect(slack.calls.some(({ method }) => method === 'users.info')).toBe(true)
})
