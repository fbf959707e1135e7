import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { openEvidence } from '../../src/storage/engine/evidence.ts'
import { patienceMs, type Sent } from './mixed-load.ts'
import type { Seen } from './seen.ts'
import type { OurSide } from './sides.ts'
import { until } from './until.ts'

/** Finds out how much of what was sent is lost, or was done twice. Waits for what is still to come. Throws if the log does not verify. */
export async function outcome(side: OurSide, sent: readonly Sent[], seen: Seen) {
  const { slack, stack, database } = side
  const uids = new Map(stack.tokens().map(({ name, uid }) => [name, uid]))
  const of = (what: Sent['what']) => sent.filter((one) => one.what === what && one.ackMs !== null)
  const views = [...of('form'), ...of('line')]
  const proposed = of('send').map(({ token }) => uids.get(token)!)
  const approved = approvedBoth(of('approve')).map((token) => uids.get(token)!)

  const unopened = () => {
    seen.look()
    return views.filter(({ trigger }) => !seen.hasOpened(trigger)).length
  }
  const isAnswered = () => unopened() === 0 && seen.helped() >= of('help').length
  const updates = () => approved.map((uid) => stack.takenUpdates(uid))
  // Whatever still lacks after that is counted as lost.
  await until(slack, 'every answer', isAnswered, patienceMs).catch(() => {})
  await until(stack, 'every update', () => updates().every((times) => times > 0), patienceMs).catch(() => {})
  const proposals = await proposalsOf(database)
  const times = [...proposed.map((uid) => proposals.get(uid) ?? 0), ...updates()]
  const unacked = sent.filter(({ ackMs }) => ackMs === null).length
  const helps = sent.filter(({ what }) => what === 'help')
  const { intact } = await verifyDatabase(database, { current: null, earlier: [] }, null)
  if (!intact.holds) throw new Error(`The log in ${database} does not verify.`)
  return {
    lost:
      unacked + unopened() + Math.max(0, of('help').length - seen.helped()) + times.filter((each) => each === 0).length,
    twice: Math.max(0, seen.helped() - helps.length) + times.filter((each) => each > 1).length,
  }
}

function approvedBoth(approvals: readonly Sent[]): string[] {
  const tokens = approvals.map(({ token }) => token)
  return tokens.filter((token, i) => tokens.indexOf(token) < i)
}

/** How many changes were asked for, by the uid of their token. */
async function proposalsOf(database: string): Promise<Map<string, number>> {
  const evidence = await openEvidence(database)
  const counts = new Map<string, number>()
  for await (const entries of evidence.entries())
    for (const { type, body } of entries) {
      if (type !== 'proposed') continue
      const { tokenUid } = JSON.parse(body) as { tokenUid: string }
      counts.set(tokenUid, (counts.get(tokenUid) ?? 0) + 1)
    }
  await evidence.close()
  return counts
}
