import { expect, onTestFinished, test } from 'vitest'
import { ZodError } from 'zod'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { alice, emptyForm, proposal } from '../../support/world.ts'

const at = '2026-06-01T09:00:00.000Z'

async function world() {
  const path = emptyDatabase()
  const store = openStore(path)
  onTestFinished(store.close)
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
  await store.saveDraft({ id: 'd1', person: alice, ...emptyForm() }, at)
  return { store, raw: rawConnection(path) }
}

type Store = Awaited<ReturnType<typeof world>>['store']

const reads: [string, string, (store: Store) => Promise<unknown>][] = [
  ['a draft', 'update drafts set body = ?', (store) => store.draft('d1')],
  [
    'an event',
    `insert into audit_events (seq, at, actor, type, body) values (2, '', 'app', 'approved', ?)`,
    (store) => store.events(),
  ],
]

/** An entry is named in words, which say why in their cause. */
async function whyOf(reading: Promise<unknown>): Promise<unknown> {
  const failure = await reading.then(
    () => null,
    (error: Error) => error,
  )
  return failure?.cause ?? failure
}

test.each(reads)('%s that was damaged on disk is refused, not passed on', async (_, damage, read) => {
  const { raw, store } = await world()
  raw.prepare(damage).run('{"status":"approved","name":7,"before":{}}')
  expect(await whyOf(read(store))).toBeInstanceOf(ZodError)
})

test.each(reads)('%s that is half written is refused, not passed on', async (_, damage, read) => {
  const { raw, store } = await world()
  raw.prepare(damage).run('{"status":"appr')
  expect(await whyOf(read(store))).toBeInstanceOf(SyntaxError)
})

test('an event of a type that this version does not know is refused', async () => {
  const { raw, store } = await world()
  raw.exec(`insert into audit_events (seq, at, actor, type, body) values (2, '', 'app', 'self_destruct', '{}')`)
  const says = "Entry #2 of the log is marked as self_destruct, but can't be read as that: verify the log."
  await expect(store.events()).rejects.toThrow(says)
})

const ofChange: [string, (store: Store) => Promise<unknown>][] = [
  ['shown', (store) => store.get(1)],
  ['decided on', (store) => store.record(1, alice, () => null)],
  ['asked for again', (store) => store.openedFrom('view-1')],
]

test.each(ofChange)(
  'a change that was damaged after it was read is refused in words when it is %s',
  async (_, read) => {
    const { raw, store } = await world()
    await read(store)
    raw.exec(`update change_requests set state = '{"status":"approved","name":7,"before":{}}'`)
    await expect(read(store)).rejects.toThrow(/^Change #1 can't be read from the database/)
  },
)
