import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { loadAudit, loadConfig, loadPolicies, loadTerminal, surveySettings } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/secrets.ts'
import { ConfigProblems } from '../../src/config/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-mistaken-'))
afterAll(() => rmSync(folder, { recursive: true }))

const settings = join(folder, 'countersign.yaml')
const stack = '{ name: website, api_key: blt1, region: eu, approvers: [U0BOB], authtoken_env: SHOP_AUTHTOKEN }'
writeFileSync(settings, `channel: C0APPROVALS\nstacks: [${stack}]\nanchors: { webhook_env: ANCHORS }\n`)

const hex = '0123456789abcdef0123456789abcdef'
const right = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-q',
  SLACK_APP_TOKEN: 'xapp-1-A-2-q',
  SHOP_AUTHTOKEN: 'blt0123456789abcdef',
  ANCHORS: 'https://collector.example/x',
  AUDIT_KEY: hex,
  COUNTERSIGN_CONFIG: settings,
}
const overHttp = { SLACK_APP_TOKEN: undefined, PORT: '3000' }

function problemsIn(read: () => unknown): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
}

const problemsOf = (env: Environment) => problemsIn(() => loadConfig({ ...right, ...env }))

test('values that are in their places are taken', () => {
  expect(problemsOf({})).toEqual([])
  expect(problemsOf({ ...overHttp, SLACK_SIGNING_SECRET: hex })).toEqual([])
})

test('every placeholder of .env.example is refused, each with what belongs there', () => {
  const given = parseEnv(readFileSync('.env.example', 'utf8'))
  const filled = Object.entries(given).filter(([name, value]) => value && name !== 'COUNTERSIGN_CONFIG')
  expect(filled.map(([name]) => name).toSorted()).toEqual(['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'])
  expect(problemsOf({ ...right, ...given, COUNTERSIGN_CONFIG: settings })).toEqual([
    'SLACK_BOT_TOKEN still has a placeholder: put the "Bot User OAuth Token" (xoxb-…) of your Slack app there.',
    'SLACK_APP_TOKEN still has a placeholder: put an app-level token (xapp-…) with connections:write there.',
  ])
})

test.each([
  'xoxb-',
  'xoxb',
  'xoxb-…',
  'xoxb-...',
  'xoxb-xxxxxxxxxxxx-xxxx',
  'xoxb-your-token',
  'your_bot_token_here',
  'change me',
  'CHANGEME',
  'please-change-me',
  'replace-me',
  '<bot token>',
  '$' + '{SLACK_BOT_TOKEN}',
  '{{ slack_bot_token }}',
  'TODO',
  'placeholder',
])('%s is a placeholder, in whatever place', (placeholder) => {
  const names = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SHOP_AUTHTOKEN', 'AUDIT_KEY', 'ANCHORS'] as const
  const wrong = problemsOf(Object.fromEntries(names.map((name) => [name, placeholder])))
  expect(wrong.map((problem) => problem.split(':')[0]).toSorted()).toEqual(
    names.map((name) => `${name} still has a placeholder`).toSorted(),
  )
  expect(problemsOf({ ...overHttp, SLACK_SIGNING_SECRET: placeholder })).toEqual([
    'SLACK_SIGNING_SECRET still has a placeholder: put the "Signing Secret" under "Basic Information" of your Slack app there.',
  ])
})

test.each([
  ['SLACK_BOT_TOKEN', 'xapp-1-A-2-q', 'holds an app-level token (xapp-…), which belongs in SLACK_APP_TOKEN: put the'],
  ['SLACK_BOT_TOKEN', 'xoxp-1-2-q', 'holds the token of a person (xoxp-…), which Countersign never uses: put the "Bot'],
  [
    'SLACK_BOT_TOKEN',
    'xoxe.xoxb-1-q',
    'holds a Slack token of another kind, which Countersign never uses: put the "Bot',
  ],
  ['SLACK_BOT_TOKEN', hex, 'holds what looks like a signing secret, which belongs in SLACK_SIGNING_SECRET: put the'],
  ['SLACK_BOT_TOKEN', 'blt0123456789abcdef', "holds what looks like Contentstack's, not Slack's: put the"],
  ['SLACK_BOT_TOKEN', 'sesame', 'does not begin with xoxb-: put the "Bot User OAuth Token" (xoxb-…) of your Slack app'],
  ['SLACK_APP_TOKEN', 'xoxb-1-2-q', 'holds a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN: put an app-level'],
  ['SLACK_APP_TOKEN', 'xoxp-1-2-q', 'holds the token of a person (xoxp-…), which Countersign never uses: put an'],
  ['SLACK_APP_TOKEN', hex, 'holds what looks like a signing secret, which belongs in SLACK_SIGNING_SECRET: put an'],
  [
    'SLACK_APP_TOKEN',
    'sesame',
    'does not begin with xapp-: put an app-level token (xapp-…) with connections:write there.',
  ],
  [
    'SHOP_AUTHTOKEN',
    'xoxb-1-2-q',
    'holds a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN: put the authtoken of a',
  ],
  [
    'SHOP_AUTHTOKEN',
    'cs0123456789abcdef0123',
    'holds what looks like a management token, which Countersign never uses: put the',
  ],
  ['AUDIT_KEY', `xoxb-${hex}`, 'holds a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN: put a key of your own'],
  ['AUDIT_KEY', `xapp-${hex}`, 'holds an app-level token (xapp-…), which belongs in SLACK_APP_TOKEN: put a key of'],
])('%s with %s is refused: it %s', (name, value, words) => {
  const problems = problemsOf({ [name]: value })
  expect(problems).toEqual([expect.stringContaining(`${name} ${words}`)])
  expect(problems.join()).not.toContain(value)
})

test('a token in the place of the signing secret is refused', () => {
  const wrong = problemsOf({ ...overHttp, SLACK_SIGNING_SECRET: 'xoxb-1-2-q' })
  expect(wrong).toEqual([
    expect.stringMatching(/^SLACK_SIGNING_SECRET holds a bot token .*: put the "Signing Secret" /),
  ])
})

test.each([
  ['"xoxb-1-2-q"', 'quotes'],
  ["'xoxb-1-2-q'", 'quotes'],
  ['“xoxb-1-2-q”', 'quotes'],
  [' xoxb-1-2-q', 'spaces'],
  ['xoxb-1-2-q\t', 'spaces'],
])('quotes or spaces around a value are reported, and nothing else about it: %j', (value, around) => {
  expect(problemsOf({ SLACK_BOT_TOKEN: value })).toEqual([
    `SLACK_BOT_TOKEN has ${around} around its value, which count as part of it: take them off.`,
  ])
})

test('quotes or spaces around a path, a port or a level are reported, instead of what they lead to', () => {
  const wrong = {
    COUNTERSIGN_CONFIG: `"${settings}"`,
    COUNTERSIGN_DB: 'a.db ',
    HEALTH_PORT: "'80'",
    LOG_LEVEL: ' info',
  }
  expect(problemsOf(wrong).toSorted()).toEqual([
    'COUNTERSIGN_CONFIG has quotes around its value, which count as part of it: take them off.',
    'COUNTERSIGN_DB has spaces around its value, which count as part of it: take them off.',
    'HEALTH_PORT has quotes around its value, which count as part of it: take them off.',
    'LOG_LEVEL has spaces around its value, which count as part of it: take them off.',
  ])
})

test('a line break at the end of a secret, as files and other programs leave one, is not part of it', () => {
  expect(loadConfig({ ...right, SLACK_BOT_TOKEN: 'xoxb-1-2-q\r\n' }).slack.botToken).toBe('xoxb-1-2-q')
})

test('a key is what its owner chose: quotes are part of it, and a signing secret looks like one', () => {
  const quoted = `"${hex}"`
  expect(loadConfig({ ...right, AUDIT_KEY: quoted }).auditKey).toBe(quoted)
  expect(problemsOf({ AUDIT_KEY: 'your honour, I change meetings, never minds' })).toEqual([])
  expect(problemsOf({ AUDIT_KEY: 'your-mother-was-a-hamster-and-your-father' })).toEqual([])
  expect(problemsOf({ AUDIT_KEY: 'your-key-here' })).toEqual([
    expect.stringContaining('AUDIT_KEY still has a placeholder'),
  ])
})

test('all mistakes are told at once, and none of the values', () => {
  const wrong = {
    SLACK_BOT_TOKEN: '"xoxp-hunter2"',
    SLACK_APP_TOKEN: 'xoxb-hunter2',
    SHOP_AUTHTOKEN: 'xapp-hunter2',
    AUDIT_KEY: 'hunter2',
  }
  const problems = problemsOf(wrong)
  expect(problems.map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual([
    'SLACK_BOT_TOKEN has',
    'SLACK_BOT_TOKEN holds',
    'SLACK_APP_TOKEN holds',
    'SHOP_AUTHTOKEN holds',
    'AUDIT_KEY is',
  ])
  expect(problems.join()).not.toContain('hunter2')
})

test('commands at a terminal refuse them as the app does, before anybody is asked', () => {
  const env = { ...right, SLACK_BOT_TOKEN: 'xoxb-' }
  const refused = [expect.stringMatching(/^SLACK_BOT_TOKEN still has a placeholder/)]
  expect(problemsIn(() => loadTerminal({ people: true }, env))).toEqual(refused)
  expect(problemsIn(() => loadPolicies(undefined, { ...env, SLACK_BOT_TOKEN: 'xapp-1' }))).toHaveLength(1)
})

test('what can do without Slack does so while the bot token is a placeholder', () => {
  const env = { ...right, SLACK_BOT_TOKEN: 'xoxb-' }
  expect([loadPolicies(undefined, env).slack, loadTerminal({}, env).slack, loadAudit(env).slack]).toEqual([
    null,
    null,
    null,
  ])
})

test('the doctor gets none of them to try', () => {
  const wrong = { SLACK_BOT_TOKEN: 'xoxb-', SLACK_APP_TOKEN: 'xoxp-1-2-q', SHOP_AUTHTOKEN: 'xoxb-1-2-q' }
  const survey = surveySettings(undefined, { ...right, ...wrong })
  expect(survey).toMatchObject({ botToken: null, transport: null, stacks: [{ authtoken: '' }] })
  expect(survey.problems).toHaveLength(3)
})

const secretsThemselves = [
  'xoxb-1-2-SECRETSECRET',
  'xapp-1-A-SECRETSECRET',
  'bltSECRETSECRET0',
  'cs5ec5ec5ec5ec5ec5ec5ec',
  '5ec0123456789abcdef0123456789abc',
  'https://hooks.example.com/SECRETSECRET',
]

describe.each(secretsThemselves)('a secret itself, where something else belongs, is never quoted: %s', (itself) => {
  const core = /5ec|SECRETSECRET/
  const told = (env: Environment) => {
    const problems = [...problemsOf(env), ...surveySettings(undefined, { ...right, ...env }).problems]
    expect(problems.join()).not.toMatch(core)
    return problems
  }

  test.each(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'AUDIT_KEY', 'AUDIT_KEY_PREVIOUS', 'SHOP_AUTHTOKEN', 'ANCHORS'])(
    'as the path of a file, in %s_FILE',
    (name) => {
      expect(told({ [name]: undefined, [`${name}_FILE`]: itself })).toContain(
        `${name}_FILE points at something that can't be read (ENOENT: no such file or directory): it takes the path of a file, and the value itself belongs in ${name}.`,
      )
    },
  )

  test.each(['authtoken_env', 'webhook_env'])('as the name of a variable, in %s', (setting) => {
    const path = join(folder, `${setting}.yaml`)
    const text = readFileSync(settings, 'utf8').replace(new RegExp(`${setting}: \\w+`), `${setting}: "${itself}"`)
    writeFileSync(path, text)
    expect(told({ COUNTERSIGN_CONFIG: path })).toContainEqual(
      expect.stringMatching(new RegExp(`${setting}: give the name of a variable, such as [A-Z_]+: the secret itself`)),
    )
  })

  test('as a key in countersign.yaml', () => {
    const path = join(folder, 'key.yaml')
    writeFileSync(path, `"${itself}": x\n${readFileSync(settings, 'utf8')}`)
    if (!itself.includes('.')) expect(told({ COUNTERSIGN_CONFIG: path })[0]).toMatch(/\[secret\]: there is no such/)
  })

  test.each(['COUNTERSIGN_CONFIG', 'COUNTERSIGN_DB'])('as a path, in %s', (name) => {
    if (itself.startsWith('https:')) return
    expect(told({ [name]: itself })[0]).toMatch(
      new RegExp(`^${name} holds what looks like a secret, which belongs in another variable: put the path of`),
    )
    expect(told({ [name]: itself }).join()).not.toContain('COUNTERSIGN_CONFIG is missing')
  })
})

test('the path of a file that cannot be read is told, and names of variables that look odd are taken', () => {
  expect(problemsOf({ AUDIT_KEY: undefined, AUDIT_KEY_FILE: '/run/secrets/none' })).toEqual([
    "AUDIT_KEY_FILE points at /run/secrets/none, which can't be read (ENOENT: no such file or directory): it takes the path of a file, and the value itself belongs in AUDIT_KEY.",
  ])
  const path = join(folder, 'names.yaml')
  writeFileSync(
    path,
    readFileSync(settings, 'utf8').replace('SHOP_AUTHTOKEN', 'blt_of_shop').replace('ANCHORS', '_cs2'),
  )
  const { SHOP_AUTHTOKEN, ANCHORS } = right
  expect(problemsOf({ COUNTERSIGN_CONFIG: path, blt_of_shop: SHOP_AUTHTOKEN, _cs2: ANCHORS })).toEqual([])
})
