import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'
import { withEdit } from '../typed-edit.ts'

export function addPolicy(program: Command): void {
  const policy = withExamples(program.command('policy'), 'policy check').description(
    'about the policies in the file that COUNTERSIGN_CONFIG names',
  )
  const explain = 'policy check --explain website/ci-deploy --grant entry=write --as U012AB3CD'
  const check = withExamples(policy.command('check'), 'policy check', explain)
    .description('say whether the app would start with them, and with --explain which rule an edit would meet')
    .option('--config <file>', 'another file')
    .option(
      '--explain <stack/token>',
      'who would have to approve an edit to this token, by name or uid; then the edit:',
    )
    .option('--as <member>', 'the Slack member id of the person who would ask')

  withEdit(check).action((options) =>
    atThisTerminal(async (terminal) => (await import('./check.ts')).checkPolicies(options, terminal)),
  )
}
