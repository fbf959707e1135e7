import { parseEnv } from 'node:util'
import { Refusal } from '../../domain/refusal.ts'

/**
 * The example of an env file with these variables in it, each once; one that is null is commented out. A shell and Node
 * read the same values from it. Throws a Refusal for a value of which that can't be said.
 */
export function envText(example: string, values: Readonly<Record<string, string | null>>): string {
  const given = new Set<string>()
  const lines = example.split('\n').map((line) => {
    const name = /^(?:# ?)?([A-Z_]+)=/.exec(line)?.[1]
    const value = name === undefined ? undefined : values[name]
    if (name === undefined || value === undefined) return line
    const isAgain = given.has(name)
    given.add(name)
    return value === null || isAgain ? line.replace(/^(?:# ?)?/, '# ') : `${name}=${quoted(value)}`
  })
  const text = lines.join('\n')
  const read = parseEnv(text)
  for (const [name, value] of Object.entries(values))
    if ((read[name] ?? null) !== value)
      throw new Refusal('invalid', `The value of ${name} ${unwritable}, so nothing was written.`)
  return text
}

/** Completes the name of a value; it is told without the value, which may be a secret. */
export const unwritable =
  "has a single quote or a line break in it, and can't be put into a file for a shell and Node alike"

/** True if a shell and Node read this value from the file as it is. */
export function isWritable(value: string): boolean {
  return !/['\r\n]/.test(value) && parseEnv(`A=${quoted(value)}`).A === value
}

/** As a shell takes it; a text with a single quote can't be said so that Node reads it, too. */
function quoted(text: string): string {
  return /^[\w.,:/@%+=-]*$/.test(text) ? text : `'${text}'`
}

/** As it can be pasted into a shell, whatever is in it. */
export function pasteable(text: string): string {
  return quoted(text.replaceAll("'", `'\\''`))
}
