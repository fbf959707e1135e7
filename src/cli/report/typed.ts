import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

const examples = [
  ['report', 'the last 90 days, as a table'],
  'report --since 2026-01-01 --stack website',
  ['report --since 26w --format csv', 'for a spreadsheet, with times in seconds'],
] as const

export function addReport(program: Command): void {
  withExamples(program.command('report'), ...examples)
    .description('by stack and rule: how many changes were asked for, what came of them, and how long that took')
    .option('--since <when>', 'changes asked for since then: 90d, a day such as 2026-06-01, or an instant', '90d')
    .option('--stack <name>', 'on this stack only')
    .option('--format <format>', 'table, csv or json', 'table')
    .option('--db <database>', 'another database, such as a copy: a file, or postgres://…')
    .action((options) =>
      atThisTerminal(async (terminal) => (await import('./report.ts')).tellReport(options, terminal)),
    )
}
