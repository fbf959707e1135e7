import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'
import { stringify } from 'yaml'
import { appFromManifest } from '../../src/cli/demo/demo.ts'
import type { SlackOptions } from '../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../src/sandbox/slack/slack.ts'
import type { Behaviour } from '../../src/sandbox/stack/behaviour.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import type { StackOptions } from '../../src/sandbox/stack/world.ts'
import { isOnPostgres } from '../support/engine.ts'
import { type AppProcess, startProcess } from '../support/process.ts'
import { databaseOnServer } from './on-server.ts'

export type Options = {
  behaviour?: Partial<Behaviour>
  /** In seconds: short if a timeout has to strike, or if the lease has to run out while the app runs. */
  timing?: Readonly<Record<string, number>>
  /** How many must approve. */
  approvals?: number
  /** Options for the workspace: the address it is known by, for example. */
  slack?: SlackOptions
  /** Options for the emulated stack. */
  stack?: StackOptions
  /** The app's settings for the stack besides its address; who approves unless given. */
  website?: Readonly<Record<string, unknown>>
}

type Start = {
  readonly killAt?: string
  /** By how many milliseconds the clock of its host is ahead. */
  readonly skew?: number
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** Another version: see support/later-version.ts. */
  readonly program?: string
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** Half a minute is longer than any of it: see `passTime`. A busy machine must not make an apply seem lost. */
const patient = { write_timeout: 10, lease: 25 }
export const impatient = { write_timeout: 0.5, lease: 2 }

/**
 * Processes are started and killed, and the machine may have other work. Frozen, since `test.concurrent` notes in the options
 * it is given that tests with them run beside each other: those of other files would too. A copy is for that.
 */
export const slow = Object.freeze({ timeout: 300_000 })

/**
 * Both kinds of stack, in turns: what an update does to other settings depends neither on when the app dies nor on what
 * the stack says.
 */
export const [replacing, merging] = [{ update: 'replace' }, { update: 'merge' }] as const

/** In milliseconds. */
export const halfAMinute = 30_000

/** For an error that somebody else waits for. */
export function passOver(): void {}

export const channel = 'C0APPROVALS'

/** A workspace, a stack, and a folder for settings and database, in which the real app can be started. */
export async function createWorld({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, options: Options = {}) {
  const { behaviour = {}, timing = patient, approvals = 1, slack: at = {} } = options
  const { website: said = { approvers: ['U0BOB', 'U0CAROL'], approvals } } = options
  const slack = await startSlack({ app: appFromManifest(), ...at })
  const stack = await startStack({ title: 'Website', behaviour, ...options.stack })
  const folder = mkdtempSync(join(tmpdir(), 'countersign-crash-'))
  const server = isOnPostgres ? await databaseOnServer() : null
  const database = server?.url ?? join(folder, 'countersign.db')
  const commits = join(folder, 'commits')
  const env = settings()
  const processes: AppProcess[] = []
  let ahead = 0
  onTestFinished(async () => {
    await Promise.all(processes.map((app) => app.kill()))
    await slack.stop()
    await stack.stop()
    await server?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const tokenBefore = stack.tokens().find(({ name }) => name === 'ci-deploy')!
  return {
    slack,
    stack,
    tokenBefore,
    folder,
    database,
    env,
    start,
    until,
    passTime,
    commits: commitsSoFar,
    copyOfDatabase,
  }

  /** Starts the app. `killAt` says where it dies: see `at-commit.ts` and `commits-on-server.ts`. */
  async function start({ killAt, skew = 0, env: other = {}, args = [], program }: Start = {}) {
    const preload = fileURLToPath(new URL('at-commit.ts', import.meta.url))
    const watched = { COMMITS: commits, AHEAD: String(ahead + skew), ...(killAt && { KILL_AT: killAt }) }
    const way = await server?.wayFor(killAt, () => app.signal('SIGKILL'))
    const app = await startProcess({
      env: { ...env, ...watched, ...way, ...other },
      preload,
      args,
      ...(program && { program }),
    })
    processes.push(app)
    return app
  }

  /**
   * Resolves with the first answer of `probe` that is something, asking again whenever Slack or the stack has changed.
   */
  function until<T>(probe: () => T | undefined | null | false, what: string, timeoutMs = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const stops = [slack.onChange(look), stack.onChange(look)]
      const timer = setTimeout(() => {
        end()
        reject(
          new Error([`Waited in vain for ${what}.`, ...processes.map((app) => app.stdout + app.stderr)].join('\n')),
        )
      }, timeoutMs)
      look()

      function look() {
        const answer = probe()
        if (answer === undefined || answer === null || answer === false) return
        end()
        resolve(answer)
      }

      function end() {
        clearTimeout(timer)
        for (const stop of stops) stop()
      }
    })
  }

  /** Half a minute passes for the app: work it put off is due. A process started later starts at that time. */
  function passTime(): void {
    ahead += halfAMinute
    void server?.pass(halfAMinute)
    for (const app of processes) app.ready.then(() => app.running && app.signal('SIGUSR2'), passOver)
  }

  function commitsSoFar(): string[] {
    if (server) return server.commits
    return existsSync(commits) ? readFileSync(commits, 'utf8').trim().split('\n') : []
  }

  /** A copy of what is on disk now: looking into it leaves the original to the app. A server is there for several anyway. */
  function copyOfDatabase(): string {
    if (server) return server.url
    const copy = mkdtempSync(join(folder, 'copy-'))
    for (const suffix of ['', '-wal'])
      cpSync(`${database}${suffix}`, join(copy, `countersign.db${suffix}`), { force: true })
    return join(copy, 'countersign.db')
  }

  function settings(): Record<string, string> {
    const path = join(folder, 'countersign.yaml')
    const { apiKey: api_key, url: base_url } = stack
    const website = { name: 'website', api_key, base_url, ...said, requests_per_second: 100 }
    writeFileSync(path, stringify({ channel, stacks: [website], timing: { ...timing, sweep: 0.2 } }))
    return {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: `${slack.url}/api/`,
      CONTENTSTACK_AUTHTOKEN: stack.authtoken,
      COUNTERSIGN_CONFIG: path,
      COUNTERSIGN_DB: database,
    }
  }
}
