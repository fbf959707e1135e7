import type { Command, CommanderError } from 'commander'

/** What may be given more than once. */
export function several(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

/** 1 is an answer of some commands, so that what was mistyped ends with 2. */
export function twoIfMistyped({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2)
}

/** With the parts of an edit to a token. */
export function withEdit(command: Command): Command {
  return command
    .option('--name <name>', 'another name')
    .option('--description <text>', 'another description')
    .option('--expires <day>', 'a day such as 2027-01-31, or never')
    .option('--grant <access>', 'entry=write, asset=none, all=read …; may be repeated', several)
    .option('--branch <name>', '+main or -main; may be repeated', several)
    .option('--alias <name>', '+live or -live; may be repeated', several)
    .option('--rates <limits>', 'reads and writes a second such as 10/5, or organisation')
    .option('--notify <yes|no>', 'whether Contentstack sends an e-mail 7 days before expiry')
}
