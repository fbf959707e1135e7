import type { Counted } from '../../domain/audit/totals.ts'
import type { Labels } from './labels.ts'
import type { MetricsOf } from './registry.ts'

const [minute, hour, day] = [60, 3600, 86_400]
const untilDecided = [minute, 5 * minute, 15 * minute, hour, 4 * hour, 8 * hour, day, 3 * day, 7 * day]
const untilApplied = [1, 2, 5, 10, 30, minute, 5 * minute, 15 * minute, hour, day]

/** The totals of the whole log: a restart takes nothing away from them. Returns what takes one thing more into account. */
export function createLogMetrics({ counter, histogram, gauge }: MetricsOf, labels: Labels): (counted: Counted) => void {
  const ruled = ['stack', 'rule']
  const asked = counter('countersign_changes_asked_total', 'Changes that were asked for.', ruled)
  const endedHelp = 'Changes that ended, by outcome: applied, failed, rejected, cancelled or expired.'
  const ended = counter('countersign_changes_ended_total', endedHelp, [...ruled, 'outcome'])
  const decisionHelp = 'Time from asking for a change to the first approval or rejection.'
  const decision = histogram('countersign_change_decision_seconds', decisionHelp, ruled, untilDecided)
  const applyHelp = 'Time from the last approval that a change needed until it was applied.'
  const apply = histogram('countersign_change_apply_seconds', applyHelp, ruled, untilApplied)
  const voided = counter('countersign_approvals_voided_total', 'Approvals that no longer counted.', ruled)
  const driftHelp = 'Times that a change was stopped because its token had been changed meanwhile.'
  const drifts = counter('countersign_drifts_total', driftHelp, ['stack'])
  const writesHelp = 'Updates of tokens, by what the stack answered: taken, refused, busy, unknown, or none.'
  const writes = counter('countersign_stack_writes_total', writesHelp, ['stack', 'answer'])
  const elsewhereHelp = 'Edits of tokens that no change made.'
  const elsewhere = counter('countersign_tokens_edited_elsewhere_total', elsewhereHelp, ['stack'])
  const verifiedAt = gauge('countersign_log_verified_timestamp_seconds', 'When the audit log was last verified.')
  const intact = gauge('countersign_log_verified_intact', '1 if the audit log was intact then, 0 if not.')
  return (counted) => {
    switch (counted.of) {
      case 'asked':
        return asked.inc(labels.under(counted))
      case 'ended':
        return ended.inc({ ...labels.under(counted), outcome: counted.outcome })
      case 'decided':
        return decision.observe(labels.under(counted), counted.seconds)
      case 'applied':
        return apply.observe(labels.under(counted), counted.seconds)
      case 'voided':
        return voided.inc(labels.under(counted), counted.times)
      case 'drifted':
        return drifts.inc({ stack: labels.stackOf(counted.stack) })
      case 'answered':
        return writes.inc({ stack: labels.stackOf(counted.stack), answer: counted.answer })
      case 'edited elsewhere':
        return elsewhere.inc({ stack: labels.stackOf(counted.stack) })
      case 'verified':
        verifiedAt.show([[{}, counted.at / 1000]])
        return intact.show([[{}, Number(counted.isIntact)]])
    }
  }
}
