import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addMigrate(program: Command): void {
  withExamples(program.command('migrate'), 'migrate', 'migrate --grant-to countersign_app')
    .description('make or change the tables in PostgreSQL, as their owner, before the app runs in a role of its own')
    .option('--grant-to <role>', 'grant this role the rights that the app uses, as far as it lacks them')
    .action((options) => atThisTerminal(async (terminal) => (await import('./migrate.ts')).migrate(options, terminal)))
}
