import type { Command } from 'commander'
import { withAnchors, withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

const file = '/backups/countersign-2026-06-01.db'

export function addBackup(program: Command): void {
  addBackUp(program)
  addRestore(program)
}

function addBackUp(program: Command): void {
  withExamples(program.command('backup <file>'), `backup ${file}`)
    .description('copy the database to a new file, also while the app runs, and verify the copy')
    .action((file) => atThisTerminal(async (terminal) => (await import('./backup.ts')).backUp(file, terminal)))
}

function addRestore(program: Command): void {
  const restore = withExamples(
    program.command('restore <file>'),
    `restore ${file} --anchors anchors.ndjson`,
  ).description('put a backup in the place of the database, which is kept, while the app is stopped')
  withAnchors(restore).action((file, options) =>
    atThisTerminal(async (terminal) => (await import('./restore.ts')).restore(file, options, terminal)),
  )
}
