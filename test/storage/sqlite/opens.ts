import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'

/** A thread that opens each of these files at the moment when all threads have got that far. */
const { gate, threads, paths } = workerData as { gate: Int32Array; threads: number; paths: string[] }

for (const [round, path] of paths.entries()) {
  Atomics.add(gate, round, 1)
  while (Atomics.load(gate, round) < threads);
  try {
    openDatabase(path).$client.close()
    parentPort?.postMessage(null)
  } catch (error) {
    parentPort?.postMessage(String(error))
  }
}
