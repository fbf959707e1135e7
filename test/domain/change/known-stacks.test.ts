import { describe, expect, test } from 'vitest'
import {
  idOfStack,
  type KnownStacks,
  keyOfStack,
  nameOfStack,
  noStackFor,
  noStacks,
  recognise,
  stacksInSettings,
} from '../../../src/domain/change/known-stacks.ts'

const entry = (name: string, apiKey: string) => ({ name, apiKey })
const k1 = keyOfStack('k1')
const k2 = keyOfStack('k2')

/** The stacks after these configurations, one after another, with their current names. */
function having(...configurations: ReturnType<typeof entry>[][]): KnownStacks {
  return configurations.reduce(recognise, noStacks)
}

const idsOf = ({ stacks }: KnownStacks) => Object.fromEntries(stacks.map(({ name, id }) => [name, id]))

describe('a stack is recognised by its api_key', () => {
  test('and keeps its first name in the log, however often it is renamed', () => {
    const known = having([entry('website', 'k1')], [entry('site', 'k1')], [entry('www', 'k1')])
    expect(known).toEqual({ stacks: [{ id: 'website', name: 'www', key: k1 }], former: [] })
    expect([nameOfStack(known, 'website'), idOfStack(known, 'www')]).toEqual(['www', 'website'])
  })

  test('two that swap their names stay what they are', () => {
    const known = having([entry('a', 'k1'), entry('b', 'k2')], [entry('b', 'k1'), entry('a', 'k2')])
    expect(idsOf(known)).toEqual({ b: 'a', a: 'b' })
    for (const name of ['a', 'b']) expect(nameOfStack(known, idOfStack(known, name))).toBe(name)
  })

  test('another stack with the same name is another, and the first is found again when it is back', () => {
    const replaced = having([entry('website', 'k1')], [entry('website', 'k2')])
    expect(replaced).toEqual({
      stacks: [{ id: 'website~2', name: 'website', key: k2 }],
      former: [{ id: 'website', name: 'website', key: k1 }],
    })
    expect(idOfStack(replaced, 'website')).toBe('website~2')
    expect(nameOfStack(replaced, 'website')).toBe('website (earlier)')
    expect(idOfStack(replaced, 'website (earlier)')).toBe('website')
    expect(idsOf(recognise(replaced, [entry('website', 'k3')]))).toEqual({ website: 'website~3' })
    expect(recognise(replaced, [entry('website', 'k1')])).toEqual({
      stacks: [{ id: 'website', name: 'website', key: k1 }],
      former: [{ id: 'website~2', name: 'website', key: k2 }],
    })
  })

  test('a name that one stack leaves and another takes in the same moment leads to the other', () => {
    const known = having([entry('website', 'k1')], [entry('website', 'k2'), entry('old-site', 'k1')])
    expect(idsOf(known)).toEqual({ 'old-site': 'website', website: 'website~2' })
  })

  test('the order of the entries makes no difference', () => {
    const entries = [entry('a', 'k1'), entry('b', 'k2')]
    expect(having(entries.toReversed())).toEqual(having(entries))
  })

  test('nothing that is kept about it contains an api_key', () => {
    expect(JSON.stringify(having([entry('website', 'blt0123456789')]))).not.toContain('blt0123456789')
  })
})

describe('the reason that a change has no stack', () => {
  const of = (known: KnownStacks, stack: string, stackKey?: string) =>
    noStackFor(known, { stack, ...(stackKey && { stackKey }) })

  test('it has one, under whatever name, even if it does not say by which api_key', () => {
    const known = having([entry('website', 'k1')], [entry('site', 'k1')])
    expect([of(known, 'website', k1), of(known, 'website')]).toEqual([null, null])
  })

  test('its stack was taken out, or was never known by an api_key', () => {
    const known = having([entry('website', 'k1'), entry('shop', 'k2')], [entry('site', 'k1')], [entry('shop', 'k2')])
    expect(of(known, 'website', k1)).toBe('its stack is no longer configured')
    expect(of(known, 'of-old')).toBe('its stack is no longer configured')
  })

  test('its name now belongs to another stack', () => {
    const known = having([entry('website', 'k1')], [entry('website', 'k2')])
    const words = /^it was asked for on another stack that was called "website" before/
    expect(of(known, 'website', k1)).toMatch(words)
    expect(of(known, 'website')).toMatch(words)
    expect(of(known, 'website~2', k2)).toBeNull()
  })

  test('the log has another api_key for the stack than the change itself', () => {
    expect(of(having([entry('website', 'k2')]), 'website', k1)).toMatch(/^it was asked for on another stack/)
  })
})

test('in the settings kept by an earlier version, each stack is known by its name; in others, none is', () => {
  const settings = { version: '1', stacks: [{ name: 'website', apiKey: 'k1', channel: 'C1' }] }
  expect(stacksInSettings(settings)).toEqual(having([entry('website', 'k1')]))
  for (const strange of [null, {}, { stacks: 'none' }, { stacks: [{ name: 'website' }] }])
    expect(stacksInSettings(strange)).toEqual(noStacks)
})
