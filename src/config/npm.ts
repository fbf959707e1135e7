import type { Environment } from './secrets.ts'

/** The script that npm runs, and what was typed to it as an option before any `--`. */
export type NpmRun = { readonly script: string; readonly options: ReadonlySet<string> }

/**
 * Null if npm did not start this process. npm leaves each option in `npm_config_…`, as a setting of its own:
 * https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables
 */
export function npmRunOf(env: Environment): NpmRun | null {
  const script = env.npm_lifecycle_event
  if (!script) return null
  const kept = Object.keys(env).flatMap((name) => /^npm_config_(\w+)$/.exec(name)?.[1] ?? [])
  return { script, options: new Set(kept.map((name) => `--${name.replaceAll('_', '-')}`)) }
}
