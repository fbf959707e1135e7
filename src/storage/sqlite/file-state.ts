import { statSync } from 'node:fs'

/** Differs from an earlier one if the database, or what SQLite keeps beside it, was written to, opened or replaced. */
export function stateOf(file: string): string {
  const states = ['', '-wal', '-shm'].map((end) => statSync(`${file}${end}`, { throwIfNoEntry: false, bigint: true }))
  return states.map((state) => (state ? `${state.ino} ${state.size} ${state.mtimeNs}` : 'none')).join()
}
