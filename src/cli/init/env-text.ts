import { parseEnv } from 'node:util'
import { Refusal } from '../../domain/refusal.ts'

/**
 * The example of an env file with these variables in it; one that is null is commented out. A shell and Node read the same
 * values from it. Throws a Refusal for a value of which that can't be said.
 */
export function envText(example: string, values: Readonly<Record<string, string | null>>): string {
  const lines = example.split('\n').map((line) => {
    const name = /^(?:# ?)?([A-Z_]+)=/.exec(line)?.[1]
    const value = name === undefined ? undefined : values[name]
    if (value === undefined) return line
    return value === null ? line.replace(/^(?:# ?)?/, '# ') : `${name}=${quoted(value)}`
  })
  const text = lines.join('\n')
  const read = parseEnv(text)
  for (const [name, value] of Object.entries(values))
    if ((read[name] ?? null) !== value)
      throw new Refusal(
        'invalid',
        `${name} would be ${value}, which can't be put into a file for a shell and Node alike.`,
      )
  return text
}

/** As a shell takes it; a text with a single quote can't be said so that Node reads it, too. */
export function quoted(text: string): string {
  return /^[\w.,:/@%+=-]*$/.test(text) ? text : `'${text}'`
}
