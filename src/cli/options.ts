import type { Command, CommanderError } from 'commander'

/** For an option that may be given more than once. */
export function several(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
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
