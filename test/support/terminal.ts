import type { Terminal } from '../../src/cli/terminal.ts'

type Environment = Readonly<Record<string, string>>

/** Runs a command in this process as at root's terminal; resolves to whether it succeeded, and to both streams. */
export async function atTerminalOf(
  env: Environment,
  command: (terminal: Terminal) => Promise<number>,
  columns: number | null = null,
) {
  const [out, err]: [string[], string[]] = [[], []]
  const streams = { tell: (line: string) => void out.push(line), complain: (line: string) => void err.push(line) }
  const ok = 0 === (await command({ ...streams, env, columns, user: 'root' }))
  return { ok, out: out.join('\n'), err: err.join('\n') }
}
