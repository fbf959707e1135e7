import type { CommanderError } from 'commander'

/** What may be given more than once. */
export function several(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

/** 1 is an answer of some commands, so that what was mistyped ends with 2. */
export function twoIfMistyped({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2)
}
