import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addHealth(program: Command): void {
  withExamples(program.command('health'), 'health')
    .description("ask the app that runs here whether it can do its work; exits with 1 if it can't")
    .action(() => atThisTerminal(async (terminal) => (await import('./health.ts')).tellHealth(terminal)))
}
