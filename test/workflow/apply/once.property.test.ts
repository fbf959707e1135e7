import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasEnded } from '../../../src/domain/change/change.ts'
import type { WriteAnswer } from '../../../src/ports/stack.ts'
import { type Core, createOutside, leaseSeconds, startCore, writeSeconds } from '../../support/core.ts'

/** The fate of a write. `late` arrives just before its timeout; at a `dies` the process is killed while it waits. */
const fates = ['takes', 'silent', 'lost', 'late', 'busy', 'refused', 'dies before', 'dies after'] as const
type Fate = (typeof fates)[number]

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('first catches up' as const, 'second catches up' as const) },
  { weight: 2, arbitrary: fc.constant('both catch up' as const) },
  { weight: 3, arbitrary: fc.constantFrom(1, 10, leaseSeconds, 300) },
  { weight: 2, arbitrary: fc.constantFrom('stack down', 'stack up', 'Slack down', 'Slack up') },
)
/** A number means seconds that pass. */
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Two processes on one file, and a stack that treats each write as fate decides. */
function world(fate: Fate[]) {
  const outside = createOutside()
  const { chat, clock, stack } = outside
  const processes: [Core, Core] = [startCore(outside, 'process 1'), startCore(outside, 'process 2')]
  const late: { at: number; land: () => void }[] = []
  const taken: string[] = []
  let started = 2
  let death = Promise.withResolvers<never>()

  stack.api.update = async ({ uid }, after): Promise<WriteAnswer> => {
    const land = () => {
      stack.live.set(uid, after)
      taken.push(uid)
    }
    const next = fate.shift() ?? 'takes'
    if (['takes', 'silent', 'dies after'].includes(next)) land()
    if (next === 'late') late.push({ at: clock.now().getTime() + writeSeconds * 1000 - 1, land })
    if (next.startsWith('dies')) return die()
    if (next === 'takes') return { kind: 'taken' }
    return { kind: next === 'busy' || next === 'refused' ? next : 'unknown', why: next }
  }
  return { chat, processes, take, taken }

  /** The write never returns, and no process does either: others start in their place. */
  function die(): Promise<never> {
    processes[0] = startCore(outside, `process ${++started}`)
    processes[1] = startCore(outside, `process ${++started}`)
    death.reject(new Error('killed'))
    return new Promise(() => {})
  }

  async function take(step: Step): Promise<void> {
    if (step === 'first catches up') await catchUp(processes[0])
    else if (step === 'second catches up') await catchUp(processes[1])
    else if (step === 'both catch up') await catchUp(...processes)
    else if (typeof step === 'number') pass(step)
    else if (step.startsWith('Slack')) chat.down = step.endsWith('down')
    else stack.onLook = step.endsWith('down') ? () => Promise.reject(new Error(step)) : async () => {}
  }

  async function catchUp(...some: Core[]): Promise<void> {
    death = Promise.withResolvers<never>()
    const runs = some.map(({ catchUp }) => catchUp.all().then(catchUp.idle))
    await Promise.race([Promise.all(runs), death.promise]).catch(() => {})
  }

  function pass(seconds: number): void {
    clock.pass(seconds)
    for (const write of late.splice(0)) {
      if (write.at <= clock.now().getTime()) write.land()
      else late.push(write)
    }
  }
}

const calm: Step[] = ['stack up', 'Slack up']
for (let i = 0; i < 20; i++) calm.push(300, 'first catches up')

test('through lost answers, late writes, kills, outages and two processes, the stack takes a change at most once', async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 20, size: 'max' })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...fates), { maxLength: 4 }), steps, async (fate, steps) => {
      const { chat, processes, take, taken } = world([...fate])
      const id = await processes[0].approved()
      for (const step of [...steps, ...calm]) await take(step)

      const { change, seq, card } = await processes[0].store.get(id)
      expect(hasEnded(change)).toBe(true)
      expect(taken).toEqual(change.status === 'applied' ? ['t1'] : [])
      expect(card?.seq).toBe(seq)
      expect(chat.told).toContain(`#${id} ${change.status}`)
    }),
    { numRuns: 40 },
  )
})
