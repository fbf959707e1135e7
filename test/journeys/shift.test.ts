import { describe, expect, test } from 'vitest'
import { transports } from '../support/journey.ts'
import { faultsOf } from '../support/shift/judge.ts'
import { liveThrough } from '../support/shift/shift.ts'

/** `npm run shift` lives through eight hours instead, from the seed SEED. */
const hours = Number(process.env.SHIFT_HOURS ?? 0.25)
const seed = Number(process.env.SEED ?? 1)

describe.each(transports)(`${hours} hours of trouble on every way, over %s, from the seed ${seed}`, (transport) => {
  test('leave every change where people, approvals and the stack put it', { timeout: 3_600_000 }, async () => {
    const shift = await liveThrough(seed, hours, transport)
    expect(await faultsOf(shift)).toEqual([])
    expect(shift.given).toContain('last-of-all')
  })
})
