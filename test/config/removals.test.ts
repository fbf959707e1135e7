import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/config.ts'
import { removalProblem } from '../../src/config/removals.ts'
import { type Config, ConfigProblems, isSameSettings } from '../../src/config/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-removals-'))
afterAll(() => rmSync(folder, { recursive: true }))

function load(file: string | object): Config {
  const path = join(folder, 'countersign.yaml')
  writeFileSync(path, typeof file === 'string' ? file : stringify(file))
  const secrets = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', CONTENTSTACK_AUTHTOKEN: 'auth-1' }
  return loadConfig({ ...secrets, SHOP_AUTHTOKEN: 'auth-2', COUNTERSIGN_CONFIG: path })
}

/** Null for a file that is refused anyway. */
function loadIfRight(file: string): Config | null {
  try {
    return load(file)
  } catch (error) {
    if (error instanceof ConfigProblems) return null
    throw error
  }
}

const whole = {
  channel: 'C0APPROVALS',
  stacks: [
    { name: 'website', api_key: 'blt1', region: 'eu', approvers: ['U0BOB', 'U0CAROL', 'U0DAVE'], approvals: 2 },
    {
      ...{ name: 'shop', api_key: 'blt2', region: 'eu', channel: 'C0SHOP', authtoken_env: 'SHOP_AUTHTOKEN' },
      requests_per_second: 3,
      policy: {
        rules: [
          { name: 'never', refuse: 'No.', when: { gains: ['$all', 'role'], verdict: 'widens' } },
          { name: 'wider', approvers: ['U0BOB', 'U0CAROL'], quorum: 2, confirm: true, when: { verdict: ['widens'] } },
          { name: 'rest', all_of: [{ from: ['U0BOB'] }, { from: ['U0CAROL', 'U0DAVE'], quorum: 2 }] },
        ],
        protects: ['root-*', 'prod-*'],
        may_ask: ['U0ALICE', 'U0BOB'],
        lives: '3d',
      },
    },
  ],
  timing: { sweep: 7 },
  anchors: { file: '/var/log/anchors' },
}
const lines = stringify(whole).split('\n')

describe('what a file no longer has', () => {
  test('is noticed wherever the file is cut, unless that is a mistake anyway, or only people are missing', () => {
    const found = lines.flatMap((first, i) => {
      const cut = loadIfRight(`${lines.slice(0, i).join('\n')}\n`)
      if (cut === null || isSameSettings(load(whole), cut)) return []
      return [{ first: first.trim(), isNoticed: removalProblem(load(whole), cut) !== null }]
    })
    expect(found.filter(({ isNoticed }) => isNoticed).map(({ first }) => first)).toEqual([
      ...['- U0CAROL', '- U0DAVE', 'approvals: 2', '- name: shop'],
      ...['when:', '- role', 'verdict: widens', '- name: wider'],
      ...['- U0CAROL', 'quorum: 2', 'confirm: true', 'when:', '- name: rest'],
      ...['- from:', '- U0DAVE', 'quorum: 2', 'protects:', '- prod-*', 'may_ask:', '- U0BOB', 'lives: 3d'],
      ...['timing:', 'anchors:'],
    ])
    expect(found.filter(({ isNoticed }) => !isNoticed).map(({ first }) => first)).toEqual([])
  })

  test.each<[string, object, string | null]>([
    ['a stack', { ...whole, stacks: [whole.stacks[1]] }, 'stacks.website'],
    ['the number of approvals', withStack({ approvals: undefined }), 'stacks.website.approvals'],
    [
      'several at once',
      { ...withStack({ region: undefined, base_url: 'https://a' }), timing: {} },
      'stacks.website.region, timing.sweep',
    ],
    ['one of the people', withStack({ approvers: ['U0CAROL', 'U0DAVE'] }), null],
    ['a name in favour of another', withStack({ name: 'site' }), null],
    ['the order', { ...whole, stacks: whole.stacks.toReversed() }, null],
    ['a number in favour of another', withStack({ approvals: 1 }), null],
    ['a list in favour of its only entry', withStack({ approvers: 'U0BOB', approvals: 1 }), null],
  ])('is named, and what was only changed is not: %s', (_, file, gone) => {
    const problem = removalProblem(load(whole), load(file))
    if (gone === null) expect(problem).toBeNull()
    else expect(problem).toContain(`The file with the stacks no longer has ${gone}. It may be only half written`)
  })

  test('is told by its name, exactly as it is written, and whether it is a list or not', () => {
    const rules = ['Production', 'production'].map((name) => ({
      name,
      when: { token: `${name}-*` },
      approvers: 'U0BOB',
    }))
    const withPolicy = (policy: object) => load(withStack({ approvers: undefined, approvals: undefined, policy }))
    const both = withPolicy({ rules, protects: 'root-*' })
    expect(removalProblem(both, withPolicy({ rules: rules.slice(0, 1), protects: 'root-*' }))).toContain(
      'stacks.website.policy.rules.production. ',
    )
    expect(removalProblem(both, withPolicy({ rules, protects: ['prod-*'] }))).toContain('policy.protects.root-*. ')
    expect(removalProblem(both, withPolicy({ rules, protects: ['prod-*', 'root-*'] }))).toBeNull()
  })

  test('may be the rest of its last line', () => {
    const text = stringify(whole)
    const cut = load(text.trimEnd().slice(0, -'/anchors'.length))
    expect(removalProblem(load(text), cut)).toContain(
      'The file with the stacks now ends in the middle of a line. It may',
    )
    expect(removalProblem(cut, cut)).toBeNull()
    expect(removalProblem(cut, load(text))).toBeNull()
  })

  test('is counted if it is much', () => {
    const { channel, stacks } = whole
    const [website] = stacks
    const rules = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((token) => ({
      name: token,
      when: { token },
      approvers: 'U0BOB',
    }))
    const many = { channel, stacks: [{ ...website, approvers: undefined, approvals: undefined, policy: { rules } }] }
    const one = { channel, stacks: [{ ...many.stacks[0], policy: { rules: rules.slice(0, 1) } }] }
    const at = 'stacks.website.policy.rules.'
    expect(removalProblem(load(many), load(one))).toContain(
      `no longer has ${['b', 'c', 'd', 'e', 'f'].map((name) => at + name).join(', ')} and 1 more. `,
    )
  })

  test('is nothing if the file had it only for those who read it', () => {
    expect(isSameSettings(load(whole), load(withStack({ requests_per_second: 2 })))).toBe(true)
  })
})

function withStack(changes: object): object {
  const [website, shop] = whole.stacks
  return { ...whole, stacks: [{ ...website, ...changes }, shop] }
}
