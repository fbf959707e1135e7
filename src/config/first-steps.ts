import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { asTyped } from '../domain/as-typed.ts'
import type { Environment } from './secrets.ts'
import { variables } from './variables.ts'

/**
 * Says what somebody who just begins has most likely left out, if settings are missing; null if nothing tells.
 * `folder`: the current one unless given.
 */
export function firstStep(env: Environment, folder = ''): string | null {
  const unread = unreadEnvFile(folder)
  if (unread !== null) return unread
  const isSet = variables.some((name) => env[name] || env[`${name}_FILE`])
  if (isSet || existsSync(join(folder, 'countersign.yaml'))) return null
  return `Nothing is set up here yet: "${asTyped('init')}" writes countersign.yaml and .env, and says what to do next.`
}

/** Says that a file with variables is there, and was not named; null if there is none. */
export function unreadEnvFile(folder = ''): string | null {
  if (!existsSync(join(folder, '.env'))) return null
  return 'There is a .env in this folder, which is read only if it is named: add --env-file .env to the command.'
}
