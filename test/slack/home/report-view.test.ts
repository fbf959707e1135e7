import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inWords, validateView } from '../../../src/sandbox/slack/validate.ts'
import { countingView, noReportView, reportView, type TitledRow } from '../../../src/slack/home/report-view.ts'
import { reading } from '../kit/drawn.ts'
import { hostileText } from '../kit/hostile.ts'

const since = '2026-03-01T09:00:00.000Z'

function titled(what: Partial<TitledRow['row']> = {}, stackTitle = 'Website'): TitledRow {
  const outcomes = { applied: 8, failed: 0, rejected: 1, cancelled: 0, expired: 0, open: 1 }
  const spreads = { toFirstDecision: { p50: 90, p95: 12_000 }, toEnd: { p50: 95, p95: 90_000 } }
  const row = { stack: 'website', rule: 'approvers', asked: 10, outcomes, ...spreads, voidedApprovals: 1, drifts: 2 }
  return { row: { ...row, ...what }, stackTitle }
}

test('the report says for each rule what came of its changes, and how long that took', () => {
  const none = { p50: null, p95: null }
  const undecided = titled({ rule: null, toFirstDecision: none, toEnd: none, voidedApprovals: 0, drifts: 0 }, 'Shop')
  expect(reading(reportView(90, since, [titled(), undecided]).blocks)).toBe(
    [
      '30 days',
      '90 days',
      '365 days',
      'Changes asked for since 2026-03-01 09:00 UTC:',
      'Website, approvers',
      '10 asked for: 8 applied, 1 rejected, 1 open',
      'First decision: half within 1 min 30 s, 95 of 100 within 3 h 20 min',
      'End: half within 1 min 35 s, 95 of 100 within 1 d 1 h',
      '1 approval no longer counted',
      'Stopped 2 times, since the token had been changed meanwhile',
      'Shop, no rule named',
      '10 asked for: 8 applied, 1 rejected, 1 open',
    ].join('\n'),
  )
  expect(reading(reportView(30, since, []).blocks)).toContain('No changes were asked for since 2026-03-01 09:00 UTC.')
})

test('Slack takes the report of any number of rules, whatever they and their stacks are called', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom(1, 40, 300), (text, many) => {
      const view = reportView(
        90,
        since,
        Array.from({ length: many }, () => titled({ rule: text }, text)),
      )
      expect(inWords(validateView(view))).toBe('')
      if (many > 40) expect(reading(view.blocks)).toContain('and 260 more: the report at a terminal has all of them')
    }),
    { numRuns: 30 },
  )
  for (const view of [countingView(90), noReportView('No.')]) expect(inWords(validateView(view))).toBe('')
})
