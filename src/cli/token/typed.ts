import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addToken(program: Command): void {
  const token = withExamples(program.command('token'), 'token list').description(
    'what the tokens may do, and their history',
  )

  withExamples(token.command('list'), 'token list --stack website')
    .description('every token, as the stacks have it now')
    .option('--stack <name>', 'of this stack only')
    .option('--json', 'for programs')
    .action((options) => atThisTerminal(async (terminal) => (await import('./list.ts')).listTokens(options, terminal)))

  withExamples(token.command('show <token>'), 'token show website/ci-deploy')
    .description('the settings of a token, by name, uid or stack/name, and its open changes')
    .option('--json', 'for programs')
    .action((name, options) =>
      atThisTerminal(async (terminal) => (await import('./show.ts')).showToken(name, options, terminal)),
    )

  withExamples(token.command('history <token>'), 'token history website/ci-deploy')
    .description('every change that was ever asked for it')
    .option('--json', 'for programs')
    .action((name, options) =>
      atThisTerminal(async (terminal) => (await import('./history.ts')).tellHistory(name, options, terminal)),
    )
}
