import { describe, expect, test } from 'vitest'
import type { Anchor } from '../../../src/ports/anchors.ts'
import { createOutside, startCore, typesOf } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { alice } from '../../support/world.ts'

const hour = 3600

function createPlace(name: string) {
  const place = { name, kept: [] as Anchor[], tries: 0, down: false, keep }
  return place

  async function keep(anchor: Anchor): Promise<void> {
    place.tries++
    if (place.down) throw new Error('down')
    place.kept.push(anchor)
  }
}

function world() {
  const outside = createOutside()
  const [file, syslog] = [createPlace('file'), createPlace('syslog')]
  outside.places.push(file, syslog)
  const core = startCore(outside)
  const grows = () => core.store.note({ type: 'stopped' }, 'app', null)
  return { ...outside, outside, core, file, syslog, grows, round: () => core.anchorRounds.round() }
}

describe('apart from the ends of changes, each place outside gets a checkpoint', () => {
  test('at first, and then once in each hour in which the log has grown', async () => {
    const { clock, core, file, syslog, grows, round } = world()
    await grows()
    await round()
    const first = { size: 1, at: clock.iso(), change: null }
    expect([file.kept, syslog.kept]).toMatchObject([[first], [first]])
    await grows()
    clock.pass(hour - 1)
    await round()
    expect(file.kept).toHaveLength(1)
    clock.pass(1)
    const now = await core.store.checkpoint()
    await round()
    await round()
    expect(file.kept[1]).toEqual({ ...now, at: clock.iso(), change: null })
    expect([file.kept.length, syslog.kept.length]).toEqual([2, 2])
  })

  test('and none while nothing happens: anchoring is no reason to anchor again', async () => {
    const { clock, core, file, grows, round } = world()
    await grows()
    for (let i = 0; i < 50; i++) {
      await round()
      clock.pass(hour / 4)
    }
    expect(file.kept).toHaveLength(1)
    expect(await typesOf(core)).toEqual(['stopped', 'log_anchored'])
  })

  test('not again soon after one that the end of a change left', async () => {
    const { clock, core, file, round } = world()
    await round()
    await core.changes.cancel(await core.proposed(), alice)
    clock.pass(2 * hour)
    await core.catchUp.all()
    await round()
    expect(file.kept.map(({ change }) => change)).toEqual([null, 1])
    await core.store.note({ type: 'stopped' }, 'app', null)
    clock.pass(hour)
    await round()
    expect(file.kept.map(({ change }) => change)).toEqual([null, 1, null])
  })

  test('when the clock was set back, too', async () => {
    const { clock, file, grows, round } = world()
    await round()
    await grows()
    clock.pass(-24 * hour)
    await round()
    expect(file.kept).toHaveLength(2)
  })
})

describe('whatever the log is made to say, or has lost, keeps no checkpoint from a place for longer than an hour', () => {
  const plant = (path: string, body: object) =>
    rawConnection(path)
      .prepare(
        `insert into audit_events (seq, at, actor, type, body)
         select max(seq) + 1, '2026-06-01T09:00:00.000Z', 'app', 'log_anchored', ? from audit_events`,
      )
      .run(JSON.stringify(body))

  test.each([
    ['more entries than there are', { at: '2026-06-01T09:00:00.000Z', size: 1e9 }, 0],
    ['a time that is still to come', { at: '2099-01-01T00:00:00.000Z', size: 1 }, 0],
    ['no time', { at: 'lately', size: 1 }, hour],
    ['as many entries as there are', { at: '2026-06-01T09:00:00.000Z', size: 2 }, hour],
    ['nothing that can be read', 'everywhere', 0],
  ])('an entry in it that says %s', async (_, place, due) => {
    const { clock, file, grows, outside } = world()
    await grows()
    plant(outside.path, { places: { file: place } })
    const next = startCore(outside, 'second')
    for (const passed of [0, hour, hour]) {
      clock.pass(passed)
      await next.store.note({ type: 'stopped' }, 'app', null)
      await next.anchorRounds.round()
    }
    expect(file.kept.length).toBe(due === 0 ? 3 : 2)
  })

  test('its newest entries: that is reported at once, and the next process keeps one in each hour in which it grows', async () => {
    const { clock, core, file, grows, outside, path, round } = world()
    for (let i = 0; i < 20; i++) await grows()
    await round()
    const raw = rawConnection(path)
    pastTheTriggers(raw, () => raw.exec('delete from audit_events where seq > 10'))
    await round()
    expect(core.cuts).toEqual([{ had: 20, has: 10 }])
    await expect(grows()).rejects.toThrow('its entry #21 is missing')
    const next = startCore(outside, 'second')
    for (let i = 0; i < 3; i++) {
      await next.store.note({ type: 'stopped' }, 'app', null)
      clock.pass(hour)
      await next.anchorRounds.round()
    }
    expect(file.kept.map(({ size }) => size)).toEqual([20, 11, 13, 15])
  })

  test('a clock that is set back half an hour again and again', async () => {
    const outside = createOutside()
    const time = { ticks: 0 }
    outside.clock = { ...outside.clock, monotonic: () => time.ticks }
    const file = createPlace('file')
    outside.places.push(file)
    const { anchorRounds, store } = startCore(outside)
    for (let i = 0; i < 4; i++) {
      await store.note({ type: 'stopped' }, 'app', null)
      await anchorRounds.round()
      time.ticks += hour * 1000
      outside.clock.pass(hour / 2)
    }
    expect(file.kept).toHaveLength(4)
  })
})

describe('a place that fails', () => {
  test('does not hold up the others, is reported, and is tried again after a minute until it holds one', async () => {
    const { clock, core, file, syslog, grows, round } = world()
    await grows()
    file.down = true
    await round()
    await round()
    expect([file.tries, syslog.kept.length, core.failures]).toEqual([1, 1, ['file: down']])
    clock.pass(60)
    await round()
    expect([file.tries, syslog.kept.length]).toEqual([2, 1])
    file.down = false
    clock.pass(60)
    await round()
    expect([file.kept.length, syslog.kept.length]).toEqual([1, 1])
  })
})

describe("the time of each place's last checkpoint", () => {
  test('is known after a restart, which anchors nothing again before it is due', async () => {
    const { clock, core, outside, file, grows, round } = world()
    await grows()
    await round()
    const at = clock.iso()
    const before = core.anchorRounds.last()
    expect(before).toEqual({ file: { at, size: 1 }, syslog: { at, size: 1 } })
    const next = startCore(outside, 'second')
    await next.store.note({ type: 'started', version: '1' }, 'app', null)
    clock.pass(60)
    await next.anchorRounds.round()
    expect(next.anchorRounds.last()).toEqual(before)
    expect(file.kept).toHaveLength(1)
  })

  test('is known for the threads of cards too, and noted at most once an hour', async () => {
    const { clock, core, outside, round } = world()
    outside.places.length = 0
    for (const tokenUid of ['t1', 't2', 't3']) {
      await core.changes.cancel(await core.proposed({ tokenUid }), alice)
      await core.catchUp.all()
      await round()
      clock.pass(60)
    }
    const { thread } = core.anchorRounds.last()
    expect(thread).toEqual({ at: expect.any(String), size: 6 })
    expect(await typesOf(core)).not.toContain('log_anchored')
    clock.pass(hour)
    await round()
    await round()
    expect((await typesOf(core)).filter((type) => type === 'log_anchored')).toHaveLength(1)
    const next = startCore(outside, 'second')
    await next.anchorRounds.round()
    expect(next.anchorRounds.last()).toEqual({ thread })
  })
})
