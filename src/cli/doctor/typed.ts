import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

export function addDoctor(program: Command): void {
  withExamples(program.command('doctor'), 'doctor --env-file .env')
    .description('look at everything that the app needs and say what to do; it changes nothing')
    .option('--json', 'for programs')
    .option('--config <file>', 'a file other than the one that COUNTERSIGN_CONFIG names')
    .action((_, command: Command) =>
      atThisTerminal(async (terminal) => (await import('./doctor.ts')).doctor(command.optsWithGlobals(), terminal)),
    )
}
