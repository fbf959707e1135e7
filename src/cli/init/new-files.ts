import { closeSync, fsyncSync, linkSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { ConfigProblems } from '../../config/settings.ts'
import { Refusal } from '../../domain/refusal.ts'

export type NewFile = { readonly path: string; readonly text: string; readonly mode: number }

/** Throws ConfigProblems if something is at one of these paths already. */
export function requireFree(paths: readonly string[]): void {
  const taken = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
  if (taken.length > 0) throw new ConfigProblems(taken.map(isTaken))
}

/** Writes all of them or none, and overwrites nothing. A kill leaves none, or the first ones, and each of them whole. */
export function writeNew(files: readonly NewFile[]): void {
  const made: string[] = []
  try {
    for (const file of files) writeBeside(file)
    for (const { path } of files) {
      linkSync(unfinished(path), path)
      made.push(path)
    }
  } catch (error) {
    for (const path of made) rmSync(path)
    throw inWords(error)
  } finally {
    for (const { path } of files) rmSync(unfinished(path), { force: true })
  }
}

function writeBeside({ path, text, mode }: NewFile): void {
  // Left by one that was killed.
  rmSync(unfinished(path), { force: true })
  const file = openSync(unfinished(path), 'wx', mode)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function unfinished(path: string): string {
  return `${path}.unfinished`
}

function inWords(error: unknown): Error {
  const { code, dest = '', message } = error as NodeJS.ErrnoException & { dest?: string }
  if (code === 'EEXIST') return new Refusal('invalid', isTaken(dest))
  return new Refusal('unavailable', `The files can't be written (${message}), so nothing was.`, { cause: error })
}

function isTaken(path: string): string {
  return `${path} is there already, and is not overwritten: nothing was written. Move it away, or give another name.`
}
