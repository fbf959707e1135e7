import type { Command, CommanderError } from 'commander'
import { asTyped } from '../domain/as-typed.ts'

/** For an option that may be given more than once. */
export function several(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

/** A command without the name of the program, and its result if that is not plain. */
type Example = string | readonly [typed: string, gives: string]

/** Shows in the help of a command how it is typed here. */
export function withExamples(command: Command, ...examples: readonly Example[]): Command {
  return command.addHelpText('after', () => {
    const lines = examples.map((example) => [example].flat()).map(([typed, gives]) => [asTyped(typed!), gives] as const)
    const width = Math.max(...lines.map(([typed]) => typed.length))
    const shown = lines.map(([typed, gives]) => (gives === undefined ? typed : `${typed.padEnd(width)}  ${gives}`))
    return [`\nExample${lines.length > 1 ? 's' : ''}:`, ...shown.map((line) => `  ${line}`)].join('\n')
  })
}

/** The places outside the log that tell what a backup lacks. */
export function withAnchors(command: Command): Command {
  return command
    .option('--anchors <file>', 'checkpoints that were kept elsewhere, to say what is gone; may be repeated', several)
    .option('--slack', 'also the checkpoints in the threads of cards (needs SLACK_BOT_TOKEN)')
}

/** Some commands answer with 1, so a mistyped one ends with 2. */
export function twoIfMistyped({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2)
}
