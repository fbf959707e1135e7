import { closeSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { ConfigProblems } from '../../config/settings.ts'
import { Refusal } from '../../domain/refusal.ts'

export type NewFile = { readonly path: string; readonly text: string; readonly mode: number }

/** Throws ConfigProblems if something is at one of these paths already. */
export function requireFree(paths: readonly string[]): void {
  const taken = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
  if (taken.length > 0) throw new ConfigProblems(taken.map(isTaken))
}

/** Writes all of them or none, and overwrites nothing. */
export function writeNew(files: readonly NewFile[]): void {
  const made: string[] = []
  try {
    for (const { path, text, mode } of files) {
      const file = openSync(path, 'wx', mode)
      made.push(path)
      try {
        writeFileSync(file, text)
      } finally {
        closeSync(file)
      }
    }
  } catch (error) {
    for (const path of made) rmSync(path)
    throw inWords(error)
  }
}

function inWords(error: unknown): Error {
  const { code, path = '', message } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') return new Refusal('invalid', isTaken(path))
  return new Refusal('unavailable', `The files can't be written (${message}), so nothing was.`, { cause: error })
}

function isTaken(path: string): string {
  return `${path} is there already, and is not overwritten: nothing was written. Move it away, or give another name.`
}
