import { readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { mistakenLines } from './env-lines.ts'
import { reasonOf } from './secrets.ts'
import { ConfigProblems } from './settings.ts'

/** Node reads these when it starts, before any file is. */
const nodesOwn = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA']

/**
 * Adds the variables in a file to an environment, in which those that are there already win, as in Node; the two ways to
 * give a secret, NAME and NAME_FILE, count as one. Returns a warning if others can read the file; null if not. Throws
 * ConfigProblems if it can't be used, and then adds nothing.
 */
export function addEnvFile(path: string, env: Record<string, string | undefined>): string | null {
  const content = contentOf(path)
  const mistakes = mistakenLines(content)
  if (mistakes.length > 0)
    throw new ConfigProblems([...mistakes.map((what) => `${path} ${what}.`), 'Nothing was done.'])
  const given = parseEnv(content)
  const late = nodesOwn.filter((name) => given[name] !== undefined && env[name] === undefined)
  if (late.length > 0) throw new ConfigProblems(late.map((name) => comesTooLate(name, path)))
  const set = new Set(Object.keys(env).filter((name) => env[name] !== undefined))
  for (const [name, value] of Object.entries(given)) if (!set.has(otherWay(name))) env[name] ??= value
  return openToOthers(path)
}

/** The other name under which the same secret is given. */
function otherWay(name: string): string {
  return name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`
}

function contentOf(path: string): string {
  try {
    // Some editors put a mark first, which would be taken for a part of the first name.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new ConfigProblems([
      `The file that --env-file names can't be read (${reasonOf(error)}), so nothing was done. Give the path of a file with a line NAME=value for each variable.`,
    ])
  }
}

function comesTooLate(name: string, path: string): string {
  return `${name} has no effect in ${path}, since Node reads it when it starts, so nothing was done. Set it in the environment that Countersign is started in.`
}

function openToOthers(path: string): string | null {
  const { mode } = statSync(path)
  if ((mode & 0o077) === 0) return null
  return `Warning: ${path} is open to others on this machine: chmod ${(mode & 0o700).toString(8)} ${path}`
}
