import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { ConfigProblems, loadConfig } from '../src/config.ts'

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
      policy: { approvers: ['U0BOB', 'U0CAROL'], approvals: 1 },
      rateLimitFields: null,
      requestsPerSecond: 2,
    })
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

  test('choose HTTP by a signing secret and a port', () => {
    const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 's', PORT: '3000' }
    expect(load(whole, http).slack.transport).toEqual({ kind: 'http', signingSecret: 's', port: 3000 })
    expect(problemsOf(whole, { ...http, PORT: undefined })).toEqual([expect.stringMatching(/^PORT is missing/)])
    expect(problemsOf(whole, { ...http, PORT: 'many' })).toEqual([expect.stringMatching(/^PORT/)])
    expect(problemsOf(whole, { SLACK_SIGNING_SECRET: 's', PORT: '3000' })).toEqual([expect.stringMatching(/both set/)])
  })

  test('take a secret from a file', () => {
    const path = write('token', 'xoxb-from-file\n')
    expect(load(whole, { SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: path }).slack.botToken).toBe(
      'xoxb-from-file',
    )
    const missing = { SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: join(folder, 'nothing') }
    expect(problemsOf(whole, missing)[0]).toMatch(/^SLACK_BOT_TOKEN_FILE points at .*nothing, which can't be read/)
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
    ['two stacks of one name', { ...whole, stacks: [website, website] }, /Two stacks are called website/],
    ['a lease shorter than two writes', { ...whole, timing: { write_timeout: 10, lease: 15 } }, /timing\.lease/],
  ])('with %s are refused', (_, settings, problem) => {
    expect(problemsOf(settings)).toEqual([expect.stringMatching(problem)])
  })

  test('that are no YAML are refused with the place', () => {
    const path = write('broken.yaml', 'stacks: [\n  - name')
    expect(problemsOf(whole, { COUNTERSIGN_CONFIG: path })[0]).toMatch(/broken\.yaml can't be read: .*line/)
  })
})
