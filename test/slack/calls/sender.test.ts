import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createRests, limitOf } from '../../../src/slack/calls/rests.ts'
import { SlackBusy, SlackNo } from '../../../src/slack/calls/said.ts'
import { createSender, worths } from '../../../src/slack/calls/sender.ts'

const edits = limitOf('chat.update')

/** A sender with a clock that moves when told to, and the calls in order. */
function world() {
  const clock = { ms: 0 }
  const ticks = () => clock.ms
  const rests = createRests(ticks)
  const sender = createSender({ rests, ticks })
  const called: string[] = []
  const send = (name: string, worth: (typeof worths)[number] = 'decision', limit = edits) =>
    sender.send(limit, worth, async () => called.push(name))
  /** Waiting calls are looked at whenever something is sent. */
  const looks = () => send('the last').then(() => {})
  return { clock, rests, sender, called, send, looks }
}

test('while Slack wants to be left alone nothing is called, and then the most important goes first', async () => {
  const { clock, rests, called, send, looks } = world()
  rests.begin(edits, 30)
  for (const worth of [...worths].reverse()) {
    void send(`${worth} 1`, worth)
    void send(`${worth} 2`, worth)
  }
  clock.ms = 29_999
  const over = looks()
  expect(called).toEqual([])
  clock.ms = 30_000
  await Promise.all([over, send('another')])
  await send('the end', 'record')
  expect(called).toEqual([
    ...['decision 1', 'decision 2', 'the last', 'another', 'word 1', 'word 2', 'home 1', 'home 2'],
    ...['record 1', 'record 2', 'the end'],
  ])
})

test('within one limit four calls are under way at once, and the next when one of them has ended', async () => {
  const { sender } = world()
  const begun: PromiseWithResolvers<void>[] = []
  const call = () => {
    const one = Promise.withResolvers<void>()
    begun.push(one)
    return one.promise
  }
  for (let i = 0; i < 6; i++) void sender.send(edits, 'word', call)
  void sender.send('of another', 'word', async () => {})
  expect(begun).toHaveLength(4)
  begun[1]!.resolve()
  await nextTurn()
  expect(begun).toHaveLength(5)
})

test('a rest of no time at all takes a second', () => {
  const { clock, rests } = world()
  rests.begin(edits, 0)
  expect(rests.left(edits)).toBe(1000)
  clock.ms = 1000
  expect(rests.left(edits)).toBe(0)
})

test('a rest holds for its own limit alone, and is never made shorter', async () => {
  const { rests, called, send } = world()
  rests.begin(limitOf('chat.postMessage', 'C1'), 30)
  rests.begin(limitOf('chat.postMessage', 'C1'), 0)
  void send('to C1', 'word', limitOf('chat.postMessage', 'C1')).catch(() => {})
  await send('to C2', 'word', limitOf('chat.postMessage', 'C2'))
  await send('an edit')
  expect(called).toEqual(['to C2', 'an edit'])
  expect(rests.left(limitOf('chat.postMessage', 'C1'))).toBe(30_000)
})

test('a call that Slack refuses as one too many is sent again, before the others, and any other error is given back', async () => {
  const { clock, rests, sender, called, send } = world()
  let tries = 0
  const busy = sender.send(edits, 'word', async () => {
    tries += 1
    if (tries > 1) return called.push('the first')
    rests.begin(edits, 5)
    void send('the second', 'word')
    throw new SlackBusy('chat.update', 5)
  })
  await nextTurn()
  clock.ms = 5000
  await send('the third', 'word')
  await busy
  expect(called).toEqual(['the first', 'the second', 'the third'])
  const no = new SlackNo('chat.update', { ok: false, error: 'message_not_found' })
  await expect(sender.send(edits, 'word', () => Promise.reject(no))).rejects.toBe(no)
  const ofAnother = new SlackBusy('users.info', 5)
  await expect(sender.send(edits, 'word', () => Promise.reject(ofAnother))).rejects.toBe(ofAnother)
})

test('cards that only mention others have room while nothing else waits, twenty times a minute', () => {
  const { clock, rests, sender, send } = world()
  const times = (count: number) => Array.from({ length: count }, () => sender.hasRoom(edits))
  expect(times(21).filter(Boolean)).toHaveLength(20)
  clock.ms = 60_000
  rests.begin(edits, 1)
  expect(sender.hasRoom(edits)).toBe(false)
  clock.ms = 61_000
  expect(sender.hasRoom(edits)).toBe(true)
  void send('an edit')
  expect(sender.hasRoom(edits)).toBe(false)
})

test('once it stops, calls that would have to wait are given back, so that nothing delays the end', async () => {
  const { rests, sender, send } = world()
  rests.begin(edits, 30)
  const before = send('before')
  sender.stop()
  await expect(before).rejects.toBeInstanceOf(SlackBusy)
  await expect(send('after')).rejects.toBeInstanceOf(SlackBusy)
  rests.begin('views.publish', 1)
  expect(await sender.send(limitOf('chat.postMessage', 'C1'), 'word', async () => 'sent')).toBe('sent')
})
