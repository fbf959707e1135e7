import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/** A thread that opens this database, writes to it and closes it, over and over until it is told to stop. */
const { path, stop, marked } = workerData as { path: string; stop: Int32Array; marked: boolean }

for (let round = marked ? 1 : 0; Atomics.load(stop, 0) === 0; round += marked ? 1 : 0) {
  const sqlite = new Sqlite(path)
  sqlite.pragma(`user_version = ${round}`)
  sqlite.close()
  parentPort?.postMessage(round)
}
