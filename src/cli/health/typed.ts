import type { Command } from 'commander'
import { twoIfMistyped } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addHealth(program: Command): void {
  program
    .command('health')
    .description('ask the app that runs here whether it can do its work; ends with 1 if not')
    .addHelpText('after', '\nExample:\n  HEALTH_PORT=8080 countersign health')
    .exitOverride(twoIfMistyped)
    .action(() => atThisTerminal(async (terminal) => (await import('./health.ts')).tellHealth(terminal)))
}
