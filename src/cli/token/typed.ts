import type { Command } from 'commander'
import { twoIfMistyped } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addToken(program: Command): void {
  const token = program
    .command('token')
    .description('what the tokens may do, and their history')
    .exitOverride(twoIfMistyped)

  token
    .command('list')
    .description('every token, as the stacks have it now')
    .option('--stack <name>', 'of this stack only')
    .option('--json', 'for programs')
    .action((options) => atThisTerminal(async (terminal) => (await import('./list.ts')).listTokens(options, terminal)))

  token
    .command('show <token>')
    .description('the settings of a token, by name, uid or stack/name, and its open changes')
    .option('--json', 'for programs')
    .action((name, options) =>
      atThisTerminal(async (terminal) => (await import('./show.ts')).showToken(name, options, terminal)),
    )

  token
    .command('history <token>')
    .description('every change that was ever asked for it')
    .option('--json', 'for programs')
    .action((name, options) =>
      atThisTerminal(async (terminal) => (await import('./history.ts')).tellHistory(name, options, terminal)),
    )
}
