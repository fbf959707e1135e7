import { describe, expect, test } from 'vitest'
import { createAnchorCheck, type KeptCheckpoint } from '../../../src/domain/audit/anchor-check.ts'
import { type AuditKey, auditKey, checkpointOf } from '../../../src/domain/audit/chain.ts'
import { createAnswer } from '../../../src/domain/audit/finding.ts'

const key = auditKey('the key of now, which is long enough to be one')!
const old = auditKey('the key before, which is long enough to be one')!
const foreign = auditKey('a key that is not at hand, long enough as well')!

/** A checkpoint of the log from when it had that many entries. */
function anchor(size: number, by: AuditKey = key, head = `hash ${size}`): KeptCheckpoint {
  return { ...checkpointOf(size, head, by), from: `anchor ${size}` }
}

/** A log of that many entries, in which entry n has the hash "hash n". */
function held(size: number, anchors: readonly KeptCheckpoint[] | null, current: AuditKey = key) {
  const { wrong, untold, answer } = createAnswer()
  const check = createAnchorCheck(anchors, { current, earlier: current ? [old] : [] }, { wrong, untold })
  for (let seq = 1; seq <= size; seq++) check.feed({ seq, key: current?.id ?? null } as never, `hash ${seq}`)
  const met = check.end(size)
  return { met, wrong: answer().wrong.first, untold: answer().untold.first }
}

describe('a log checked against the anchors kept outside it', () => {
  test('meets each true anchor, in whatever order they come', () => {
    expect(held(5, [anchor(4), anchor(2), anchor(5), anchor(2)])).toEqual({ met: 4, wrong: [], untold: [] })
  })

  test('meets one from before its first entry, and one made with an earlier key', () => {
    expect(held(3, [anchor(0, key, ''), anchor(2, old)])).toEqual({ met: 2, wrong: [], untold: [] })
    expect(held(0, [anchor(0, key, '')])).toEqual({ met: 1, wrong: [], untold: [] })
  })

  test('is cut short if an anchor knows more', () => {
    expect(held(3, [anchor(2), anchor(4), anchor(9)])).toEqual({
      met: 1,
      wrong: [4, 9].map((then) => ({
        seq: 3,
        what: `is the last one, but anchor ${then} says that there were ${then}: the newest are missing`,
      })),
      untold: [],
    })
  })

  test('was rewritten if an entry differs from what an anchor says, and the next anchors are still checked', () => {
    expect(held(3, [anchor(2, key, 'another hash'), anchor(3)])).toEqual({
      met: 1,
      wrong: [{ seq: 2, what: 'is not the last entry that anchor 2 knew: the log was rewritten' }],
      untold: [],
    })
  })

  test('says nothing about places where nobody looked, and says so if somebody looked and found none', () => {
    expect(held(3, null)).toEqual({ met: 0, wrong: [], untold: [] })
    expect(held(3, []).untold).toEqual([
      {
        seq: null,
        what: 'no anchor was found: none is kept until the first change has ended',
      },
    ])
  })

  test('does not trust an anchor made with a key that is not at hand', () => {
    expect(held(3, [anchor(2, foreign), { ...anchor(3), head: 'made up' }])).toEqual({
      met: 0,
      wrong: [],
      untold: [2, 3].map((size) => ({
        seq: null,
        what: `anchor ${size} was not made with a key that you have given: it may be made up, and was not trusted`,
      })),
    })
  })

  test('with a key, is neither proved nor disproved by an anchor made without one', () => {
    expect(held(3, [anchor(2, null), anchor(9, null)])).toEqual({
      met: 0,
      wrong: [],
      untold: [
        { seq: 2, what: 'has a key, but not the hash that anchor 2 gives, which anybody could have made up' },
        {
          seq: 3,
          what: 'is the last one, but anchor 9 says that there were 9. It was made without a key, so anybody could have made it',
        },
      ],
    })
  })

  test('without any key, is still checked against anchors without one', () => {
    expect(held(3, [anchor(2, null)], null)).toEqual({ met: 1, wrong: [], untold: [] })
    expect(held(3, [anchor(9, null)], null).wrong).toHaveLength(1)
  })

  test('with a key, but none at hand to check it with, is not proved by an anchor that anybody could have made', () => {
    const { wrong, untold, answer } = createAnswer()
    const check = createAnchorCheck([anchor(1, null)], { current: null, earlier: [] }, { wrong, untold })
    check.feed({ seq: 1, key: key.id } as never, 'hash 1')
    expect([check.end(1), answer().untold.count]).toEqual([0, 1])
  })

  test('does not meet an anchor whose own entry is missing, though the next one has the hash that it names', () => {
    const { wrong, untold, answer } = createAnswer()
    const check = createAnchorCheck([anchor(2, key, 'hash 3')], { current: key, earlier: [] }, { wrong, untold })
    for (const seq of [1, 3]) check.feed({ seq, key: key.id } as never, `hash ${seq}`)
    expect([check.end(3), answer().wrong.first.map(({ seq }) => seq)]).toEqual([0, [2]])
  })
})
