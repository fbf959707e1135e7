import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigProblems } from '../../config/settings.ts'
import { visible } from '../../domain/text.ts'
import { shipped } from '../../shipped.ts'
import type { Ask } from '../asker.ts'
import { command, type Here } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { type Answers, answersTo, type Given } from './answers.ts'
import { envText, isWritable, unwritable } from './env-text.ts'
import { manifestLines } from './manifest.ts'
import { requireFree, writeNew } from './new-files.ts'
import { nextSteps } from './next-steps.ts'
import { askForSecrets, neededSecrets } from './secrets.ts'
import { settingsText } from './settings-text.ts'

type Options = Given & { readonly config?: string; readonly envFile?: string }

type Around = {
  /** Null if nobody is at a terminal. */
  readonly ask: Ask | null
  /** The folder that the files are in; the current one unless given. */
  readonly folder?: string
}

/**
 * Writes the files that Countersign is started with, and says what to do next. Asks for what the options do not say, and
 * writes nothing before all of it is known. Resolves to the exit code: 0, or 1 if nothing was written.
 */
export function init(options: Options, terminal: Terminal & Around): Promise<number> {
  const { ask, folder = '' } = terminal
  const { config = 'countersign.yaml', envFile = '.env' } = options
  return command(terminal, async (here) => {
    const [settings, environment] = [resolve(folder, config), resolve(folder, envFile)]
    const database = resolve(folder, 'countersign.db')
    requireFree([settings, environment])
    requireWritable({ COUNTERSIGN_CONFIG: settings, COUNTERSIGN_DB: database })
    const answers = await answersTo(options, ask, here)
    const needed = neededSecrets(answers)
    const secrets = ask === null ? {} : await askForSecrets(needed, ask, here)
    const values = { ...variablesFor(answers, settings, database), ...secrets }
    writeNew([
      { path: settings, text: settingsText(answers, envFile), mode: 0o644 },
      { path: environment, text: envText(readFileSync(shipped('.env.example'), 'utf8'), values), mode: 0o600 },
    ])
    const missing = new Set(needed.map(({ name }) => name).filter((name) => !(name in secrets)))
    tellOf({ answers, settings, environment, envFile, missing }, here)
  })
}

/** Throws ConfigProblems for paths that the env file can't hold, before anybody is asked anything. */
function requireWritable(paths: Readonly<Record<string, string>>): void {
  const odd = Object.entries(paths).filter(([, path]) => !isWritable(path))
  if (odd.length === 0) return
  throw new ConfigProblems([
    ...odd.map(([name]) => `The path for ${name} ${unwritable}: run it in another folder, or give another name.`),
    'Nothing was written.',
  ])
}

/** Paths are whole: wherever a command is typed, it finds the same database. */
function variablesFor({ http }: Answers, settings: string, database: string): Record<string, string | null> {
  return {
    COUNTERSIGN_CONFIG: settings,
    COUNTERSIGN_DB: database,
    AUDIT_KEY: randomBytes(32).toString('hex'),
    ...(http && { SLACK_APP_TOKEN: null, SLACK_SIGNING_SECRET: 'change-me', PORT: String(http.port) }),
  }
}

type Written = {
  readonly answers: Answers
  readonly settings: string
  readonly environment: string
  readonly envFile: string
  readonly missing: ReadonlySet<string>
}

function tellOf({ answers, settings, environment, envFile, missing }: Written, { tell }: Pick<Here, 'tell'>): void {
  const steps = nextSteps({ answers, envFile, missing, setup: shipped('docs/setup.md') })
  const lines = [
    `Wrote ${settings}: the stack, the channel, and who approves what. Read it through.`,
    `Wrote ${environment}, which only you can read, with a new AUDIT_KEY. Keep a copy of that key apart from the database.`,
    '',
    'The manifest of the Slack app:',
    '',
    ...manifestLines(answers.http?.url ?? null),
    '',
    ...steps,
  ]
  for (const line of lines) tell(visible(line))
}
