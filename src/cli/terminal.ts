/** The terminal that a command is typed at. What is left out is the process's own. */
export type Terminal = {
  /** Gets what was asked for, line by line. */
  readonly tell: (line: string) => void
  /** Gets what is wrong. */
  readonly complain: (line: string) => void
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly now?: () => Date
  /** How many characters fit into a line; null where nobody looks, and nothing is cut. */
  readonly columns?: number | null
  /** Who types, as this machine knows them. */
  readonly user?: string
}

/** Runs a command at the terminal of this process, which ends with the command's exit code. */
export async function atThisTerminal(command: (terminal: Terminal) => Promise<number>): Promise<void> {
  process.exitCode = await command(thisTerminal())
}

/** Nothing is cut where the output goes to a file or another program. */
function thisTerminal(): Terminal {
  const line = (to: NodeJS.WriteStream) => (text: string) => void to.write(`${text}\n`)
  const columns = process.stdout.isTTY ? process.stdout.columns : null
  return { tell: line(process.stdout), complain: line(process.stderr), columns }
}
