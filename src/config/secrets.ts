import { readFileSync } from 'node:fs'
import { isSendable } from '../domain/text.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The value of `NAME`, or of the file that `NAME_FILE` points at. Problems with it are reported without quoting it. */
export function readSecret(env: Environment, name: string, problems: string[]): string | undefined {
  const value = given(env, name, problems)
  if (value !== undefined && !isKey(name) && !isSendable(value))
    problems.push(`${name} has a space, line break or other character in it that can't be part of it: copy it again.`)
  return value
}

/** Keys are never sent. Everything else is, and the platform's own error for a value that can't be sent quotes it. */
function isKey(name: string): boolean {
  return name === 'AUDIT_KEY' || name === 'AUDIT_KEY_PREVIOUS'
}

function given(env: Environment, name: string, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (env[name] || !path) return env[name]?.trim() || undefined
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    problems.push(`${name}_FILE points at ${path}, which can't be read (${reasonOf(error)}).`)
    return undefined
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}
