import { join } from 'node:path'
import { auditRows } from './audit.ts'
import { cardsOf, copyCards, proposeChanges } from './cards.ts'
import { approvalTimes, formTimes, helpTimes, lastApprovalTimes, pageTimes } from './latency.ts'
import { longPast } from './long-past.ts'
import { memoryUse } from './memory.ts'
import { percentile } from './numbers.ts'
import { buildPrograms } from './programs.ts'
import { delayRows, ownRow, type Rows, row } from './rows.ts'
import { bareSide, type OurSide, ourSide, type Side } from './sides.ts'
import { startTimes } from './start-up.ts'

export type Size = {
  /** Rounds before those that count. */
  readonly warmUp: number
  /** Samples of each kind of delivery, on each side. */
  readonly help: number
  readonly form: number
  /** Openings of a token's page, and how many changes its history has. */
  readonly pages: number
  readonly past: number
  readonly approvals: number
  readonly lastApprovals: number
  readonly starts: number
  readonly commands: number
  /** How many connections to Slack our app has when its memory is read: the second comes ten seconds after the first. */
  readonly connections: 1 | 2
  /** How long the log is that is verified, and how often it is. */
  readonly auditEntries: number
  readonly auditRounds: number
}

/** What the project promises, as a multiple of what bare Bolt takes. */
const targets = { helpAck: 1.3, approvalAck: 2, start: 1.3, memory: 1.5 }

/** The same in milliseconds, where bare Bolt has nothing to compare with. */
const pageTarget = 50

type Told = (step: string) => void

/** Measures the built app against bare Bolt apps, each in a process of its own. `tell` hears of each step. */
export async function measure(size: Size, tell: Told): Promise<Rows> {
  tell('Building')
  const programs = await buildPrograms()
  // Approvals need a change each, and each change a token of its own; all else is measured as most stacks are.
  const ours = await ourSide(programs.ours, join(programs.folder, 'usual'), 0)
  const crowded = await ourSide(programs.ours, join(programs.folder, 'crowded'), cardsFor(size))
  const floor = await bareSide(programs.bare)
  const commit = await bareSide(programs.bare, { BARE_DATABASE: join(programs.folder, 'bare.db') })
  try {
    const delays = await measureDelays({ ours, floor }, size, tell)
    const approvals = await measureApprovals({ ours: crowded, floor, commit }, size, tell)
    const page = await measurePage(await ourSide(programs.ours, join(programs.folder, 'long-past'), 0), size, tell)
    const process = await measureProcess({ ours, floor }, programs, size, tell)
    tell(`Verifying a log of ${size.auditEntries} entries`)
    const { auditEntries: entries, auditRounds: rounds } = size
    const audit = await auditRows(programs.ours.file, programs.folder, { entries, rounds })
    return { ...delays, ...approvals, ...page, ...process, ...audit }
  } finally {
    await Promise.all([ours.close(), crowded.close(), floor.close(), commit.close()])
    programs.remove()
  }
}

/** Each card is approved once on each side, and then once more. */
function cardsFor({ warmUp, approvals, lastApprovals }: Size): number {
  return warmUp + Math.max(approvals, lastApprovals)
}

type Sides = { ours: OurSide; floor: Side }

async function measureDelays({ ours, floor }: Sides, { warmUp, help, form }: Size, tell: Told): Promise<Rows> {
  const running = [await ours.start(), await floor.start()]
  tell('Sending commands')
  const helps = await helpTimes({ ours, floor }, { warmUp, samples: help })
  const forms = await formTimes({ ours, floor }, { warmUp, samples: form })
  for (const app of running) await app.stop()
  return {
    ...delayRows('help_ack', helps.ours.ack, helps.floor.ack, targets.helpAck),
    ...delayRows('form_ack', forms.ours.ack, forms.floor.ack, null),
    ...delayRows('form_open', forms.ours.open, forms.floor.open, null),
  }
}

async function measureApprovals(
  { ours, floor, commit }: Sides & { commit: Side },
  size: Size,
  tell: Told,
): Promise<Rows> {
  const { warmUp } = size
  const count = cardsFor(size)
  tell(`Posting ${count} cards`)
  await proposeChanges(ours)
  const running = [await ours.start(), await floor.start(), await commit.start()]
  const cards = await cardsOf(ours.slack, count)
  const sides = {
    ours: { slack: ours.slack, cards },
    floor: { slack: floor.slack, cards: await copyCards(cards, floor.slack) },
    commit: { slack: commit.slack, cards: await copyCards(cards, commit.slack) },
  }
  tell('Approving')
  const approval = await approvalTimes(sides, { warmUp, samples: size.approvals })
  const last = await lastApprovalTimes(sides, { warmUp, samples: size.lastApprovals })
  for (const app of running) await app.stop()
  return {
    ...delayRows('approval_ack', approval.ours.ack, approval.floor.ack, targets.approvalAck),
    ...delayRows('approval_ack_to_one_commit', approval.ours.ack, approval.commit.ack, null),
    // Bare Bolt that commits once, against bare Bolt: what no app can be under that commits to this disk before it acks.
    ...delayRows('one_commit_ack', approval.commit.ack, approval.floor.ack, null),
    ...delayRows('last_approval_ack', last.ours.ack, last.floor.ack, null),
  }
}

/** The page of a token with a long history, from the delivery of `/token show` to the call that opens it. */
async function measurePage(ours: OurSide, { warmUp, pages, past }: Size, tell: Told): Promise<Rows> {
  tell(`Writing ${past} changes`)
  longPast(ours.database, past)
  const app = await ours.start()
  try {
    const { open } = await pageTimes(ours, { warmUp, samples: pages })
    const row = (share: number) => ownRow({ ours: percentile(open, share), target: pageTarget, unit: 'ms' })
    return { token_page_open_10k_p50: row(0.5), token_page_open_10k_p99: row(0.99) }
  } finally {
    await app.stop()
    await ours.close()
  }
}

type Programs = { readonly forgetCompiled: () => void }

async function measureProcess(sides: Sides, { forgetCompiled }: Programs, size: Size, tell: Told): Promise<Rows> {
  tell('Starting and stopping')
  const start = await startTimes({ ...sides, forgetCompiled, count: size.starts })
  tell(`Sending ${size.commands} commands`)
  const { ours, floor } = await memoryUse(sides, size)
  const memory = (when: keyof typeof ours) =>
    row({ ours: ours[when], floor: floor[when], target: targets.memory, unit: 'MB' })
  return {
    start: row({ ours: start.ours, floor: start.floor, target: targets.start, unit: 'ms' }),
    start_first: row({ ours: start.first, floor: start.floor, target: null, unit: 'ms' }),
    memory_idle: memory('idle'),
    memory_after_commands: memory('afterCommands'),
  }
}
