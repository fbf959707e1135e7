import type { Command } from 'commander'
import { several, withAnchors, withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addAudit(program: Command): void {
  const audit = withExamples(program.command('audit'), 'audit verify').description(
    'about the audit log in the database that COUNTERSIGN_DB names',
  )
  addVerify(audit)
  addExport(audit)
  addLeaveKey(audit)
  addPutBack(audit)
}

function addVerify(audit: Command): void {
  withExamples(audit.command('verify'), 'audit verify --anchors anchors.ndjson --slack')
    .description(
      'say whether it is intact and complete; exits with 0 when it is, 1 when not, 2 when that could not be checked',
    )
    .option('--db <database>', 'another database, such as a copy: a file, or postgres://…')
    .option('--export <file>', 'an export in ndjson, instead of a database')
    .option('--anchors <file>', 'checkpoints that were kept elsewhere, one a line; may be repeated', several)
    .option('--slack', 'also check it against the checkpoints in the threads of cards')
    .option('--json', 'print JSON, for programs')
    .action((options) =>
      atThisTerminal(async (terminal) => (await import('./verify.ts')).verifyAudit(options, terminal)),
    )
}

function addExport(audit: Command): void {
  withExamples(audit.command('export'), 'audit export --since 2026-06-01 --format csv')
    .description('write it to standard output: ndjson can be verified, csv is for reading')
    .option('--format <format>', 'ndjson or csv', 'ndjson')
    .option('--since <time>', 'a day such as 2026-06-01, or an instant')
    .option('--token <token>', 'only what is about this token: <stack>/<uid or name>')
    .option('--db <database>', 'another database, such as a copy: a file, or postgres://…')
    .action((options) =>
      atThisTerminal(async (terminal) => {
        const { exportAudit } = await import('./export.ts')
        return exportAudit(options, { ...terminal, out: process.stdout })
      }),
    )
}

function addLeaveKey(audit: Command): void {
  withExamples(audit.command('leave-key'), 'audit leave-key')
    .description('record, with AUDIT_KEY, that the log goes on without a key: then the app starts without AUDIT_KEY')
    .option('--lost', 'nobody has the key any more: record that, without it, while the app is stopped')
    .action(({ lost }) =>
      atThisTerminal(async (terminal) => {
        const { leaveKey, loseKey } = await import('./leave-key.ts')
        return (lost ? loseKey : leaveKey)(terminal)
      }),
    )
}

function addPutBack(audit: Command): void {
  const putBack = withExamples(audit.command('put-back'), 'audit put-back --anchors anchors.ndjson').description(
    'record, while the app is stopped, that a backup was put back: open changes need new approvals',
  )
  withAnchors(putBack).action((options) =>
    atThisTerminal(async (terminal) => (await import('./put-back.ts')).putBack(options, terminal)),
  )
}
