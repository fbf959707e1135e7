import type { Command } from 'commander'
import { twoIfMistyped, withAnchors } from '../options.ts'
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
  const restore = program
    .command('restore <file>')
    .description('put a backup in the place of the database, which is kept, while the app is stopped')
    .addHelpText(
      'after',
      '\nExample:\n  countersign restore /backups/countersign-2026-06-01.db --anchors anchors.ndjson',
    )
    .exitOverride(twoIfMistyped)
  withAnchors(restore).action((file, options) =>
    atThisTerminal(async (terminal) => (await import('./restore.ts')).restore(file, options, terminal)),
  )
}
