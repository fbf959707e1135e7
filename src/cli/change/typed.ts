import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'
import { withEdit } from '../typed-edit.ts'

export function addChange(program: Command): void {
  const change = withExamples(program.command('change'), 'change list').description(
    'see and propose changes; decisions are made in Slack',
  )
  addList(change)
  addShow(change)
  addPropose(change)
  addCancel(change)
}

function addList(change: Command): void {
  withExamples(change.command('list'), 'change list --token website/ci-deploy')
    .description('the open changes')
    .option('--all', 'the newest ones, ended or not')
    .option('--token <token>', 'of this token only')
    .option('--json', 'for programs')
    .action((options) => atThisTerminal(async (terminal) => (await import('./list.ts')).listChanges(options, terminal)))
}

function addShow(change: Command): void {
  withExamples(change.command('show <number>'), 'change show 42')
    .description('all that its card says, and what the log says about it')
    .option('--json', 'for programs')
    .action((number, options) =>
      atThisTerminal(async (terminal) => (await import('./show.ts')).showChange(number, options, terminal)),
    )
}

const proposal =
  "change propose --token website/ci-deploy --as U012AB3CD --reason 'Import needs assets' --grant asset=write"

function addPropose(change: Command): void {
  const propose = withExamples(change.command('propose'), proposal)
    .description('ask for an edit in the name of a Slack member, who is told and may not decide on it')
    .requiredOption('--token <stack/token>', 'by name or uid')
    .requiredOption('--as <member>', 'the Slack member id of the requester')
    .requiredOption('--reason <text>', 'why')
    .option('--origin <key>', 'a name for this proposal: it is made once, however often the command runs')
    .option('--dry-run', 'say what would happen, and record nothing')
    .option('--json', 'for programs')

  withEdit(propose).action((options) =>
    atThisTerminal(async (terminal) => (await import('./propose.ts')).proposeChange(options, terminal)),
  )
}

function addCancel(change: Command): void {
  withExamples(change.command('cancel <number>'), "change cancel 42 --reason 'asked twice'")
    .description('withdraw a change that has not been applied, whoever asked for it')
    .option('--reason <text>', 'why: the card and the requester are told')
    .option('--json', 'for programs')
    .action((number, options) =>
      atThisTerminal(async (terminal) => (await import('./cancel.ts')).cancelChange(number, options, terminal)),
    )
}
