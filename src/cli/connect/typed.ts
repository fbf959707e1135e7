import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addConnect(program: Command): void {
  withExamples(program.command('connect <stack>'), 'connect website --env-file .env', 'connect website --paste')
    .description(
      'give Countersign access to a stack whose settings say oauth, as an owner or admin of it, also while the app runs. OAuth is documented for management tokens, but has never been seen in use: an authtoken is the proven way',
    )
    .option('--paste', 'the browser is on another machine: paste the address that it is sent to')
    .action((stack, { paste = false }) =>
      atThisTerminal(async (terminal) => {
        const [{ connect }, { openAsker }] = await Promise.all([import('./connect.ts'), import('../asker.ts')])
        const asker = paste ? openAsker(process.stdin, process.stderr) : null
        const ended = await connect(stack, { ...terminal, ask: asker?.ask ?? null })
        asker?.close()
        return ended
      }),
    )
}
