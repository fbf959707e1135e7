import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

const inPostgres = 'postgres://countersign@db.example.com/countersign'

export function addMove(program: Command): void {
  withExamples(
    program.command('move'),
    `move --from countersign.db --to ${inPostgres}`,
    `move --from ${inPostgres} --to countersign.db`,
  )
    .description('move everything from SQLite to PostgreSQL, or back, while the app is stopped, and verify it there')
    .requiredOption('--from <database>', 'the file that the app has used, or the address of its database in PostgreSQL')
    .requiredOption('--to <database>', 'the address of an empty database in PostgreSQL, or the path of a new file')
    .action((options) => atThisTerminal(async (terminal) => (await import('./move.ts')).move(options, terminal)))
}
