/** The terminal at which a command is typed. Anything left out is the process's own. */
export type Terminal = {
  /** Gets the results, line by line. */
  readonly tell: (line: string) => void
  /** Gets the problems. */
  readonly complain: (line: string) => void
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly now?: () => Date
  /** How many characters fit into a line; null if nobody is looking, so nothing is cut. */
  readonly columns?: number | null
  /** The user at the terminal, as this machine knows them. */
  readonly user?: string
}

/** Runs a command at this process's terminal; the process ends with the command's exit code. */
export async function atThisTerminal(command: (terminal: Terminal) => Promise<number>): Promise<void> {
  process.exitCode = await command(thisTerminal())
}

/** Nothing is cut if the output goes to a file or another program. */
function thisTerminal(): Terminal {
  const line = (to: NodeJS.WriteStream) => (text: string) => void to.write(`${text}\n`)
  const columns = process.stdout.isTTY ? process.stdout.columns : null
  return { tell: line(process.stdout), complain: line(process.stderr), columns }
}
