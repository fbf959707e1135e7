import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { emptyDatabase } from '../../support/file.ts'
import { writeLongLog } from '../../support/long-log.ts'
import { metricsOf, type ScrapedStore } from '../../support/metrics.ts'
import { proposal, requirement } from '../../support/world.ts'

const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

test('a long log is counted as it is, once, and what is written after that is added', async () => {
  const database = emptyDatabase()
  writeLongLog(database, 2_000, null)
  const db = new Sqlite(database, { readonly: true })
  const store = openStore(database)
  onTestFinished(() => {
    db.close()
    store.close()
  })
  const times = (type: string) => db.prepare('select count(*) from audit_events where type = ?').pluck().get(type)
  const read: number[] = []
  const entriesFrom: ScrapedStore['entriesFrom'] = (seq) => {
    read.push(seq)
    return store.entriesFrom(seq)
  }
  const { scrape } = metricsOf({ ...store, entriesFrom }, database)
  const lines = seriesOf(await scrape())
  expect(lines).toContain('countersign_log_entries 2000')
  expect(lines).toContain(`countersign_changes_asked_total{stack="website",rule="approvers"} ${times('proposed')}`)
  for (const outcome of ['applied', 'rejected'])
    expect(lines).toContain(
      `countersign_changes_ended_total{stack="website",rule="approvers",outcome="${outcome}"} ${times(outcome)}`,
    )
  const open = lines.filter((line) => line.startsWith('countersign_changes_open{'))
  const sum = open.reduce((all, line) => all + Number(line.split(' ').at(-1)), 0)
  expect(sum).toBe(db.prepare('select count(*) from change_requests where due_at is not null').pluck().get())
  read.length = 0
  await store.note({ type: 'log_verified', intact: true, complete: null, size: 2000, head: 'h' }, 'operator', null)
  const after = seriesOf(await scrape())
  expect(read).toEqual([2001, 2002])
  expect(after).toContain('countersign_log_verified_intact 1')
  expect(after).toContain('countersign_log_entries 2001')
})

/** A log of this many changes, each on another stack and under another rule, named by somebody who means harm. */
function hostileLog(count: number): Entry[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `${'x'.repeat(500)}"} ${i}\nforged_total 1 xoxb-1-EXAMPLE`
    const stack = i % 2 === 0 ? 'website' : name
    const body = JSON.stringify({ ...proposal(), stack, requirement: { ...requirement(), rule: name } })
    return {
      seq: i + 1,
      at: '2026-06-01T09:00:00.000Z',
      actor: name,
      changeId: i + 1,
      type: 'proposed',
      body,
      version: 1,
      key: null,
      hash: null,
    }
  })
}

test('however many stacks and rules somebody writes into the log, there are no more labels', async () => {
  const log = hostileLog(500)
  const { scrape } = metricsOf({
    entriesFrom: async (seq) => log.filter((entry) => entry.seq >= seq).slice(0, 64),
    openStatuses: async () => new Map(log.map(({ seq }) => [seq, 'pending'])),
  })
  const text = await scrape()
  expect(text).toContain('countersign_changes_asked_total{stack="website",rule="former"} 250')
  expect(text).toContain('countersign_changes_asked_total{stack="former",rule="former"} 250')
  expect(text).not.toMatch(/xxx|EXAMPLE|forged/)
  expect(seriesOf(text).length).toBeLessThan(60)
})

test('an answer is given again for five seconds, and whoever asks meanwhile causes no work', async () => {
  let asked = 0
  const { scrape, again } = metricsOf({
    entriesFrom: async () => [],
    openStatuses: async () => {
      asked += 1
      return new Map()
    },
  })
  const first = await scrape()
  expect(await Promise.all([again(), again()])).toEqual([first, first])
  expect(asked).toBe(1)
  await scrape()
  expect(asked).toBe(2)
})

test('while the database cannot be read, the rest is told all the same', async () => {
  const refuse = async () => {
    throw new Refusal('unavailable', 'The disk failed.')
  }
  const text = await metricsOf({ entriesFrom: refuse, openStatuses: refuse }).scrape()
  expect(text).toContain('countersign_health{status="ok"} 1')
  expect(text).not.toContain('countersign_log_entries')
})

test('until the log was read to its end, nothing from it is told, and what was read counts once', async () => {
  const log = hostileLog(100)
  let isBroken = true
  const { scrape } = metricsOf({
    entriesFrom: async (seq) => {
      if (isBroken && seq > 50) throw new Refusal('unavailable', 'The disk failed.')
      return log.filter((entry) => entry.seq >= seq).slice(0, 50)
    },
    openStatuses: async () => new Map(),
  })
  expect(await scrape()).not.toContain('countersign_changes_asked_total')
  isBroken = false
  expect(await scrape()).toContain('countersign_changes_asked_total{stack="website",rule="former"} 50')
})
