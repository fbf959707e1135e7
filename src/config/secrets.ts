import { readFileSync } from 'node:fs'
import { isSendable } from '../domain/text.ts'
import { bare, looksLikeSecret, mistakesIn, type SecretKind } from './mistaken-values.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The name of its variable, and what it is for. */
export type Secret = { readonly name: string; readonly kind: SecretKind }

export type ReadSecret = {
  readonly value: string | undefined
  /** True if it can be seen not to be what belongs there: then it is sent nowhere. */
  readonly isMistaken: boolean
}

/** The value of `NAME`, or of the file that `NAME_FILE` points at. Problems with it are reported without quoting it. */
export function readSecret(env: Environment, { name, kind }: Secret, problems: string[]): ReadSecret {
  const given = givenFor(env, name, problems)
  if (given === undefined) return { value: undefined, isMistaken: false }
  const mistakes = mistakesIn(given, kind)
  const value = isKey(kind) ? given.trim() : bare(given)
  if (mistakes.length === 0 && !isKey(kind) && !isSendable(value))
    problems.push(`${name} has a space, line break or other character in it that can't be part of it: copy it again.`)
  problems.push(...mistakes.map((mistake) => `${name} ${mistake}`))
  return { value, isMistaken: mistakes.length > 0 }
}

/** Keys are never sent. Everything else is, and the platform's own error for a value that can't be sent quotes it. */
function isKey(kind: SecretKind): boolean {
  return kind === 'AUDIT_KEY' || kind === 'AUDIT_KEY_PREVIOUS' || kind === 'CREDENTIALS_KEY'
}

/** Files end in a line break, and so does what some programs put into an environment. */
function givenFor(env: Environment, name: string, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (env[name] || !path) return withoutLineBreaks(env[name] ?? '')
  try {
    return withoutLineBreaks(readFileSync(path, 'utf8').trim())
  } catch (error) {
    const reason = /^E[A-Z0-9]+: [^,]*/.exec(reasonOf(error))?.[0] ?? 'no file has such a path'
    problems.push(
      `${name}_FILE ${isSurelyPath(path) ? `points at ${path}, which` : 'points at something that'} can't be read (${reason}): it takes the path of a file, and the value itself belongs in ${name}.`,
    )
    return undefined
  }
}

/** Anything else may be the secret itself. */
function isSurelyPath(path: string): boolean {
  return /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/])/.test(path) && !path.split(/[\\/]/).some(looksLikeSecret)
}

function withoutLineBreaks(text: string): string | undefined {
  const value = text.replace(/^[\r\n]+|[\r\n]+$/g, '')
  return value.trim() === '' ? undefined : value
}

/** The platform's own words, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}
