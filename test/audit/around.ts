import { spawn } from 'node:child_process'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type ExportOptions, exportAudit } from '../../src/audit/export.ts'
import { type VerifyOptions, verifyAudit } from '../../src/audit/verify.ts'

export type Environment = Readonly<Record<string, string>>

/** `countersign audit verify` with these settings, and what it says. */
export async function verify(options: VerifyOptions, env: Environment) {
  const { around, said } = listening(env)
  const code = await verifyAudit(options, around)
  return { code, ...said() }
}

/** `countersign audit export` with these settings, and what it writes and says. */
export async function exported(options: Partial<ExportOptions>, env: Environment) {
  const { around, said } = listening(env)
  const blocks: string[] = []
  const out = new Writable({ write: (block, _, done) => done(void blocks.push(String(block))) })
  const code = await exportAudit({ format: 'ndjson', ...options }, { ...around, out })
  return { code, written: blocks.join(''), err: said().err }
}

function listening(env: Environment) {
  const [out, err]: [string[], string[]] = [[], []]
  const around = { tell: (line: string) => out.push(line), complain: (line: string) => err.push(line), env }
  return { around, said: () => ({ out: out.join('\n'), err: err.join('\n') }) }
}

/** Runs `countersign audit …` in a process of its own, with these variables and no others. */
export async function run(args: readonly string[], env: Environment) {
  const child = spawn(process.execPath, ['src/cli.ts', 'audit', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { code, out, err }
}
