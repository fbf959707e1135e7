import { describe, expect, test } from 'vitest'
import type { Anchor } from '../../../src/ports/anchors.ts'
import { createWorld, startCore } from '../../support/core.ts'
import { alice, bob } from '../../support/world.ts'

/** A place that keeps what it is given, unless it is down. */
function createPlace(name: string) {
  const place = { name, kept: [] as Anchor[], down: false, keep }
  return place

  async function keep(anchor: Anchor): Promise<void> {
    if (place.down) throw new Error(`${name} is down`)
    place.kept.push(anchor)
  }
}

function world() {
  const { outside, ...all } = createWorld()
  const [file, syslog] = [createPlace('file'), createPlace('syslog')]
  outside.places.push(file, syslog)
  return { ...all, outside, file, syslog, caughtUp }

  async function caughtUp(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      await all.core.catchUp.all()
      all.clock.pass(120)
    }
  }
}

describe('a change that has ended', () => {
  test('leaves one checkpoint from after its end in its thread and in every other place', async () => {
    const { chat, clock, core, file, syslog, proposed, caughtUp } = world()
    const id = await proposed()
    await caughtUp()
    await core.changes.cancel(id, alice)
    const at = clock.iso()
    await caughtUp(3)
    const anchor = { ...(await core.store.checkpoint()), at, change: id }
    expect(anchor.size).toBe((await core.store.events()).at(-1)!.seq)
    expect([chat.anchors, file.kept, syslog.kept]).toEqual([[anchor], [anchor], [anchor]])
    expect(await core.store.anchors(id)).toBe('everywhere')
  })

  test('and was applied, leaves one that covers how it ended', async () => {
    const { chat, core, caughtUp } = world()
    const id = await core.approved()
    await caughtUp()
    const [applied] = (await core.store.events(id)).filter(({ event }) => event.type === 'applied')
    expect(chat.anchors.map(({ size }) => size)).toEqual([applied!.seq])
  })

  test('leaves none before', async () => {
    const { chat, core, file, proposed, caughtUp } = world()
    await proposed()
    await caughtUp(3)
    expect([chat.anchors, file.kept, core.failures]).toEqual([[], [], []])
  })
})

describe('a place that fails', () => {
  test('does not hold up the others, and gets its checkpoint later, when no other gets a second one', async () => {
    const { chat, core, file, syslog, proposed, caughtUp } = world()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    file.down = true
    await caughtUp(3)
    expect([chat.anchors.length, file.kept.length, syslog.kept.length]).toEqual([1, 0, 1])
    expect(core.failures).toEqual([expect.stringMatching(/^anchor #1: .*"file".*: file is down/)])
    expect(await core.store.anchors(id)).toEqual(['thread', 'syslog'])
    file.down = false
    await caughtUp(3)
    expect([chat.anchors.length, file.kept.length, syslog.kept.length]).toEqual([1, 1, 1])
  })

  test('gets it though another failed meanwhile, and those that have theirs get no second', async () => {
    const { chat, core, file, syslog, proposed, caughtUp } = world()
    await core.changes.cancel(await proposed(), alice)
    file.down = syslog.down = true
    await caughtUp()
    file.down = false
    await caughtUp()
    syslog.down = false
    await caughtUp(2)
    expect([chat.anchors.length, file.kept.length, syslog.kept.length]).toEqual([1, 1, 1])
  })

  test('and says no for good is asked later and later, and that is reported once, unless another fails as well', async () => {
    const { chat, core, file, proposed, caughtUp } = world()
    const no = Object.assign(new Error('Slack says no'), { endedBy: 'nothing' as const })
    const asked: string[] = []
    const { postAnchor } = chat.api
    chat.api.postAnchor = async () => {
      asked.push('thread')
      throw no
    }
    file.down = true
    await core.changes.cancel(await proposed(), alice)
    await caughtUp(4)
    expect([asked.length, core.failures.length]).toEqual([4, 1])
    file.down = false
    await caughtUp(60)
    expect(core.failures.slice(1)).toEqual([
      `anchor #1: The checkpoint could not be kept in "thread" yet: Slack says no`,
    ])
    expect(asked.length).toBeLessThan(4 + 15)
    chat.api.postAnchor = postAnchor
    await caughtUp(32)
    expect(chat.anchors).toHaveLength(1)
  })

  test('is remembered by the process that comes next', async () => {
    const { chat, core, outside, file, syslog, proposed, caughtUp } = world()
    await core.changes.cancel(await proposed(), alice)
    file.down = true
    await caughtUp()
    file.down = false
    await startCore(outside, 'second').catchUp.all()
    expect([chat.anchors.length, file.kept.length, syslog.kept.length]).toEqual([1, 1, 1])
  })

  test('delays nothing else while it is Slack', async () => {
    const { chat, core, file, stack, caughtUp } = world()
    chat.down = true
    await core.approved()
    await caughtUp(2)
    expect([stack.writes(), file.kept.length, chat.anchors.length]).toEqual([1, 1, 0])
    chat.down = false
    await caughtUp()
    expect([stack.writes(), file.kept.length, chat.anchors.length, chat.cards.length]).toEqual([1, 1, 1, 1])
  })
})

test('a card that somebody else may still be posting is waited for without a complaint, and then as soon as it is over', async () => {
  const { chat, clock, core, file, proposed } = world()
  const id = await proposed()
  await core.changes.cancel(id, alice)
  const until = new Date(clock.now().getTime() + 15_000).toISOString()
  await core.store.cardIsBeingPosted(id, { until, instead: null })
  await core.catchUp.all()
  expect([chat.cards.length, file.kept.length, core.failures]).toEqual([0, 1, []])
  expect(await core.store.anchors(id)).toEqual(['file', 'syslog'])
  clock.pass(16)
  await core.catchUp.all()
  expect([chat.cards.length, chat.anchors.length, file.kept.length]).toEqual([1, 1, 1])
  expect(await core.store.anchors(id)).toBe('everywhere')
})

test('a card that was deleted is posted again, and the checkpoint goes to the new one', async () => {
  const { chat, core, proposed, caughtUp } = world()
  const id = await proposed()
  await caughtUp()
  await core.changes.reject({ id, by: bob, revision: 1 }, 'not now')
  const { postAnchor } = chat.api
  chat.api.postAnchor = async (card, anchor) => {
    chat.api.postAnchor = postAnchor
    chat.cards.splice(0, 1)
    return postAnchor(card, anchor)
  }
  await caughtUp(2)
  expect([chat.cards.length, chat.anchors.length]).toEqual([1, 1])
})
