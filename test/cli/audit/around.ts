import { Writable } from 'node:stream'
import { type ExportOptions, exportAudit } from '../../../src/cli/audit/export.ts'
import { leaveKey, loseKey } from '../../../src/cli/audit/leave-key.ts'
import { type VerifyOptions, verifyAudit } from '../../../src/cli/audit/verify.ts'
import { runCommand } from '../../support/process.ts'

export type Environment = Readonly<Record<string, string>>

/** Runs `countersign audit verify` with these settings; resolves to its output. */
export async function verify(options: VerifyOptions, env: Environment) {
  const { around, said } = listening(env)
  const code = await verifyAudit(options, around)
  return { code, ...said() }
}

/** Runs `countersign audit export` with these settings; resolves to the export and the output. */
export async function exported(options: Partial<ExportOptions>, env: Environment) {
  const { around, said } = listening(env)
  const blocks: string[] = []
  const out = new Writable({ write: (block, _, done) => done(void blocks.push(String(block))) })
  const code = await exportAudit({ format: 'ndjson', ...options }, { ...around, out })
  return { code, written: blocks.join(''), err: said().err }
}

/** Runs `countersign audit leave-key`, or `--lost`, with these settings. */
export async function leavesKey(env: Environment, { lost = false } = {}) {
  const { around, said } = listening(env)
  const code = await (lost ? loseKey : leaveKey)(around)
  return { code, ...said() }
}

export function listening(env: Environment) {
  const [out, err]: [string[], string[]] = [[], []]
  const around = { tell: (line: string) => out.push(line), complain: (line: string) => err.push(line), env }
  return { around, said: () => ({ out: out.join('\n'), err: err.join('\n') }) }
}

/** Runs `countersign audit …` in its own process, with these variables and no others. */
export function run(args: readonly string[], env: Environment) {
  return runCommand(['audit', ...args], env)
}
