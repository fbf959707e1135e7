import { spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type AuditKey, auditKey, genesis } from '../../src/domain/audit/chain.ts'
import { openEvidence } from '../../src/storage/sqlite/evidence.ts'
import { writeLongLog } from '../support/long-log.ts'
import { median } from './numbers.ts'
import { type Rows, row } from './rows.ts'

const secret = 'the key of a log that nobody needs to keep'
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The promise: a multiple of the time to hash the same texts, and of the memory for a tenth of them. */
const targets = { time: 3, memory: 3, growth: 1.2 }

type Size = { readonly entries: number; readonly rounds: number }

/** Verifies a long log with the program `file`, and hashes the same texts, in turns. */
export async function auditRows(file: string, folder: string, { entries, rounds }: Size): Promise<Rows> {
  const key = auditKey(secret)
  const [long, short] = [join(folder, 'long.db'), join(folder, 'short.db')]
  writeLongLog(short, Math.ceil(entries / 10), key)
  writeLongLog(long, entries, key)
  const texts = await writeTexts(long, join(folder, 'texts'), key)
  const verify = (db: string) => finished([file, 'audit', 'verify', '--db', db], { AUDIT_KEY: secret })
  const runs = { ours: [] as Finished[], floor: [] as Finished[], short: [] as Finished[] }
  for (let i = 0; i < rounds; i++) {
    runs.ours.push(await verify(long))
    runs.floor.push(await finished([here('bare-hash.ts'), texts, secret], {}))
    runs.short.push(await verify(short))
  }
  const of = (side: keyof typeof runs, what: keyof Finished) => median(runs[side].map((run) => run[what]))
  const compared = (what: keyof Finished) => ({ ours: of('ours', what), floor: of('floor', what) })
  return {
    audit_verify: row({ ...compared('ms'), target: targets.time, unit: 'ms' }),
    audit_verify_memory: row({ ...compared('peakMb'), target: targets.memory, unit: 'MB' }),
    audit_verify_memory_to_a_tenth: row({
      ours: of('ours', 'peakMb'),
      floor: of('short', 'peakMb'),
      target: targets.growth,
      unit: 'MB',
    }),
  }
}

type Finished = { readonly ms: number; readonly peakMb: number }

/** Runs a program to its end. Rejects with its output if it fails. */
async function finished(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Finished> {
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', here('peak.ts'), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}, saying:\n${out}${err}`)
  const [, kilobytes] = /^peak (\d+)$/m.exec(err) ?? []
  return { ms: performance.now() - started, peakMb: (Number(kilobytes) * 1024) / 1e6 }
}

/** The texts that the entries' hashes are made of, one a line. */
async function writeTexts(db: string, path: string, key: AuditKey): Promise<string> {
  const evidence = openEvidence(db)
  const file = openSync(path, 'w')
  let previous: string = genesis
  for await (const entries of evidence.entries())
    for (const { seq, at, actor, changeId, type, body, version, hash } of entries) {
      writeSync(file, `${JSON.stringify([previous, key?.id, version, seq, at, actor, changeId, type, body])}\n`)
      previous = hash!
    }
  closeSync(file)
  evidence.close()
  return path
}
