import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addReload(program: Command): void {
  withExamples(program.command('reload'), 'reload --env-file .env')
    .description('let the app that runs here read its settings again; exits with 1 if it keeps those it had')
    .option('--allow-removals', 'also if the file no longer has a stack, a rule or another setting that it had')
    .action(({ allowRemovals = false }) =>
      atThisTerminal(async (terminal) =>
        (await import('./reload.ts')).reload(allowRemovals ? 'allowed' : 'refused', terminal),
      ),
    )
}
