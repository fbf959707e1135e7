import { loadAudit, whereTheKeyMayBe } from '../../config/config.ts'
import { auditKey, earlierKeys } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { command, type Here, ofDatabase } from '../command.ts'
import type { Terminal } from '../terminal.ts'

export type SlackAccess = { readonly botToken: string; readonly apiUrl: string | null }

export type Settings = { readonly database: string; readonly keys: Keys; readonly slack: SlackAccess | null }

/**
 * Runs a command about the log, with the settings for it. It ends with 2 if it could not do its work, even for an
 * unexpected reason, which is shown in full unless it is the database: 1 would say that something is wrong with the log.
 */
export function auditCommand(
  terminal: Terminal,
  work: (settings: Settings, here: Here) => Promise<number>,
): Promise<number> {
  const otherwise = { exitCode: 2, nothingWas: 'checked', unexpected: whole, hint: whereTheKeyMayBe } as const
  return command(terminal, (here) => work(settingsFor(here), here), otherwise)
}

/** Throws ConfigProblems for keys that can't be read or are too short. */
function settingsFor({ env }: Here): Settings {
  const config = loadAudit(env)
  const earlier = earlierKeys(config.earlierKeys)
  return { database: config.database, slack: config.slack, keys: { current: auditKey(config.auditKey), earlier } }
}

function whole(error: unknown): string {
  return ofDatabase(error) ?? stackOf(error)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
