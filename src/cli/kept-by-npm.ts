import type { Command } from 'commander'
import type { NpmRun } from '../config/npm.ts'

/**
 * npm keeps what looks like an option for itself unless `--` stands before it, and the command would run without it. An
 * .npmrc that sets one of the same name looks the same.
 * Null if nothing of the kind was typed; otherwise what to type instead.
 */
export function keptByNpm(program: Command, typed: readonly string[], { script, options }: NpmRun): string | null {
  const kept = optionsOf(program, typed).filter((option) => options.has(option) && !typed.includes(option))
  if (kept.length === 0) return null
  const named = kept.join(' and ')
  return `npm kept ${named} for itself, so Countersign did not get ${kept.length > 1 ? 'them' : 'it'}, and did nothing. Put -- after the name of the script: npm run ${script} -- … ${kept[0]} …`
}

/** Every `--option` of the command that was typed. */
function optionsOf(program: Command, typed: readonly string[]): string[] {
  let command = program
  for (const word of typed) command = command.commands.find((one) => one.name() === word) ?? command
  return [...new Set([command, program])].flatMap(({ options }) => options).flatMap(({ long }) => long ?? [])
}
