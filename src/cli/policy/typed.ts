import type { Command } from 'commander'
import { atThisTerminal } from '../terminal.ts'
import { withEdit } from '../typed-edit.ts'

export function addPolicy(program: Command): void {
  const check = program
    .command('policy')
    .description('about the policies in the file that COUNTERSIGN_CONFIG names')
    .command('check')
    .description('say whether the app would start with them, and with --explain which rule an edit would meet')
    .option('--config <file>', 'another file')
    .option(
      '--explain <stack/token>',
      'who would have to approve an edit to this token, by name or uid; then the edit:',
    )
    .option('--as <member>', 'the Slack member id of who would ask')

  withEdit(check).action((options) =>
    atThisTerminal(async (terminal) => (await import('./check.ts')).checkPolicies(options, terminal)),
  )
}
