import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { appFromManifest } from '../../../src/cli/demo/demo.ts'
import { demoPeople, demoPolicy, demoUserGroups } from '../../../src/cli/demo/workspace.ts'
import { checkPolicies, type PolicyOptions } from '../../../src/cli/policy/check.ts'
import { startSlack } from '../../../src/sandbox/slack/slack.ts'
import { startStack } from '../../../src/sandbox/stack/stack.ts'
import { freePort } from '../../support/port.ts'
import { runCommand } from '../../support/process.ts'

type Environment = Readonly<Record<string, string>>

/** Runs the check with these settings; resolves to whether all is well, its findings, and its complaints. */
async function check(options: PolicyOptions, env: Environment) {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await checkPolicies(options, { tell: (line) => out.push(line), complain: (line) => err.push(line), env })
  return { ok: code === 0, out: out.join('\n'), err: err.join('\n') }
}

/** Runs `countersign policy check` in its own process, with these variables and no others. */
function run(args: readonly string[], env: Environment) {
  return runCommand(['policy', 'check', ...args], env)
}

function fileWith(policy: object, stack: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-policy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'countersign.yaml')
  const website = {
    name: 'website',
    api_key: 'blt1',
    base_url: 'http://127.0.0.1:9',
    requests_per_second: 1000,
    ...stack,
  }
  writeFileSync(path, stringify({ channel: 'C0APPROVALS', policy, stacks: [website] }))
  return path
}

const approvedBy = (approvers: string | string[], quorum = 1) => ({ rules: [{ name: 'all', approvers, quorum }] })
const groups = [
  ...demoUserGroups,
  { id: 'S0OLD', name: 'Old', handle: 'old', users: ['U0BOB'], isDisabled: true },
  { id: 'S0EMPTY', name: 'Empty', handle: 'empty', users: [] },
]

async function startWorkspace() {
  const slack = await startSlack({ app: appFromManifest(), people: demoPeople, userGroups: groups })
  onTestFinished(() => slack.stop())
  return { slack, env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: `${slack.url}/api/` } }
}

async function startBoth() {
  const { env } = await startWorkspace()
  const stack = await startStack({ title: 'Website' })
  onTestFinished(() => stack.stop())
  const rate_limit_fields = { enabled: 'rate_limit_enabled', read: 'rate_limit.read', write: 'rate_limit.write' }
  const path = fileWith(demoPolicy, { api_key: stack.apiKey, base_url: stack.url, rate_limit_fields })
  const all: Environment = { ...env, CONTENTSTACK_AUTHTOKEN: stack.authtoken, COUNTERSIGN_CONFIG: path }
  const explain = (edit: PolicyOptions) => check({ explain: 'website/ci-deploy', ...edit }, all)
  return { env: all, explain, stack }
}

describe('countersign policy check', () => {
  test('without a Slack token reads the file, says what it could not look up, and ends well', async () => {
    const { ok, out, err } = await check({}, { COUNTERSIGN_CONFIG: fileWith(demoPolicy) })
    expect([ok, err]).toEqual([true, ''])
    expect(out).toContain('website: every token expires (refused); new power (1 of S0SECURITY and 1 of S0OWNERS)')
    expect(out).toContain('There is no SLACK_BOT_TOKEN yet')
  })

  test('says at which line and column a file is wrong, and ends with 1', async () => {
    const path = fileWith({ rules: [{ name: 'all', approvers: ['U0BOB', 'carol'] }] })
    const { ok, out, err } = await check({ config: path }, {})
    expect([ok, out]).toEqual([false, ''])
    expect(err).toBe(`${path}:7:11: policy.rules.0.approvers.1: use a Slack member id (U…) or a user group id (S…).`)
  })

  test('looks up in Slack everything that a valid file names, and says that every rule can be met', async () => {
    const { env } = await startWorkspace()
    const { ok, out, err } = await check({ config: fileWith(demoPolicy) }, env)
    expect([ok, err]).toEqual([true, ''])
    expect(out).toContain('Slack knows all groups and channels, and every rule can be met.')
  })

  test.each<[string, object, RegExp]>([
    ['that is not there', approvedBy('S0NOWHERE'), /the rule "all": Slack knows no user group S0NOWHERE/],
    ['that is disabled', approvedBy('S0OLD'), /the user group @old \(S0OLD\) is disabled/],
    ['that is empty', approvedBy('S0EMPTY'), /the user group @empty \(S0EMPTY\) is empty/],
    [
      'that is too small',
      approvedBy('S0OWNERS', 3),
      /wants 3 approvals by different people, but only 2 of those it names may give one[.;]/,
    ],
    [
      'that may ask and is not there',
      { ...approvedBy('U0BOB'), may_ask: 'S0NOWHERE' },
      /may_ask: Slack knows no user group/,
    ],
    [
      'that a condition names and is disabled',
      { rules: [{ name: 'old', when: { requester: 'S0OLD' }, refuse: 'No.' }, ...approvedBy('U0BOB').rules] },
      /the rule "old": the user group @old \(S0OLD\) is disabled/,
    ],
    [
      'whose one member is wanted twice',
      { rules: [{ name: 'all', all_of: [{ from: 'S0SECURITY' }, { from: ['S0SECURITY', 'U0GUS'] }] }] },
      /wants 2 approvals by different people, but only 1 of those it names may give one/,
    ],
  ])('refuses a user group %s', async (_, policy, words) => {
    const { env } = await startWorkspace()
    const { ok, err } = await check({ config: fileWith(policy) }, env)
    expect(err).toMatch(words)
    expect(ok).toBe(false)
  })

  test('refuses approvers who may all do nothing here, and only mentions one who may do nothing', async () => {
    const { env } = await startWorkspace()
    const nobody = await check({ config: fileWith(approvedBy(['U0GUS', 'U0SAM'])) }, env)
    expect(nobody.ok).toBe(false)
    expect(nobody.err).toMatch(
      /wants 1 approval, but only 0 of those it names may give one; U0GUS may not, because guests may not use Countersign; U0SAM may not, because /,
    )
    const one = await check({ config: fileWith(approvedBy(['U0GUS', 'U0BOB'])) }, env)
    expect(one.ok).toBe(true)
    expect(one.out).toContain('U0GUS is named but has no effect: guests may not use Countersign.')
  })

  test.each<[string, object, RegExp]>([
    ['may_ask', { ...approvedBy('U0BOB'), may_ask: ['U0GUS', 'U0BOBB'] }, /may_ask: none of U0GUS, U0BOBB may ask for/],
    [
      'a rule',
      { rules: [{ name: 'new', when: { requester: 'U0BOBB' }, refuse: 'No.' }, ...approvedBy('U0BOB').rules] },
      /the rule "new": none of U0BOBB may ask for anything; U0BOBB may not, because people whom Slack does not know/,
    ],
  ])('refuses %s about people of whom none may do anything here', async (_, policy, words) => {
    const { env } = await startWorkspace()
    const { ok, err } = await check({ config: fileWith(policy) }, env)
    expect(err).toMatch(words)
    expect(ok).toBe(false)
  })

  test('refuses a channel that others can read, and says which scope the app lacks', async () => {
    const { slack, env } = await startWorkspace()
    const path = fileWith(demoPolicy)
    await slack.admin.changeChannel('C0APPROVALS', { isExtShared: true })
    const shared = await check({ config: path }, env)
    expect([shared.ok, shared.err]).toEqual([
      false,
      expect.stringMatching(/C0APPROVALS of website is shared with another/),
    ])
    slack.scopes.delete('usergroups:read')
    const scope = await check({ config: path }, env)
    expect([scope.ok, scope.err]).toEqual([false, expect.stringMatching(/lacks the scope usergroups:read/)])
  })

  test('names the host and the cause if Slack cannot be reached, and what answers in its place', async () => {
    const { env, slack } = await startWorkspace()
    slack.trouble.inPlace = { 'auth.test': 'html' }
    const config = fileWith(demoPolicy)
    expect((await check({ config }, env)).err).toMatch(
      /^Slack gave no answer to auth\.test: 127\.0\.0\.1:\d+ answered with something that is not JSON .*: check the network.* Nothing was looked up\.$/,
    )
    const away = await check({ config }, { ...env, SLACK_API_URL: `http://127.0.0.1:${await freePort()}/api/` })
    expect(away.err).toMatch(/the connection to 127\.0\.0\.1:\d+ failed \(ECONNREFUSED at 127\.0\.0\.1:\d+\)/)
  })

  test('says that the plan has no user groups, and does not blame the token', async () => {
    const { env, slack } = await startWorkspace()
    slack.trouble.fail = { 'usergroups.list': 'plan_upgrade_required' }
    const { err } = await check({ config: fileWith(demoPolicy) }, env)
    expect(err).toMatch(/^The plan of this Slack workspace .*\(plan_upgrade_required\): user groups need a paid plan/)
    expect(err).not.toContain('SLACK_BOT_TOKEN')
  })

  test('says so if Slack does not take the token', async () => {
    const { env } = await startWorkspace()
    const { ok, err } = await check({ config: fileWith(demoPolicy) }, { ...env, SLACK_BOT_TOKEN: 'xoxb-wrong' })
    expect([ok, err]).toEqual([
      false,
      "Slack does not accept the app's token for auth.test (invalid_auth): check SLACK_BOT_TOKEN. Nothing was looked up.",
    ])
  })
})

describe('countersign policy check --explain', () => {
  test('says what an edit means, which rule it meets and who could decide by name', async () => {
    const { explain } = await startBoth()
    const { ok, out } = await explain({ grant: ['asset=write'], as: 'U0BOB' })
    expect(ok).toBe(true)
    expect(out).toContain(
      [
        'website/ci-deploy, asked for by Bob Brandt',
        '  Verdict: widens: gains read and write on assets.',
        '  Rule: new power',
        '  Needs 2 approvals by different people, not counting whoever asks:',
        '    - 1 of @security (Dave Dubois)',
        '    - 1 of @owners (Bob Brandt, who asks and so may not decide, Carol Castro, ' +
          'Gus Garcia (guest), who does not count: guests may not use Countersign, ' +
          'Sam Sato (other company), who does not count: people from other workspaces may not use Countersign)',
        "  Whoever approves is asked to type the token's name.",
      ].join('\n'),
    )
  })

  test.each<[string, PolicyOptions, string]>([
    ['loses a branch', { branch: ['-development'] }, 'Rule: narrower'],
    ['gains a branch', { branch: ['+feature-x'] }, 'Rule: wider'],
    ['loses an alias', { alias: ['-live'] }, 'Rule: narrower'],
    ['gets another name', { name: 'ci' }, 'Rule: wording'],
    ['loses access to all entries', { grant: ['entry=none'] }, 'Rule: narrower'],
    ['gains the whole stack', { grant: ['all=read'] }, 'Rule: new power'],
    ['lives longer', { expires: '2099-01-01' }, 'Rule: wider'],
    ['never expires', { expires: 'never' }, 'Refused: The policy forbids it (every token expires): Every token here'],
    ['stays as it is', { name: 'ci-deploy' }, 'Nothing would change'],
  ])('finds the rule for a token that %s', async (_, edit, words) => {
    const { explain } = await startBoth()
    const { ok, out, err } = await explain(edit)
    expect([ok, err]).toEqual([true, ''])
    expect(out).toContain(words)
  })

  test('says that a guest may not ask', async () => {
    const { explain } = await startBoth()
    const { out } = await explain({ name: 'ci', as: 'U0GUS' })
    expect(out).toContain('Refused: This is not for you: guests may not use Countersign.')
  })

  test('without a name for who asks leaves out who may ask', async () => {
    const { env, stack } = await startBoth()
    const policy = { ...approvedBy('U0BOB'), may_ask: 'S0SECURITY' }
    const config = fileWith(policy, { api_key: stack.apiKey, base_url: stack.url })
    const asked = { config, explain: 'website/ci-deploy', name: 'ci' }
    expect((await check(asked, env)).out).toContain('Rule: all')
    expect((await check({ ...asked, as: 'U0ALICE' }, env)).out).toContain(
      'Refused: You are not among those who may ask',
    )
    expect((await check({ ...asked, as: 'U0DAVE' }, env)).out).toContain('Rule: all')
  })

  test('works without Slack by the ids in the file', async () => {
    const { env } = await startBoth()
    const { SLACK_BOT_TOKEN: _, ...without } = env
    const { ok, out } = await check({ explain: 'website/ci-deploy', grant: ['asset=write'] }, without)
    expect(ok).toBe(true)
    expect(out).toContain('- 1 of S0SECURITY')
    expect(out).toContain('asked for by somebody the policy does not name')
  })

  test('without Slack says of a policy with requesters in groups what can be told, and what cannot', async () => {
    const { env, stack } = await startBoth()
    const { SLACK_BOT_TOKEN: _, ...without } = env
    const rules = [{ name: 'new', when: { requester: 'S0SECURITY' }, refuse: 'No.' }, ...approvedBy('U0BOB').rules]
    const config = fileWith({ may_ask: ['S0OWNERS', 'U0ALICE'], rules }, { api_key: stack.apiKey, base_url: stack.url })
    const asked = { config, explain: 'website/ci-deploy', name: 'ci' }
    expect((await check(asked, without)).out).toContain('Rule: all')
    expect((await check({ ...asked, as: 'U0ALICE' }, without)).out).toContain(
      'Which rule it meets depends on who is in S0SECURITY: set SLACK_BOT_TOKEN to look that up.',
    )
    expect((await check({ ...asked, as: 'U0BOB' }, without)).out).toContain('who is in S0OWNERS, S0SECURITY:')
  })

  test('says if too few may decide for it to be sent', async () => {
    const { env, explain, stack } = await startBoth()
    const config = fileWith(approvedBy(['U0BOB', 'U0GUS']), { api_key: stack.apiKey, base_url: stack.url })
    const asked = { config, explain: 'website/ci-deploy', name: 'ci' }
    const tooFew = "Too few of them may decide, so it can't be sent for approval."
    expect((await check({ ...asked, as: 'U0BOB' }, env)).out).toContain(tooFew)
    expect((await check(asked, env)).out).not.toContain(tooFew)
    expect((await explain({ name: 'ci', as: 'U0BOB' })).out).not.toContain(tooFew)
  })

  test.each<[string, PolicyOptions, RegExp]>([
    ['an unknown stack', { explain: 'shop/ci-deploy' }, /There is no stack shop; there are website/],
    ['an unknown token', { explain: 'website/ci-deplyo' }, /no token called "ci-deplyo"; there is ci-deploy \(blt/],
    ['a grant to nothing', { grant: ['entries=write'] }, /--grant entries=write can't be read: give one of all, /],
    ['a grant of nothing', { grant: ['entry'] }, /--grant entry can't be read/],
    ['a day that is none', { expires: '2027-13-01' }, /--expires 2027-13-01 can't be read/],
    ['a branch without a sign', { branch: ['main'] }, /--branch or --alias main can't be read/],
    ['limits without a number', { rates: 'many' }, /--rates many can't be read/],
  ])('refuses %s in words', async (_, options, words) => {
    const { explain } = await startBoth()
    const { ok, err } = await explain(options)
    expect(err).toMatch(words)
    expect(ok).toBe(false)
  })

  test('refuses rate limits where they are not managed', async () => {
    const { env, stack } = await startBoth()
    const config = fileWith(demoPolicy, { api_key: stack.apiKey, base_url: stack.url })
    const { ok, err } = await check({ config, explain: 'website/ci-deploy', rates: '10/5' }, env)
    expect([ok, err]).toEqual([false, expect.stringMatching(/^Rate limits are not managed for this stack/)])
  })

  test('needs the authtoken, and says so', async () => {
    const { ok, err } = await check({ config: fileWith(demoPolicy), explain: 'website/ci-deploy', name: 'ci' }, {})
    expect([ok, err]).toEqual([false, expect.stringMatching(/The authtoken of website is not set/)])
  })
})

test('names the host and the cause when the stack cannot be reached', async () => {
  const { env } = await startBoth()
  const base_url = `http://127.0.0.1:${await freePort()}`
  const { ok, err } = await check({ config: fileWith(demoPolicy, { base_url }), explain: 'website/ci-deploy' }, env)
  expect([ok, err]).toEqual([
    false,
    expect.stringMatching(/the connection to 127\.0\.0\.1:\d+ failed \(ECONNREFUSED at 127\.0\.0\.1:\d+\)/),
  ])
})

describe('on the command line', () => {
  test('every part of an edit can be typed, lists by repeating the option', async () => {
    const { env } = await startBoth()
    const edit =
      '--name ci --expires 2099-01-01 --grant asset=read --grant entry=read --branch +feature-x --branch -main --alias -live --rates 10/5'
    const { code, out, err } = await run(['--explain', 'website/ci-deploy', '--as', 'U0ALICE', ...edit.split(' ')], env)
    expect([code, err]).toEqual([0, ''])
    const why =
      /Verdict: both: loses write on entries; gains read on assets; reaches branch feature-x; no longer reaches branch main; no longer reaches alias live \(→ main\); expires (over )?\d+ years later, on 2099-01-01; gets a read limit of 10 a second/
    expect(out).toMatch(why)
  })

  test('a file with mistakes ends the command with 1, and they go to standard error', async () => {
    const { code, out, err } = await run(['--config', fileWith({ rules: [] })], {})
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^\/.*countersign\.yaml:3:3: policy\.rules: /)
  })
})
