import { describe, expect, test } from 'vitest'
import type { Past } from '../../../src/ports/past.ts'
import { createClock } from '../../support/clock.ts'
import { pastOf } from '../../support/past.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const of = { stack: 'website', tokenUid: 't1' }

function inWords({ entries, skipped, total }: Past): string {
  const said = entries.map((entry) =>
    entry.kind === 'change' ? `#${entry.stored.change.id}` : entry.edit.fact.after.description,
  )
  return `${said.join(', ')} (${skipped} newer, ${total} in all)`
}

describe.each(engines)('on $name', (engine) => {
  /** Seven changes and two edits by hand, after the third and the sixth; and another token's past. */
  async function world() {
    const place = await engine.empty()
    const clock = createClock()
    const store = await place.open(clock)
    const rows = pastOf({ tokenUid: 't1', settings: settings(), changes: 7, editEvery: 3 }, { seq: 0, id: 0 })
    const others = pastOf({ tokenUid: 't2', settings: settings(), changes: 3, editEvery: 1 }, { seq: 16, id: 7 })
    await place.add('change_requests', [...rows.changes, ...others.changes])
    await place.add('audit_events', [...rows.events, ...others.events])
    return {
      store,
      clock,
      page: async (wanted: object) => inWords(await store.past(of, { size: 4, ...wanted } as never)),
    }
  }

  test('changes that have ended and edits made elsewhere come in the order of the log, newest first', async () => {
    const { page } = await world()
    expect(await page({ skip: 0 })).toBe('#7, by hand 6, #6, #5 (0 newer, 9 in all)')
    expect(await page({ skip: 4 })).toBe('#4, by hand 3, #3, #2 (4 newer, 9 in all)')
    expect(await page({ skip: 8 })).toBe('#1 (8 newer, 9 in all)')
    expect(await page({ skip: 99 })).toBe(' (9 newer, 9 in all)')
  })

  test('the next page in either direction goes on where the page before ended', async () => {
    const { page, store } = await world()
    const seqOf = (entry: Past['entries'][number] | undefined) =>
      entry?.kind === 'change' ? entry.stored.seq : (entry?.edit.seq ?? 0)
    const { entries } = await store.past(of, { size: 4, skip: 0 })
    const before = seqOf(entries.at(-1))
    expect(await page({ before })).toBe('#4, by hand 3, #3, #2 (4 newer, 9 in all)')
    const older = await store.past(of, { size: 4, before })
    expect(await page({ after: seqOf(older.entries[0]) })).toBe('#7, by hand 6, #6, #5 (0 newer, 9 in all)')
    expect(await page({ after: seqOf(older.entries[2]) })).toBe('#6, #5, #4, by hand 3 (2 newer, 9 in all)')
  })

  test('new entries move no older page', async () => {
    const { clock, page, store } = await world()
    const [, , , last] = (await store.past(of, { size: 4, skip: 0 })).entries
    const before = last?.kind === 'change' ? last.stored.seq : 0
    await store.rememberToken({ stack: 'website', uid: 't1', settings: settings({ description: 'now' }) }, clock.iso())
    expect(await page({ before })).toBe('#4, by hand 3, #3, #2 (5 newer, 10 in all)')
    expect(await page({ skip: 0 })).toBe('now, #7, by hand 6, #6 (0 newer, 10 in all)')
  })

  test('a change is in the history once it has ended, wherever it was when others ended', async () => {
    const { clock, page, store } = await world()
    const { id } = await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
    expect(await page({ skip: 0 })).toBe('#7, by hand 6, #6, #5 (0 newer, 9 in all)')
    await store.record(id, bob, () => ({ type: 'rejected', at: clock.iso(), by: bob, reason: 'no' }))
    expect(await page({ skip: 0 })).toBe('#11, #7, by hand 6, #6 (0 newer, 10 in all)')
  })

  test('an edit made elsewhere is found by its number, and nothing else is', async () => {
    const { store } = await world()
    const [edit] = (await store.past(of, { size: 1, skip: 1 })).entries
    const { seq } = edit?.kind === 'edit' ? edit.edit : { seq: 0 }
    expect(await store.outsideEdit(seq)).toMatchObject({ seq, fact: { tokenUid: 't1', by: 'blt1' } })
    expect(await store.outsideEdit(seq + 1)).toBeNull()
    expect(await store.outsideEdit(9999)).toBeNull()
  })
})
