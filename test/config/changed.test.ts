import { expect, test } from 'vitest'
import { changesBetween } from '../../src/config/changed.ts'
import { needRestart } from '../../src/config/fixed.ts'
import type { Config, StackConfig } from '../../src/config/settings.ts'
import { config } from '../support/config.ts'
import { ask, bob, carol, policyOf } from '../support/world.ts'

const [website] = config.stacks as [StackConfig]
const first = ask([bob])
const second = ask([carol], 1, { name: 'second' })

const oauthApp = {
  ...{ appUid: 'app', clientId: 'client', clientSecret: null, redirectUri: 'http://127.0.0.1:1/' },
  ...{ appUrl: 'https://app.example', tokenUrl: 'https://app.example/token' },
}

function changes(was: Partial<StackConfig>, is: Partial<StackConfig> | null, rest: Partial<Config> = {}): string[] {
  const stacks = is === null ? [] : [{ ...website, ...is }]
  return changesBetween({ ...config, stacks: [{ ...website, ...was }] }, { ...config, ...rest, stacks })
}

test('settings that are the same have not changed', () => {
  expect(changes({}, {})).toEqual([])
})

test('stacks that were added, removed, renamed or moved are said by name', () => {
  const shop = { ...website, name: 'shop', apiKey: 'blt2', channel: 'C0SHOP' }
  expect(changesBetween(config, { ...config, stacks: [website, shop] })).toEqual([
    'The stack "shop" was added, with cards in C0SHOP and the rule "approvers".',
  ])
  expect(changes({}, null)).toEqual(['The stack "website" was removed: its open changes and its tokens are set aside.'])
  expect(changes({ channel: 'C0' }, { name: 'site', channel: 'C1' })).toEqual([
    'The stack "website" is called "site" now.',
    'Cards of "site" are in C1 now, no longer in C0.',
  ])
})

test('rules that were added, removed, changed or put in another order are said, and the rest of a policy in short', () => {
  const changed = (was: ReturnType<typeof policyOf>, is: ReturnType<typeof policyOf>) =>
    changes({ policy: was }, { policy: is })
  const policy = policyOf([first, second])
  const of = 'In the policy of "website",'
  expect(changed(policyOf([first]), policy)).toEqual([`${of} the rule "second" was added.`])
  expect(changed(policy, policyOf([]))).toEqual([`${of} the rules "approvers", "second" were removed.`])
  expect(changed(policyOf([first]), policyOf([ask([carol])]))).toEqual([`${of} the rule "approvers" was changed.`])
  expect(changed(policy, policyOf([second, first]))).toEqual([`${of} the rules were put in another order.`])
  expect(changed(policy, { ...policy, mayAsk: [bob] })).toEqual([
    `${of} who may ask, what it protects or its times were changed.`,
  ])
})

test('a stack by OAuth has to be connected if it is new, or has another name, app or key, and that is said', () => {
  const oauth = { ...oauthApp, key: 'a key', database: 'countersign.db' }
  const unless = (name: string) =>
    expect.stringMatching(`^Access by OAuth was not tried: unless "${name}" was connected .* connect -- ${name}"`)
  expect(changes({ oauth }, { oauth: { ...oauth, redirectUri: 'http://127.0.0.1:2/' } })).toEqual([
    'The connection to "website" was changed.',
  ])
  expect(changes({ oauth }, { oauth, name: 'site' }).at(-1)).toEqual(unless('site'))
  for (const other of [
    { ...oauth, clientId: 'other' },
    { ...oauth, key: 'another key' },
  ])
    expect(changes({ oauth }, { oauth: other })).toEqual([expect.any(String), unless('website')])
  expect(changesBetween({ ...config, stacks: [] }, { ...config, stacks: [{ ...website, oauth }] }).at(-1)).toEqual(
    unless('website'),
  )
})

test('what else has changed is said without any secret', () => {
  const anchors = { ...config.anchors, webhook: 'https://collector.example/secret-8' }
  expect(changes({}, { authtoken: 'authtoken-9' }, { anchors, logLevel: 'info' })).toEqual([
    'The connection to "website" was changed.',
    'The places in anchors were changed.',
    'LOG_LEVEL was changed.',
  ])
})

test.each<[string, Partial<Config>]>([
  ['SLACK_BOT_TOKEN', { slack: { ...config.slack, botToken: 'xoxb-2' } }],
  ['SLACK_API_URL', { slack: { ...config.slack, apiUrl: 'https://slack.example' } }],
  ['SLACK_SIGNING_SECRET', { slack: { ...config.slack, transport: { ...http(), signingSecret: 'other' } } }],
  ['PORT', { slack: { ...config.slack, transport: { ...http(), port: 1 } } }],
  [
    'The way Slack reaches the app',
    { slack: { ...config.slack, transport: { kind: 'socket', appToken: 'xapp-1', proxies: null } } },
  ],
  ['COUNTERSIGN_DB', { database: 'other.db' }],
  ['AUDIT_KEY', { auditKey: null }],
  ['AUDIT_KEY_PREVIOUS', { earlierAuditKeys: [] }],
  ['HEALTH_PORT', { healthPort: 1 }],
  ['LISTEN_HOST', { listenHost: '0.0.0.0' }],
  ['A proxy', { proxies: { http: null, https: 'http://proxy.example', except: '' } }],
])('%s needs a restart', (name, other) => {
  expect(needRestart(config, { ...config, ...other })).toEqual([
    expect.stringMatching(new RegExp(`^${name}\\b.* can't change`)),
  ])
})

test('everything else can change while the app runs', () => {
  const others = { stacks: [], timing: { ...config.timing, sweep: 9 }, logLevel: 'error' as const }
  expect(needRestart(config, { ...config, ...others, anchors: { file: 'f', webhook: null, syslog: null } })).toEqual([])
})

function http() {
  return config.slack.transport as Extract<Config['slack']['transport'], { kind: 'http' }>
}
