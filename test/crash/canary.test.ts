import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { freePort } from '../support/port.ts'
import { runCommand } from '../support/process.ts'
import { startProxy } from '../support/proxy.ts'
import { approve, ask, told } from './people.ts'
import { createWorld, slow } from './world.ts'

const planted = {
  auditKey: 'canary-audit-key-of-32-characters',
  proxyPassword: 'canary-proxy-p@ss',
  /** From another app. */
  wrongToken: 'xoxb-1-canary-wrong-token',
}

test(
  'no secret gets out of the real process, whatever goes wrong: not into its logs, database, export, answers, or what it tells Slack',
  slow,
  async (context) => {
    const world = await createWorld(context)
    const { slack, stack, database, until } = world
    const proxy = await startProxy(Object.fromEntries([slack.url, stack.url].map((url) => [new URL(url).host, url])))
    context.onTestFinished(() => proxy.stop())
    const port = await freePort()
    const at = proxy.url.replace('//', `//countersign:${encodeURIComponent(planted.proxyPassword)}@`)
    const env = {
      ...{ HEALTH_PORT: String(port), AUDIT_KEY: planted.auditKey, LOG_LEVEL: 'debug' },
      ...{ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: at, HTTPS_PROXY: at, NO_PROXY: '' },
    }
    const app = await world.start({ env })
    await app.ready
    expect(proxy.passed.length).toBeGreaterThan(3)
    const said: string[] = []
    const answers = async () => {
      for (const path of ['health', 'metrics'])
        said.push(await (await fetch(`http://127.0.0.1:${port}/${path}`)).text())
    }
    await answers()
    await ask(world)
    await until(() => told(world, 'is waiting') > 0, 'the card, and a word to Alice')

    const echo = `${stack.authtoken} ${slack.botToken}`
    stack.trouble.refuseReads = {
      status: 403,
      body: { error_message: `No: ${echo}`, error_code: 901, errors: { a: [echo] } },
    }
    slack.trouble.inPlace = { 'chat.update': 'html', 'users.info': 'html' }
    for (const text of ['/token list', '/token show ci-deploy', '/token edit never-seen'])
      await slack.as('U0ALICE').command(text)
    await answers()
    slack.trouble.inPlace = {}
    slack.trouble.fail = { 'views.open': 'invalid_auth', 'chat.postMessage': 'account_inactive' }
    await slack.as('U0ALICE').command('/token')
    await slack.as('U0BOB').openHome()
    await answers()
    slack.trouble.fail = {}
    stack.trouble.refuseReads = null
    stack.trouble.refuse = { status: 422, body: { error_message: echo, error_code: 141 } }
    world.passTime()
    await approve(world)
    await app.says(/"event":"apply_refused"/)
    stack.trouble.refuse = null
    proxy.hangUp()
    slack.dropSockets()
    await app.says(/No connection to Slack/)
    await answers()
    const { stdout, stderr } = app
    await app.kill()
    const stored = Object.fromEntries(
      ['', '-wal'].map((end) => [`the database${end}`, readFileSync(`${database}${end}`, 'latin1')]),
    )

    const shared = { ...world.env, AUDIT_KEY: planted.auditKey }
    // The last two, and so the doctor, fail, each in its own way.
    const wrongToken = { SLACK_BOT_TOKEN: planted.wrongToken }
    const wrongProxy = { HTTP_PROXY: `socks5://u:${planted.proxyPassword}@127.0.0.1:1` }
    const commands: [string[], Record<string, string>][] = [
      [['audit', 'export'], {}],
      [['change', 'show', '1'], {}],
      [['doctor', '--json'], { ...env, ...wrongToken }],
      [['start'], wrongToken],
      [['start'], { ...env, ...wrongProxy }],
    ]
    for (const [args, own] of commands) said.push(await everythingOf(args, { ...shared, ...own }))

    const places: Record<string, string> = {
      ...{ 'standard output': stdout, 'standard error': stderr, 'what commands and ports said': said.join('\n') },
      ...stored,
      'what was sent to Slack': JSON.stringify(slack.calls.map(({ method, args }) => [method, args])),
      'what Slack was answered': JSON.stringify(slack.deliveries.map(({ ackBody }) => ackBody ?? null)),
      'what people see': JSON.stringify(['U0ALICE', 'U0BOB'].map((id) => slack.see(id))),
    }
    const { botToken, appToken, signingSecret } = slack
    const basic = Buffer.from(`countersign:${planted.proxyPassword}`).toString('base64')
    const secrets = [
      botToken,
      appToken,
      signingSecret,
      stack.authtoken,
      ...Object.values(planted),
      basic,
      encodeURIComponent(planted.proxyPassword),
    ]
    for (const [place, text] of Object.entries(places))
      for (const secret of secrets) expect(text.includes(secret), `${secret} is in ${place}`).toBe(false)

    const lines = stdout.trim().split('\n')
    expect(lines.filter((line) => Buffer.byteLength(line) > 2048)).toEqual([])
    const events = lines.map((line) => JSON.parse(line)).filter(({ change, event }) => change === 1 && event)
    expect(events.map(({ event }) => event).slice(0, 4)).toEqual([
      'proposed',
      'approved',
      'apply_started',
      'write_answered',
    ])
  },
)

/** Everything that a command says, on both outputs. */
async function everythingOf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { out, err } = await runCommand(args, env)
  expect(`${out}${err}`.length, args.join(' ')).toBeGreaterThan(0)
  return `${out}\n${err}`
}
