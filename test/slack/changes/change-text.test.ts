import { expect, test } from 'vitest'
import { changeText, mineText, type Pending, pendingText } from '../../../src/slack/changes/change-text.ts'
import { proposedAt as at } from '../../support/changes.ts'
import { listOf } from '../home/drawn-homes.ts'
import { asked, inEveryStatus } from '../kit/asked.ts'
import { buttonsIn, reading, stored } from '../kit/drawn.ts'

const listed = { stored: stored(asked()), stackTitle: 'Website', link: 'https://slack.example/card' }
const times = (n: number) => listOf(...Array.from({ length: n }, () => listed))
const nothing: Pending = { toDecide: listOf(), others: listOf(), aside: listOf(), isAllForApproval: true }
const notConfigured = 'its stack is no longer configured'
const aLine =
  '#42 Renames ci-deploy to ci-release · Website. It is waiting for 1 approval. [Open the card](https://slack.example/card)'

test('your open changes are listed, and more than twenty are counted', () => {
  expect(reading(mineText(listOf()).blocks)).toBe('You have no open changes.')
  expect(reading(mineText(listOf(listed)).blocks)).toBe(`You have 1 open change:\n${aLine}`)
  expect(mineText(listOf(listed)).text).toContain(
    '#42 Renames ci-deploy to ci-release · Website. It is waiting for 1 approval.',
  )
  const many = reading(mineText(times(23)).blocks)
  expect(many.match(/#42/g)).toHaveLength(20)
  expect(many).toMatch(/^You have 23 open changes:\n.*\nand 3 more: see App Home$/s)
})

test('of waiting changes, those that the reader may decide come first', () => {
  expect(reading(pendingText(nothing).blocks)).toBe('Nothing is waiting for approval.')
  expect(reading(pendingText({ ...nothing, toDecide: listOf(listed), others: times(21) }).blocks)).toMatch(
    /^22 changes waiting for approval:\nWaiting for you\n#42 [^\n]*\nWaiting for others\n#42 .*\nand 1 more: see App Home$/s,
  )
  expect(reading(pendingText({ ...nothing, others: listOf(listed) }).blocks)).not.toContain('Waiting for you')
})

test('changes of which one waits to be taken over are not said to wait for approval', () => {
  const barred = [{ by: 'U0ALICE', why: 'deactivated members may not use Countersign' }]
  const orphaned = { ...listed, stored: stored(asked({}, { type: 'askers_barred', at, barred })) }
  expect(
    reading(
      pendingText({ ...nothing, toDecide: listOf(orphaned), others: listOf(listed), isAllForApproval: false }).blocks,
    ),
  ).toMatch(/^2 open changes:\nWaiting for you\n#42 .* is waiting to be taken over or cancelled/)
})

test('changes of a stack that is not configured are listed apart, and wait for nobody', () => {
  const aside = { ...listed, stored: stored(asked({}, { type: 'set_aside', at, why: notConfigured })) }
  expect(reading(pendingText({ ...nothing, aside: listOf(aside) }).blocks)).toBe(
    `Nothing is waiting for approval.\nSet aside\n#42 Renames ci-deploy to ci-release · Website. It is set aside, because ${notConfigured}. [Open the card](https://slack.example/card)`,
  )
})

test('one change is shown in full in every status, with the way to its card and without buttons', () => {
  const around = { stackTitle: 'Website', others: [{ id: 43, link: null }] }
  for (const change of inEveryStatus()) {
    const { text, blocks } = changeText(stored(change), { ...around, link: 'https://slack.example/card' })
    expect(reading(blocks)).toMatch(/^(.*: r|R)enames ci-deploy to ci-release · #42\n/)
    expect(reading(blocks)).toContain('Reason\nThe pipeline moved')
    expect(reading(blocks)).toMatch(/\n\[Open the card\]\(https:\/\/slack\.example\/card\)$/)
    expect(text).toContain('Change #42 to token ci-deploy on Website')
    expect(buttonsIn(blocks)).toEqual([])
  }
  const [pending] = inEveryStatus()
  const without = reading(changeText(stored(pending!), { ...around, link: null }).blocks)
  expect(without).not.toContain('Open the card')
  expect(without).toContain('Other open changes to this token: #43')
})
