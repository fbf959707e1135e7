import childProcess, { type SpawnOptions } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Other processes record here which mutants they passed; empty if none may be started. */
const { MUTATION_PROCESSES: folder = '', VITEST_POOL_ID: worker = '' } = process.env
const place = folder && join(folder, `hits-${worker}`)
const say = fileURLToPath(new URL('say-hits.mjs', import.meta.url))
const { spawn } = childProcess

type Awake = { readonly __stryker__?: { readonly activeMutant?: string } }

/** Wakes the current mutant in each process that a test starts too; or refuses to start one. */
export function watchProcesses(): void {
  const refuse = () => {
    throw new Error('starts a process')
  }
  const start = (command: string, args: readonly string[], options: SpawnOptions) => {
    const awake = (globalThis as Awake).__stryker__?.activeMutant
    const env = {
      ...options.env,
      NODE_OPTIONS: `${options.env?.NODE_OPTIONS ?? ''} --import ${say}`,
      MUTATION_HITS: place,
    }
    return spawn(command, args, { ...options, env: { ...env, ...(awake && { __STRYKER_ACTIVE_MUTANT__: awake }) } })
  }
  const others = { execFile: refuse, execFileSync: refuse, spawnSync: refuse, fork: refuse }
  Object.assign(childProcess, { ...others, spawn: place === '' ? refuse : start })
  syncBuiltinESMExports()
}

/** The mutants that other processes have passed since the last call. */
export function hitsElsewhere(): Record<string, number> {
  if (place === '' || !existsSync(place)) return {}
  const lines = readFileSync(place, 'utf8').split('\n').filter(Boolean)
  rmSync(place)
  return Object.assign({}, ...lines.map((line) => JSON.parse(line)))
}
