import type { Command } from 'commander'
import { several, twoIfMistyped } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addBackup(program: Command): void {
  addBackUp(program)
  addRestore(program)
}

function addBackUp(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the database to a new file, also while the app runs, and verify the copy')
    .addHelpText('after', '\nExample:\n  countersign backup /backups/countersign-2026-06-01.db')
    .exitOverride(twoIfMistyped)
    .action((file) => atThisTerminal(async (terminal) => (await import('./backup.ts')).backUp(file, terminal)))
}

function addRestore(program: Command): void {
  program
    .command('restore <file>')
    .description('put a backup in the place of the database, which is kept, while the app is stopped')
    .option('--anchors <file>', 'checkpoints that were kept elsewhere, to say what is gone; may be repeated', several)
    .option('--slack', 'also the checkpoints in the threads of cards (needs SLACK_BOT_TOKEN)')
    .addHelpText(
      'after',
      '\nExample:\n  countersign restore /backups/countersign-2026-06-01.db --anchors anchors.ndjson',
    )
    .exitOverride(twoIfMistyped)
    .action((file, options) =>
      atThisTerminal(async (terminal) => (await import('./restore.ts')).restore(file, options, terminal)),
    )
}
