import { expect, test } from 'vitest'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { type Counted, createTotals } from '../../../src/domain/audit/totals.ts'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import { alice, bob, carol, proposal, requirement, settings } from '../../support/world.ts'

type Said = { readonly type: string; readonly [part: string]: unknown }

const at = (minute: number) => new Date(Date.UTC(2026, 5, 1, 9, minute)).toISOString()

/** The counts that these entries add, one a minute; of change #1 unless they are about none. */
function counted(log: readonly (Said & { readonly about?: null })[]): Counted[] {
  const totals = createTotals()
  return log.flatMap(({ type, about = 1, ...content }, minute) => {
    const body = canonicalJson({ at: at(minute), ...content })
    const entry: Entry = {
      seq: minute + 1,
      at: at(minute),
      actor: 'app',
      changeId: about,
      type,
      body,
      version: 1,
      key: null,
      hash: null,
    }
    return [...totals.feed(entry)]
  })
}

const under = { stack: 'website', rule: 'approvers' }
const asked = { type: 'proposed', ...proposal() }
const approved = (by: string, quorum: boolean, lost: string[] = []) => ({
  ...{ type: 'approved', by, quorum, revision: 1, seal: 's', comment: '' },
  lost: lost.map((one) => ({ by: one, why: 'they left' })),
})
const edited = (rule: string) => ({ type: 'amended', by: alice, requirement: { ...requirement(), rule }, voids: [] })

test('a change is counted when it is asked for, decided, sent and applied, with the time each took', () => {
  expect(
    counted([
      asked,
      approved(bob, false),
      approved(carol, true),
      { type: 'apply_started' },
      { type: 'write_answered', answer: { kind: 'taken' } },
      { type: 'applied', written: true },
    ]),
  ).toEqual([
    { of: 'asked', ...under },
    { of: 'decided', ...under, seconds: 60 },
    { of: 'answered', ...under, answer: 'taken' },
    { of: 'ended', ...under, outcome: 'applied' },
    { of: 'applied', ...under, seconds: 180 },
  ])
})

test('an edit voids approvals, and what follows counts under its rule; applying takes from the approvals that count', () => {
  const rule = { ...under, rule: 'careful' }
  expect(
    counted([
      asked,
      approved(bob, true),
      edited('careful'),
      approved(bob, false),
      approved(carol, true, [bob]),
      { type: 'applied' },
    ]),
  ).toEqual([
    { of: 'asked', ...under },
    { of: 'decided', ...under, seconds: 60 },
    { of: 'voided', ...rule, times: 1 },
    { of: 'voided', ...rule, times: 1 },
    { of: 'ended', ...rule, outcome: 'applied' },
    { of: 'applied', ...rule, seconds: 60 },
  ])
})

test('drift, edits made elsewhere and the last verification are counted', () => {
  expect(
    counted([
      asked,
      { type: 'drift_found', live: settings() },
      { about: null, type: 'outside_edit', stack: 'shop' },
      { about: null, type: 'log_verified', intact: false },
      { about: null, type: 'started' },
    ]),
  ).toEqual([
    { of: 'asked', ...under },
    { of: 'drifted', ...under },
    { of: 'edited elsewhere', stack: 'shop' },
    { of: 'verified', at: Date.parse(at(3)), isIntact: false },
  ])
})

test('an entry that cannot be read adds nothing, and those after it still count', () => {
  expect(
    counted([asked, { type: 'write_answered', answer: 'none' }, { ...asked, stack: 7 }, { type: 'expired' }]),
  ).toEqual([
    { of: 'asked', ...under },
    { of: 'ended', ...under, outcome: 'expired' },
  ])
})
