import { describe, expect, test } from 'vitest'
import { type AuditKey, auditKey, entryHash } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import type { Store } from '../../../src/ports/store.ts'
import { createClock } from '../../support/clock.ts'
import { alice, bob, proposal } from '../../support/world.ts'
import { engines, type Place } from './engines.ts'

const replaced = auditKey('the key that leaked, so that it was changed')!
const present = auditKey('the key since then, which nobody else has')!
const entryColumns = 'seq, at, actor, change_id as "changeId", type, body, version, key, hash'
const stopped = { type: 'stopped' } as const
const started = { type: 'started', version: '1', oneWayKeys: true } as const

describe.each(engines)('on $name', (engine) => {
  function opened(place: Place, key: AuditKey, ...earlier: NonNullable<AuditKey>[]): Promise<Store> {
    return place.open({ now: createClock().now, key, earlier })
  }

  /** The app wrote with one key, and since its last start with another: two entries. */
  async function changed() {
    const place = await engine.empty()
    await (await opened(place, replaced)).note(started, 'app', null)
    const store = await opened(place, present, replaced)
    await store.note(started, 'app', null)
    return { place, store }
  }

  /** Adds an entry as somebody would who can write the database and perhaps has a key: nothing in it prevents that. */
  async function plant({ sql, add }: Place, key: AuditKey, type = 'started'): Promise<void> {
    const [last] = await sql<Entry>(`select ${entryColumns} from audit_events order by seq desc limit 1`)
    const { changeId, ...entry } = { ...last!, seq: last!.seq + 1, actor: bob, type, body: '{"version":"1"}' }
    const hash = entryHash(last!.hash!, { ...entry, changeId }, key)
    await add('audit_events', [{ ...entry, key: key?.id ?? null, hash }])
  }

  const noted = (store: Store) => store.note(stopped, 'app', null).catch(engine.troubleOf)

  describe('the app writes nothing after an entry', () => {
    test.each([
      ['with a key that was replaced', replaced, 'not written with AUDIT_KEY, which was in use before it'],
      ['without a key', null, 'written without a key, though entries before it have one'],
    ])('%s, as it runs or when it starts', async (_, by, words) => {
      const { place, store } = await changed()
      expect(await noted(store)).toBeUndefined()
      await plant(place, by)
      expect(await noted(store)).toBe(`its last entry was ${words}`)
      await expect(opened(place, present, replaced)).rejects.toThrow(
        /can't be continued.*#4.*last backup.*Nothing was changed/,
      )
    })

    test('that says that the key is lost while it has that key', async () => {
      const { place, store } = await changed()
      await plant(place, null, 'key_lost')
      expect(await noted(store)).toMatch('without a key')
    })

    test('with a replaced key, whatever was done to the entries before it', async () => {
      const { place, store } = await changed()
      await place.tamper('update audit_events set key = ?', replaced.id)
      await plant(place, replaced)
      expect(await noted(store)).toMatch('not written with AUDIT_KEY')
    })

    test('with the newest key, if entries name other keys than those that made them: so one that was replaced looks like the last', async () => {
      const next = auditKey('the key that is taken up today, after both')!
      const { place, store } = await changed()
      await store.close()
      await place.tamper('update audit_events set key = ? where key = ?', present.id, replaced.id)
      await plant(place, replaced)
      await expect(opened(place, next, present, replaced)).rejects.toThrow(
        /Entry #1 .* was not written with the key that it names/,
      )
      await place.tamper('delete from audit_events where seq = 3')
      await expect(opened(place, next, present, replaced)).rejects.toThrow(/Entry #1 /)
      await place.tamper('update audit_events set key = ? where seq = 1', replaced.id)
      await (await opened(place, next, present, replaced)).note(stopped, 'app', null)
    })

    test('with the newer key, if it still has the one before and knows the other', async () => {
      const place = await engine.empty()
      const before = await opened(place, replaced, present)
      await before.note(stopped, 'app', null)
      await (await opened(place, present, replaced)).note(stopped, 'app', null)
      expect(await noted(before)).toMatch('not written with AUDIT_KEY')
      await expect(opened(place, replaced, present)).rejects.toThrow(/a replaced key is not used again/)
    })
  })

  test('an entry that was taken back, with others that could not be written, does not show that a key is in use', async () => {
    const { place } = await changed()
    const store = await opened(place, auditKey('a third key, which comes after both')!, present, replaced)
    const unwritable = { ...started, version: 1n as unknown as string }
    await expect(store.noteAll([stopped, unwritable], 'app')).rejects.toThrow()
    expect(await noted(store)).toBeUndefined()
  })

  test('a change that was asked for with a replaced key is not borne out', async () => {
    const { place, store } = await changed()
    const event = { type: 'proposed', at: createClock().iso(), ...proposal() } as const
    const change = await store.open(event, alice, 'view-1')
    const [one, other] = [await opened(place, present, replaced), await opened(place, present, replaced)]
    expect(await one.doubt(change)).toBeNull()
    const [before, asked] = await place.sql<Entry>(
      `select ${entryColumns} from audit_events where seq > 1 order by seq`,
    )
    const forged = entryHash(before!.hash!, asked!, replaced)
    await place.tamper('update audit_events set key = ?, hash = ? where seq = 3', replaced.id, forged)
    expect(await other.doubt(change)).toMatch('entry #3 was written with a key that had been replaced before')
  })
})
