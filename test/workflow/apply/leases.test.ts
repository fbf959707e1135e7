import { describe, expect, test } from 'vitest'
import { createSteadyClock } from '../../../src/steady-clock.ts'
import { createLeases } from '../../../src/workflow/apply/leases.ts'
import { applying, pending } from '../../support/changes.ts'
import { createClock } from '../../support/clock.ts'

const timing = { writeTimeout: 10_000, lease: 45_000, arrival: 900_000 }

/** A process that has run for `ageSeconds`, and a clock that can be set while time goes on. */
function world(ageSeconds = 0) {
  const clock = createClock()
  let ahead = 0
  const now = () => new Date(clock.now().getTime() + ahead * 1000)
  const steady = createSteadyClock(now, clock.monotonic)
  clock.pass(ageSeconds)
  const leases = createLeases({ steady, monotonic: clock.monotonic, processId: 'this one', timing })
  const isoIn = (seconds: number) => new Date(now().getTime() + seconds * 1000).toISOString()
  const set = (seconds: number) => {
    ahead += seconds
  }
  return { ...leases, pass: clock.pass, set, isoIn }
}

describe('an update may be sent', () => {
  test('while more of its lease is left than it may take', () => {
    const { begin, hasTimeToWrite, pass } = world()
    const lease = begin()
    pass(34.999)
    expect(hasTimeToWrite(lease)).toBe(true)
    pass(0.001)
    expect(hasTimeToWrite(lease)).toBe(false)
  })

  test.each([
    ['a clock that was set ahead', 34.999, 35],
    ['a clock that was set back', -3600, -3600],
  ])('no longer than that by either clock: %s', (_, enough, tooMuch) => {
    const allowed = world()
    const lease = allowed.begin()
    allowed.set(enough)
    expect(allowed.hasTimeToWrite(lease)).toBe(true)
    const refused = world()
    const other = refused.begin()
    refused.set(tooMuch)
    if (tooMuch < 0) refused.pass(35)
    expect(refused.hasTimeToWrite(other)).toBe(false)
  })
})

describe('what a stack says it took', () => {
  const write = (sentAt: string) => ({ answer: { kind: 'taken' as const }, sentAt })

  test.each([
    ['the whole time in which it may arrive', 900, 900],
    ['its lease, if nobody noted that time', undefined, 45],
  ])('can no longer show after %s', (_, arrival, seconds) => {
    const { isLate, isoIn, pass } = world(2000)
    const lease = { holder: 'this one', until: isoIn(45), ...(arrival !== undefined && { arrival: isoIn(arrival) }) }
    const change = { ...applying(), lease, write: write(isoIn(0)) }
    expect(isLate(change)).toBe(false)
    pass(seconds - 0.001)
    expect(isLate(change)).toBe(false)
    pass(0.001)
    expect(isLate(change)).toBe(true)
  })

  test('is not waited for if there is no answer, or the change is no longer being applied', () => {
    const { isLate, isoIn, pass } = world(2000)
    const lease = { holder: 'this one', until: isoIn(45), arrival: isoIn(900) }
    pass(5000)
    expect([isLate({ ...applying(), lease }), isLate(pending())]).toEqual([false, false])
  })
})

test('an update that was sent before some instant may arrive until its time is over, from that instant on', () => {
  const { arrivalLeftSince, isoIn } = world(2000)
  expect([arrivalLeftSince(null), arrivalLeftSince(isoIn(-100)), arrivalLeftSince(isoIn(-900))]).toEqual([
    0, 800_000, 0,
  ])
})

describe('the time when an update can no longer arrive', () => {
  const send = (until: string) => ({ sentAt: '2026-06-01T08:59:00.000Z', until, answer: 'taken' as const })

  test('is the one that was noted for it, while that is to come', () => {
    const { whenOver, isoIn } = world(2000)
    expect([whenOver(null), whenOver(send(isoIn(45.5)))]).toEqual([undefined, isoIn(45.5)])
  })

  test('is later, in whole seconds, for a process that has not waited for as long itself', () => {
    const { whenOver, isoIn } = world(0.25)
    expect(whenOver(send(isoIn(0)))).toBe(isoIn(900))
  })
})

test('a lease ends when it was to end for a process that met it before somebody set the clock back', () => {
  const { count, left, set, pass, isoIn } = world(2000)
  const change = { ...applying(), lease: { holder: 'another', until: isoIn(45) } }
  count(change)
  pass(30)
  set(-3600)
  expect(left(change.lease)).toBe(15_000)
})
