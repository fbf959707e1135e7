import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig, loadPolicies, surveySettings } from '../../src/config/config.ts'
import { misreadProxySwitch, proxiesOf, proxyPasswords } from '../../src/config/proxies.ts'
import { ConfigProblems } from '../../src/config/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const website = { name: 'website', api_key: 'blt1', region: 'eu', approvers: ['U0BOB', 'U0CAROL'] }
const whole = { channel: 'C0APPROVALS', stacks: [website] }
const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', CONTENTSTACK_AUTHTOKEN: 'auth-1' }

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function load(settings: object, changes: Record<string, string | undefined> = {}) {
  return loadConfig({ ...env, COUNTERSIGN_CONFIG: write('countersign.yaml', stringify(settings)), ...changes })
}

function problemsOf(settings: object, changes: Record<string, string | undefined> = {}): string[] {
  try {
    load(settings, changes)
  } catch (error) {
    if (error instanceof ConfigProblems) return [...error.problems]
    throw error
  }
  return []
}

describe('settings', () => {
  test('name a stack by its region, and need one approval unless they say otherwise', () => {
    const [stack] = load(whole).stacks
    expect(stack).toMatchObject({
      baseUrl: 'https://eu-api.contentstack.com',
      authtoken: 'auth-1',
      channel: 'C0APPROVALS',
      rateLimitFields: null,
      requestsPerSecond: 2,
    })
    const everything = { kind: 'ask', parties: [{ from: ['U0BOB', 'U0CAROL'], quorum: 1 }], confirm: false }
    expect(stack!.policy.rules).toEqual([{ name: 'approvers', when: {}, outcome: everything }])
  })

  test('say where checkpoints are kept, and take the address of a webhook from the environment or a file', () => {
    expect(load(whole).anchors).toEqual({ file: null, webhook: null, syslog: null })
    const anchors = { file: '/var/log/anchors.ndjson', webhook_env: 'ANCHORS', syslog: 'udp://logs.example:5140' }
    const webhook = 'https://collector.example/secret'
    const kept = { file: anchors.file, webhook, syslog: anchors.syslog }
    expect(load({ ...whole, anchors }, { ANCHORS: webhook }).anchors).toEqual(kept)
    expect(load({ ...whole, anchors }, { ANCHORS_FILE: write('webhook', `${webhook}\n`) }).anchors).toEqual(kept)
    expect(problemsOf({ ...whole, anchors })).toEqual([expect.stringMatching(/^ANCHORS is missing/)])
  })

  test.each([
    ['https://eu-api.contentstack.com', true],
    ['http://127.0.0.1:8080', true],
    ['http://127.0.0.2', true],
    ['http://[::1]:8080', true],
    ['http://localhost:8080', true],
    ['http://eu-api.contentstack.com', false],
    ['http://127.0.0.1.example', false],
    ['http://localhost.example', false],
    ['http://10.0.0.1', false],
    ['ftp://localhost', false],
    ['eu-api.contentstack.com', false],
  ])('take %s for the address of a stack, and of Slack: %s', (address, taken) => {
    const stack = { ...website, region: undefined, base_url: address }
    const refused = expect.stringMatching(/stacks\.0\.base_url: give it as https/)
    expect(problemsOf({ ...whole, stacks: [stack] })).toEqual(taken ? [] : [refused])
    expect(problemsOf(whole, { SLACK_API_URL: address })).toHaveLength(taken ? 0 : 1)
  })

  test.each([
    'https://user:hunter2@eu-api.contentstack.com',
    'http://user@127.0.0.1:1',
    'https://:hunter2@slack.com/api/',
  ])('take no address with a user or password in it, and do not quote it: %s', (address) => {
    const stack = { ...website, region: undefined, base_url: address }
    const anchored = { ...whole, anchors: { webhook_env: 'ANCHORS' } }
    const found = [
      ...problemsOf({ ...whole, stacks: [stack] }),
      ...problemsOf(whole, { SLACK_API_URL: address }),
      ...problemsOf(anchored, { ANCHORS: address }),
    ]
    expect(found).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/user (and|or) password/)))
    expect(found.join()).not.toContain('hunter2')
  })

  test.each([
    ['https://collector.example/x', true],
    ['http://127.0.0.1:8080/x', true],
    ['http://collector.example/x', false],
    ['http://127.0.0.1.example/x', false],
    ['ftp://collector.example', false],
    ['collector', false],
  ])('take %s for a webhook: %s', (ANCHORS, taken) => {
    const problems = problemsOf({ ...whole, anchors: { webhook_env: 'ANCHORS' } }, { ANCHORS })
    expect(problems).toEqual(taken ? [] : [expect.stringMatching(/^ANCHORS is not an https address/)])
    expect(problems.join()).not.toContain(ANCHORS)
  })

  test.each([
    ['udp://localhost', true],
    ['udp://[::1]:514', true],
    ['tcp://localhost:514', false],
    ['localhost:514', false],
    ['udp://a b', false],
    ['udp://logs/x', false],
  ])('take %s for a syslog server: %s', (syslog, taken) => {
    const problems = problemsOf({ ...whole, anchors: { syslog } })
    expect(problems).toEqual(taken ? [] : [expect.stringContaining('give it as udp://host:514')])
  })

  test('take the key of the audit log from the environment or a file, and refuse one that could be guessed', () => {
    const long = 'x'.repeat(32)
    expect(load(whole, { AUDIT_KEY: long }).auditKey).toBe(long)
    expect(load(whole, { AUDIT_KEY_FILE: write('key', `${long}\n`) }).auditKey).toBe(long)
    expect(load(whole).auditKey).toBeNull()
    expect(load(whole).earlierAuditKeys).toEqual([])
    expect(load(whole, { AUDIT_KEY_PREVIOUS: ` ${long} \n\nolder\n` }).earlierAuditKeys).toEqual([long, 'older'])
    expect(problemsOf(whole, { AUDIT_KEY: 'x'.repeat(31) })).toEqual([
      expect.stringMatching(/^AUDIT_KEY is shorter than 32 characters: make one with/),
    ])
  })

  test('give a stack its own policy, or its approvers, or the policy of the whole file', () => {
    const ofAll = { rules: [{ name: 'of all', approvers: 'U0BOB' }] }
    const own = { rules: [{ name: 'its own', approvers: 'S0OWNERS' }] }
    const { approvers: _, ...bare } = website
    const stacks = [
      { ...bare, policy: own, name: 'own' },
      { ...website, name: 'short' },
      bare,
      { ...bare, name: 'shop' },
    ].map((stack, i) => ({ ...stack, api_key: `blt${i}` }))
    const policies = load({ ...whole, policy: ofAll, stacks }).stacks.map(({ policy }) => policy)
    expect(policies.map(({ rules }) => rules[0]!.name)).toEqual(['its own', 'approvers', 'of all', 'of all'])
  })

  test('that are all missing are all listed at once, each with what to do', () => {
    try {
      loadConfig({})
      expect.unreachable()
    } catch (error) {
      expect((error as ConfigProblems).problems.map((problem) => problem.split(' ')[0])).toEqual([
        'SLACK_BOT_TOKEN',
        'SLACK_APP_TOKEN',
        'COUNTERSIGN_CONFIG',
        'CONTENTSTACK_AUTHTOKEN',
      ])
    }
  })

  test('listen to this machine alone, unless they name an address', () => {
    const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 's', PORT: '3000', HEALTH_PORT: '8080' }
    expect(load(whole, http)).toMatchObject({ listenHost: '127.0.0.1', slack: { transport: { host: '127.0.0.1' } } })
    const all = load(whole, { ...http, LISTEN_HOST: '0.0.0.0' })
    expect(all).toMatchObject({ listenHost: '0.0.0.0', slack: { transport: { host: '0.0.0.0' } } })
  })

  test.each([
    [{}, null],
    [{ HTTPS_PROXY: 'http://p:1' }, null],
    [{ NODE_USE_ENV_PROXY: '1' }, null],
    [
      { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a,b' },
      { http: null, https: 'http://p:1', except: 'a,b' },
    ],
    [
      {
        NODE_USE_ENV_PROXY: '1',
        https_proxy: 'http://p:1',
        HTTPS_PROXY: 'http://q:1',
        http_proxy: 'http://r:1',
      },
      { http: 'http://r:1', https: 'http://p:1', except: '' },
    ],
    [
      { NODE_OPTIONS: '--enable-source-maps --use-env-proxy', HTTPS_PROXY: 'http://p:1' },
      { http: null, https: 'http://p:1', except: '' },
    ],
    [{ NODE_OPTIONS: '--use-env-proxy-not', HTTPS_PROXY: 'http://p:1' }, null],
    [{ NODE_USE_ENV_PROXY: '1', NODE_OPTIONS: '--no-use-env-proxy', HTTPS_PROXY: 'http://p:1' }, null],
  ])('take the proxies that Node takes: %j', (proxy, proxies) => {
    expect(load(whole, proxy).slack.transport).toEqual({ kind: 'socket', appToken: 'xapp-1', proxies })
  })

  test.each([
    [{}, ['--use-env-proxy'], true],
    [{}, ['--use_env_proxy'], true],
    [{ NODE_USE_ENV_PROXY: '1' }, ['--no-use-env-proxy'], false],
    [{ NODE_OPTIONS: '--no-use-env-proxy' }, ['--use-env-proxy'], true],
  ])('take proxies by how Node was started, whatever the environment says: %j, %j', (env, given, areTaken) => {
    expect(proxiesOf({ ...env, HTTP_PROXY: 'http://p:1' }, given) !== null).toBe(areTaken)
  })

  test.each([
    ['true', [], 'true'],
    ['yes', ['--use-env-proxy'], null],
    ['1', [], null],
    ['0', [], null],
    ['', [], null],
  ])('tell a switch for proxies that Node does not understand: %j, %j', (NODE_USE_ENV_PROXY, given, misread) => {
    expect(misreadProxySwitch({ NODE_USE_ENV_PROXY }, given)).toBe(misread)
  })

  test('know which proxies Node does not use', () => {
    const named = { HTTPS_PROXY: 'http://p:1', http_proxy: 'http://p:1' }
    expect(load(whole, named).unusedProxies).toMatch(
      /^Without NODE_USE_ENV_PROXY=1 .* HTTPS_PROXY and http_proxy names/,
    )
    expect(load(whole, { ...named, NODE_USE_ENV_PROXY: '1' }).unusedProxies).toBeNull()
    expect(load(whole).unusedProxies).toBeNull()
  })

  test('choose HTTP by a signing secret and a port', () => {
    const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 's', PORT: '3000' }
    const transport = { kind: 'http', signingSecret: 's', port: 3000, host: '127.0.0.1' }
    expect(load(whole, http).slack.transport).toEqual(transport)
    expect(problemsOf(whole, { ...http, PORT: undefined })).toEqual([expect.stringMatching(/^PORT is missing/)])
    expect(problemsOf(whole, { ...http, PORT: 'many' })).toEqual([expect.stringMatching(/^PORT/)])
    expect(problemsOf(whole, { SLACK_SIGNING_SECRET: 's', PORT: '3000' })).toEqual([expect.stringMatching(/both set/)])
  })

  test('take a secret from a file', () => {
    const path = write('token', 'xoxb-from-file\n')
    expect(load(whole, { SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: path }).slack.botToken).toBe(
      'xoxb-from-file',
    )
    expect(load(whole, { SLACK_BOT_TOKEN_FILE: path }).slack.botToken).toBe('xoxb-1')
    const missing = { SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: join(folder, 'nothing') }
    expect(problemsOf(whole, missing)[0]).toMatch(/^SLACK_BOT_TOKEN_FILE points at .*nothing, which can't be read/)
  })

  test('know every file that a secret is read from, so that the doctor can look who else may read it', () => {
    const names = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'AUDIT_KEY', 'AUDIT_KEY_PREVIOUS']
    const all = [...names, 'CONTENTSTACK_AUTHTOKEN', 'SHOP_AUTHTOKEN', 'WEBHOOK']
    const stacks = [website, { ...website, name: 'shop', api_key: 'blt2', authtoken_env: 'SHOP_AUTHTOKEN' }]
    const path = write('countersign.yaml', stringify({ ...whole, stacks, anchors: { webhook_env: 'WEBHOOK' } }))
    const files = Object.fromEntries(all.map((name) => [`${name}_FILE`, join(folder, `${name}.secret`)]))
    expect(surveySettings(path, files).secretFiles.toSorted()).toEqual(Object.values(files).toSorted())
  })

  test('with a secret that cannot be sent are refused without quoting it, each with what to do', () => {
    const broken = { SLACK_BOT_TOKEN: 'xoxb-1\nxoxb-1', SLACK_APP_TOKEN: 'xapp 1', CONTENTSTACK_AUTHTOKEN: 'auth§1' }
    const unsendable = { ...website, api_key: 'blt 1' }
    expect(problemsOf({ ...whole, stacks: [unsendable] }, broken)).toEqual([
      "SLACK_BOT_TOKEN has a space, line break or other character in it that can't be part of it: copy it again.",
      "SLACK_APP_TOKEN has a space, line break or other character in it that can't be part of it: copy it again.",
      expect.stringMatching(/stacks\.0\.api_key: copy it again/),
      "CONTENTSTACK_AUTHTOKEN has a space, line break or other character in it that can't be part of it: copy it again.",
    ])
    expect(load(whole, { AUDIT_KEY: 'any words, as long as there are enough of them' }).auditKey).toMatch(/^any words/)
  })

  test('with the two tokens of Slack swapped are refused, and say which belongs where', () => {
    expect(problemsOf(whole, { SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xoxb-1' })).toEqual([
      expect.stringMatching(/^SLACK_BOT_TOKEN holds an app-level token \(xapp-…\), which belongs in SLACK_APP_TOKEN/),
      expect.stringMatching(/^SLACK_APP_TOKEN holds a bot token \(xoxb-…\), which belongs in SLACK_BOT_TOKEN/),
    ])
  })

  test('with an impossible Slack address or database path are refused, each with what to do', () => {
    const nowhere = join(folder, 'nowhere', 'countersign.db')
    expect(problemsOf(whole, { SLACK_API_URL: 'slack.com/api', COUNTERSIGN_DB: nowhere })).toEqual([
      expect.stringMatching(/^SLACK_API_URL is not an https address.*: leave it out to use Slack itself\.$/),
      `COUNTERSIGN_DB is in ${join(folder, 'nowhere')}, which is not there: make it, or give another path.`,
    ])
    expect(problemsOf(whole, { COUNTERSIGN_DB: folder })).toEqual([
      `COUNTERSIGN_DB is a folder, ${folder}: give the path of a file in it.`,
    ])
  })

  test('may name the organisation of a stack, which is left out otherwise', () => {
    const [stack] = load({ ...whole, stacks: [{ ...website, organization_uid: 'blt7' }] }).stacks
    expect(stack).toMatchObject({ organisation: 'blt7' })
    expect(load(whole).stacks[0]).not.toHaveProperty('organisation')
    expect(problemsOf({ ...whole, stacks: [{ ...website, organization_uid: '../x' }] })).toEqual([
      expect.stringMatching(/stacks\.0\.organization_uid: it is letters and digits/),
    ])
  })

  test('may name a credential for each stack', () => {
    const settings = { ...whole, stacks: [{ ...website, authtoken_env: 'SHOP_AUTHTOKEN' }] }
    expect(load(settings, { SHOP_AUTHTOKEN: 'auth-2' }).stacks[0]!.authtoken).toBe('auth-2')
    expect(problemsOf(settings)).toEqual([expect.stringMatching(/^SHOP_AUTHTOKEN is missing/)])
  })

  test.each<[string, object, RegExp]>([
    ['an unknown key', { ...whole, aprovals: 2 }, /aprovals/],
    ['a key that is misspelt within a stack', { ...whole, stacks: [{ ...website, aprovers: [] }] }, /aprovers/],
    ['no stack', { ...whole, stacks: [] }, /stacks/],
    ['no approver', { ...whole, stacks: [{ ...website, approvers: [] }] }, /stacks\.0\.approvers/],
    ['neither approvers nor a policy', { ...whole, stacks: [{ ...website, approvers: undefined }] }, /has no policy/],
    [
      'both approvers and a policy',
      { ...whole, stacks: [{ ...website, policy: { rules: [{ name: 'a', approvers: 'U0BOB' }] } }] },
      /both approvers and a policy/,
    ],
    [
      'a number of approvals for nobody',
      {
        ...whole,
        policy: { rules: [{ name: 'a', approvers: 'U0BOB' }] },
        stacks: [{ ...website, approvers: undefined, approvals: 2 }],
      },
      /approvals goes with approvers/,
    ],
    [
      'a policy that cannot work',
      {
        ...whole,
        policy: { rules: [{ name: 'a', approvers: 'U0BOB', quorum: 2 }] },
        stacks: [{ ...website, approvers: undefined }],
      },
      /policy\.rules\.0: the rule "a" wants 2 approvals/,
    ],
    [
      'a policy of a stack that cannot work',
      {
        ...whole,
        stacks: [
          { ...website, approvers: undefined, policy: { rules: [{ name: 'a', approvers: 'U0BOB', quorum: 2 }] } },
        ],
      },
      /stacks\.0\.policy\.rules\.0: the rule "a" wants 2 approvals/,
    ],
    ['a name where a member id belongs', { ...whole, stacks: [{ ...website, approvers: ['bob'] }] }, /member id/],
    [
      'more approvals than approvers',
      { ...whole, stacks: [{ ...website, approvals: 3 }] },
      /wants 3 approvals but lists 2/,
    ],
    [
      'one approver listed twice for two approvals',
      { ...whole, stacks: [{ ...website, approvers: ['U0BOB', 'U0BOB'], approvals: 2 }] },
      /lists 1/,
    ],
    ['no approvals at all', { ...whole, stacks: [{ ...website, approvals: 0 }] }, /approvals/],
    ['no channel', { stacks: [website] }, /has no channel/],
    [
      'neither region nor address',
      { ...whole, stacks: [{ ...website, region: undefined }] },
      /either a region or a base_url/,
    ],
    [
      'both region and address',
      { ...whole, stacks: [{ ...website, base_url: 'http://localhost' }] },
      /either a region or a base_url/,
    ],
    ['an unknown region', { ...whole, stacks: [{ ...website, region: 'moon' }] }, /region/],
    ['an arrival shorter than a lease', { ...whole, timing: { lease: 45, arrival: 30 } }, /timing\.arrival/],
    [
      'two stacks of one name',
      { ...whole, stacks: [website, { ...website, api_key: 'blt2' }] },
      /two stacks are called website/,
    ],
    ['a lease shorter than two writes', { ...whole, timing: { write_timeout: 10, lease: 15 } }, /timing\.lease/],
  ])('with %s are refused', (_, settings, problem) => {
    expect(problemsOf(settings)).toEqual([expect.stringMatching(problem)])
  })

  test('with one api_key in several entries are refused at each of them', () => {
    const entry = (name: string, key: string) => `  - { name: ${name}, api_key: ${key}, region: eu, approvers: U0BOB }`
    const entries = [entry('website', 'blt1'), entry('docs', 'blt2'), entry('shop', 'BLT1'), entry('site', 'blt1')]
    const path = write('shared.yaml', ['channel: C0APPROVALS', 'stacks:', ...entries].join('\n'))
    const said = 'has this api_key too: a stack can have only one entry, so keep one of them.'
    const wrong = [
      `${path}:3:22: stacks.0.api_key: stacks.2 (shop), stacks.3 (site) ${said}`,
      `${path}:5:19: stacks.2.api_key: stacks.0 (website), stacks.3 (site) ${said}`,
      `${path}:6:19: stacks.3.api_key: stacks.0 (website), stacks.2 (shop) ${said}`,
    ]
    expect(problemsOf(whole, { COUNTERSIGN_CONFIG: path })).toEqual(wrong)
  })

  const atLeastOne =
    'list at least one stack here, with its name, its api_key and its region, as countersign.example.yaml does'
  const noStack = `stacks: ${atLeastOne}.`
  const emptyList = 'this list is empty: write at least one entry into it, or leave it out if it is optional'
  const nothing = 'there is nothing in it: give it a value, or leave it out if it is optional'

  test.each([
    ['', `has nothing in it: write the settings into it, with at least one stack, as countersign.example.yaml does.`],
    ['# no more\n', 'has nothing in it: '],
    ['---\n', 'has nothing in it: '],
    ['{}', noStack],
    ['channel: C0APPROVALS', noStack],
    ['stacks:', noStack],
    ['stacks: []', noStack],
    ['stacks: {}', noStack],
    ['stacks: website', noStack],
    ['stacks: [null]', `stacks.0: ${nothing}.`],
    ['stacks: [{ name: website, api_key: blt1, region: eu, approvers: [] }]', `stacks.0.approvers: ${emptyList}.`],
    ['stacks: [{ name: website, api_key: blt1, region: eu, approvers: }]', `stacks.0.approvers: ${nothing}.`],
    ['stacks: [{ name: website, api_key: blt1, region: eu, policy: }]', `stacks.0.policy: ${nothing}.`],
    ['stacks: [{ name: website, api_key: blt1, region: eu, policy: { rules: [] } }]', `policy.rules: ${emptyList}.`],
  ])('in which something is empty are refused with one mistake that says what to write: %s', (text, words) => {
    const path = write('empty.yaml', text)
    const own = { COUNTERSIGN_CONFIG: path, CONTENTSTACK_AUTHTOKEN: '' }
    expect(problemsOf(whole, own)).toEqual([expect.stringContaining(words)])
    expect(problemsOf(whole, own)[0]).toContain(path)
    expect(() => loadPolicies(path, {})).toThrow(words)
    expect(surveySettings(path, { ...env, CONTENTSTACK_AUTHTOKEN: '' }).problems).toEqual(problemsOf(whole, own))
  })

  test('that would grow far too large once they are written out are refused in words', () => {
    const ofFile = (text: string) => problemsOf(whole, { COUNTERSIGN_CONFIG: write('odd.yaml', text) })
    const nine = (name: string) => Array.from({ length: 9 }, () => name).join()
    const grows = `a: &a [${nine('x')}]\nb: &b [${nine('*a')}]\nc: &c [${nine('*b')}]\nd: [${nine('*c')}]\n`
    expect(ofFile(grows)).toEqual([expect.stringMatching(/odd\.yaml can't be read: it repeats parts of itself/)])
  })

  test('that are not YAML are refused with the place', () => {
    const path = write('broken.yaml', 'stacks: [\n  - name')
    expect(problemsOf(whole, { COUNTERSIGN_CONFIG: path })[0]).toMatch(/broken\.yaml:2:\d+: this is not YAML: /)
  })

  test('with a name pattern that YAML reads as something else are refused with the place, and with what to do', () => {
    const path = write('alias.yaml', 'channel: C0APPROVALS\nstacks:\n  - { name: *-site }')
    expect(problemsOf(whole, { COUNTERSIGN_CONFIG: path })).toEqual([
      `${path}:3:13: *-site without quotes refers to a part of this file with that name, and there is none: put it in quotes.`,
    ])
  })

  test('that do not exist are refused by name', () => {
    const nowhere = { COUNTERSIGN_CONFIG: join(folder, 'nowhere.yaml') }
    expect(problemsOf(whole, nowhere)).toEqual([expect.stringMatching(/nowhere\.yaml can't be read: /)])
  })

  test('are refused at the line and column of each mistake, in words', () => {
    const text = [
      'channel: C0APPROVALS',
      'chanel: C0OTHER',
      'stacks:',
      '  - name: Website',
      '    api_key: blt1',
      '    region: eu',
      '    approvers: [U0BOB, carol]',
      '  - name: shop',
      '    region: eu',
      '    policy:',
      '      rules:',
      '        - { name: a, approvers: U0BOB, when: { verdict: wider, expiry: soon } }',
      '        - { name: b, approvers: U0BOB, when: { expiry: { later_than: 3w } } }',
    ]
    const path = write('mistakes.yaml', text.join('\n'))
    const short = problemsOf(whole, { COUNTERSIGN_CONFIG: path }).map((problem) => problem.replace(`${path}:`, ''))
    expect(short).toEqual([
      '2:1: chanel: there is no such setting.',
      '4:5: stacks.0.name: use a short name of lower-case letters, digits and hyphens.',
      '7:24: stacks.0.approvers.1: use a Slack member id (U…) or a user group id (S…).',
      '8:5: stacks.1.api_key: this is missing.',
      expect.stringMatching(/^12:48: stacks\.1\.policy\.rules\.0\.when\.verdict: .*"widens"/),
      '12:64: stacks.1.policy.rules.0.when.expiry: write removed, or { later_than: 90d }.',
      '13:58: stacks.1.policy.rules.1.when.expiry.later_than: write a duration such as 30m, 4h or 90d.',
    ])
  })

  test('are refused for an unknown setting, however deep it is, at its line and column', () => {
    const text = [
      'channel: C0APPROVALS',
      'policy:',
      '  protect: root-*',
      '  rules:',
      '    - { name: a, all_of: [{ from: U0BOB, quorums: 2 }], confirmed: true }',
      '    - { name: b, refuse: No., when: { requesters: U0BOB } }',
      '    - { name: c, approvers: U0BOB, when: { expiry: { later_than: 90d, earlier_than: 1d } } }',
      'stacks:',
      '  - { name: website, api_key: k, region: eu, rate_limit_fields: { enabled: a, read: b, write: c, delete: d } }',
      'timing: { retry: 5 }',
      'anchors: { files: a }',
    ]
    const path = write('unknown.yaml', text.join('\n'))
    const short = problemsOf(whole, { COUNTERSIGN_CONFIG: path }).map((problem) => problem.replace(`${path}:`, ''))
    expect(short).toEqual(
      [
        '3:3: policy.protect',
        '5:42: policy.rules.0.all_of.0.quorums',
        '5:57: policy.rules.0.confirmed',
        '6:39: policy.rules.1.when.requesters',
        '7:71: policy.rules.2.when.expiry.earlier_than',
        '9:98: stacks.0.rate_limit_fields.delete',
        '10:11: timing.retry',
        '11:12: anchors.files',
      ].map((where) => `${where}: there is no such setting.`),
    )
  })

  test('are refused if a rule is about a stack that its policy is not for', () => {
    const rules = [{ name: 'r', approvers: 'U0BOB', when: { stack: 'docs' } }]
    const [ours] = whole.stacks
    const docs = { ...ours, name: 'docs', api_key: 'blt2', approvers: undefined, approvals: undefined }
    const about = (own: object) => problemsOf({ ...whole, policy: { rules }, stacks: [ours, { ...docs, ...own }] }, env)
    expect(about({})).toEqual([])
    expect(about({ name: 'shop' })).toEqual([
      expect.stringMatching(/none of the stacks of this policy \(shop\) is called docs/),
    ])
    const own = { rules: [{ ...rules[0], when: { stack: 'website' } }] }
    expect(problemsOf({ ...whole, stacks: [ours, { ...docs, policy: own }] }, env)).toEqual([
      expect.stringMatching(/none of the stacks of this policy \(docs\) is called website/),
    ])
  })

  test('are refused if the policy for all is for none, or for fewer than one of its rules is about', () => {
    const [ours] = whole.stacks
    const docs = { ...ours, name: 'docs', api_key: 'blt2', approvers: undefined, approvals: undefined }
    const rules = [{ name: 'r', approvers: 'U0BOB', when: { stack: 'website' } }]
    expect(problemsOf({ ...whole, policy: { rules }, stacks: [ours] })).toEqual([
      expect.stringMatching(
        /:\d+:\d+: policy: this does not apply to any stack, since each has its own approvers or policy/,
      ),
    ])
    expect(problemsOf({ ...whole, policy: { rules }, stacks: [ours, docs] })).toEqual([
      expect.stringMatching(/none of the stacks of this policy \(docs\) is called website/),
    ])
  })

  test('can be read for their policies alone, without any credential', () => {
    const path = write('policies.yaml', stringify(whole))
    expect(loadPolicies(path, {})).toMatchObject({ path, slack: null, stacks: [{ name: 'website', authtoken: '' }] })
    expect(loadPolicies(undefined, { ...env, COUNTERSIGN_CONFIG: path })).toMatchObject({
      slack: { botToken: 'xoxb-1' },
      stacks: [{ authtoken: 'auth-1' }],
    })
    expect(() => loadPolicies(undefined, {})).toThrow('COUNTERSIGN_CONFIG is missing')
  })
})

test('the password in the address of a proxy is known as it is written, meant and sent, unless it is as short as a word', () => {
  const at = (userinfo: string) => proxyPasswords({ HTTPS_PROXY: `http://${userinfo}@proxy.example.com:3128` })
  expect(at('bob:p%40ss-word')).toEqual([Buffer.from('bob:p@ss-word').toString('base64'), 'p%40ss-word', 'p@ss-word'])
  expect(at('bob:log')).toEqual([Buffer.from('bob:log').toString('base64')])
  expect(proxyPasswords({ HTTPS_PROXY: 'http://proxy.example.com:3128', http_proxy: 'no address' })).toEqual([])
})

test.each(['[::1]', '127.0.0.1:8080', 'http://127.0.0.1'])('LISTEN_HOST %s is told, once, and not tried', (host) => {
  const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 's', PORT: '3000' }
  const said = 'LISTEN_HOST is not an address: give it without port or brackets, such as 0.0.0.0 or ::1.'
  for (const way of [{}, http]) expect(problemsOf(whole, { ...way, LISTEN_HOST: host })).toEqual([said])
  for (const right of ['::1', '::', 'localhost', '10.0.0.7'])
    expect(load(whole, { LISTEN_HOST: right }).listenHost).toBe(right)
})
