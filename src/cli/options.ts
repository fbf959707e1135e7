import type { CommanderError } from 'commander'

/** For an option that may be given more than once. */
export function several(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

/** Some commands answer with 1, so a mistyped one ends with 2. */
export function twoIfMistyped({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2)
}
