import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { appFromManifest } from '../../src/cli/demo/demo.ts'
import { demoPeople, demoPolicy, demoUserGroups } from '../../src/cli/demo/workspace.ts'
import { doctor } from '../../src/cli/doctor/doctor.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { type Machine, thisMachine } from '../../src/cli/doctor/machine.ts'
import { startSlack } from '../../src/sandbox/slack/slack.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import type { StackOptions } from '../../src/sandbox/stack/world.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { emptyDatabase } from './file.ts'

export type Environment = Readonly<Record<string, string>>

const gigabyte = 1_000_000_000
/** A machine without any trouble, wherever the tests run. */
const machine: Machine = { ...thisMachine, freeBytes: async () => 10 * gigabyte }

type Looked = {
  readonly envFile?: string
  readonly env?: Environment
  readonly machine?: Partial<Machine>
  readonly now?: () => Date
}

/** Everything that the doctor looks at, in good order; each test then spoils one part. */
export async function startPatient(options: StackOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const slack = await startSlack({ app: appFromManifest(), people: demoPeople, userGroups: demoUserGroups })
  onTestFinished(() => slack.stop())
  const stack = await startStack({ title: 'Website', ...options })
  onTestFinished(() => stack.stop())
  const config = join(folder, 'countersign.yaml')
  const database = join(folder, 'countersign.db')
  configure()
  const env: Environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: `${slack.url}/api/`,
    CONTENTSTACK_AUTHTOKEN: stack.authtoken,
    AUDIT_KEY: 'a-key-of-the-tests-of-forty-characters-00',
    COUNTERSIGN_CONFIG: config,
    COUNTERSIGN_DB: database,
  }
  return { slack, stack, folder, config, database, env, configure, makeDatabase, look }

  /** Writes the settings, with changes to the one stack, and more settings beside it. */
  function configure(changes: object = {}, beside: object = {}): void {
    const { rateLimitFields } = stack.behaviour
    const website = { name: 'website', api_key: stack.apiKey, base_url: stack.url, requests_per_second: 50 }
    const all = { ...website, rate_limit_fields: rateLimitFields, policy: demoPolicy, ...changes }
    writeFileSync(config, stringify({ channel: 'C0APPROVALS', stacks: [all], ...beside }))
    chmodSync(config, 0o644)
  }

  /** Creates the database as a stopped app leaves it; `actor` is who last did something in it. */
  async function makeDatabase(actor = 'app'): Promise<void> {
    emptyDatabase(database)
    const store = openStore(database, () => new Date('2026-06-01T09:00:00.000Z'))
    await store.note({ type: 'stopped' }, actor, null)
    store.close()
    chmodSync(database, 0o600)
  }

  /** Every finding, read from the output for programs. */
  async function look({ env: changes, machine: other, now, ...options }: Looked = {}) {
    const lines: string[] = []
    const said = { tell: (line: string) => lines.push(line), complain: (line: string) => lines.push(line) }
    const code = await doctor(
      { json: true, ...options },
      { ...said, env: { ...env, ...changes }, folder, machine: { ...machine, ...other }, ...(now && { now }) },
    )
    const { findings } = JSON.parse(lines.join('\n')) as { findings: readonly Finding[] }
    return { code, findings, of: (area: string) => findings.filter((one) => one.area === area).map(inShort) }
  }
}

export function inShort({ level, says, todo }: Omit<Finding, 'area'>): string {
  return [level, says, ...(todo ? [`→ ${todo}`] : [])].join(' ')
}

/** The contents of a folder, to the byte. */
export function contents(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('hex')]))
}
