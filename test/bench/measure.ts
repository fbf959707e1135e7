import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { auditRows } from './audit.ts'
import { cardsOf, copyCards, proposeChanges } from './cards.ts'
import { instanceRows, instances } from './instances.ts'
import { approvalTimes, formTimes, formView, helpTimes, lastApprovalTimes, pageTimes } from './latency.ts'
import { type Load, loadRows } from './load.ts'
import { longPast } from './long-past.ts'
import { heldRows, openRows } from './many-changes.ts'
import { formRows, lookRows } from './many-tokens.ts'
import { memoryUse } from './memory.ts'
import { type MixedLoad, tokensFor } from './mixed-load.ts'
import { percentile } from './numbers.ts'
import { type LongPast, longPastRows } from './past-on-postgres.ts'
import { type Server, startServer } from './postgres.ts'
import { buildPrograms, type Program, strained } from './programs.ts'
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
  /**
   * How many connections to Slack our app has when its memory is read: the second comes ten seconds after the first.
   */
  readonly connections: 1 | 2
  /** The length of the verified log, and how often it is verified. */
  readonly auditEntries: number
  readonly auditRounds: number
  /** Each load, and the numbers of tokens under it. */
  readonly load: Omit<Load, 'tokens'> & { readonly tokens: readonly number[] }
  /** The number of tokens in each look, and how often each is done. */
  readonly looks: { readonly tokens: readonly number[]; readonly rounds: number }
  /** The numbers of tokens between which forms are compared, and how many are opened. */
  readonly manyForms: { readonly tokens: readonly [number, number]; readonly samples: number }
  readonly openChanges: { readonly changes: number; readonly rounds: number }
  /** How many entries the log has gained since the applied change was asked for. */
  readonly heldEntries: number
  /** The load on several instances. */
  readonly instances: MixedLoad
  /** The past under which PostgreSQL is compared with a file. */
  readonly longPast: LongPast
}

/** The project's promises, as multiples of bare Bolt's times. */
const targets = {
  helpAck: 1.3,
  formOpen: 1.5,
  approvalAck: 2,
  cardRedrawn: 1.2,
  start: 1.3,
  firstAck: 1,
  memory: 1.5,
  onPostgres: 1.5,
  onPostgresLast: 2,
}

/** The same in milliseconds, if bare Bolt has nothing comparable. */
const pageTarget = 50

type Told = (step: string) => void

/** The parts that can be measured separately. */
export const parts = [
  'delays',
  'approvals',
  'postgres',
  'page',
  'process',
  'audit',
  'load',
  'looks',
  'forms',
  'open',
  'held',
  'instances',
  'past',
] as const
export type Part = (typeof parts)[number]

/** Measures the built app against bare Bolt apps, each in its own process. Calls `tell` for each step. */
export async function measure(size: Size, tell: Told, wanted: readonly Part[] = parts): Promise<Rows> {
  tell('Building')
  const programs = await buildPrograms()
  const open: Side[] = []
  const opened = async <S extends Side>(side: Promise<S>): Promise<S> => {
    open.push(await side)
    return side
  }
  const ourOwn = (folder: string, tokens: number, database?: string) =>
    opened(ourSide(strained(programs.ours), join(programs.folder, folder), tokens, database))
  const measured: Record<Part, () => Promise<Rows>> = {
    delays: async () => measureDelays(await usual(), programs.bare, size, tell),
    // Each approval needs a change, and each change its own token; everything else is measured as on most stacks.
    approvals: async () => {
      const ours = await opened(ourSide(programs.ours, join(programs.folder, 'crowded'), cardsFor(size)))
      const floor = await opened(bareSide(programs.bare))
      const commit = await opened(bareSide(programs.bare, { BARE_DATABASE: join(programs.folder, 'bare.db') }))
      return measureApprovals({ ours, floor, commit }, size, tell)
    },
    postgres: () =>
      onServer('postgres', async ({ database }) => {
        const [app, bare] = [await database('ours'), await database('bare')]
        const ours = await opened(ourSide(programs.ours, join(programs.folder, 'on-postgres'), cardsFor(size), app))
        const commit = await opened(bareSide(programs.bare, { BARE_DATABASE: bare }))
        return measureOnPostgres({ ours, commit }, size, tell)
      }),
    page: async () => measurePage(await ourSide(programs.ours, join(programs.folder, 'long-past'), 0), size, tell),
    process: async () => measureProcess(await usual(), programs, size, tell),
    audit: async () => {
      tell(`Verifying a log of ${size.auditEntries} entries`)
      const { auditEntries: entries, auditRounds: rounds } = size
      return auditRows(programs.ours.file, programs.folder, { entries, rounds })
    },
    load: async () => {
      const rows: Rows = {}
      for (const tokens of size.load.tokens) {
        tell(`Working with ${tokens} tokens for ${size.load.seconds} s`)
        const ours = await ourOwn(`load-${tokens}`, tokens)
        const floor = await opened(bareSide(strained(programs.bare)))
        Object.assign(rows, await loadRows({ ours, floor }, { ...size.load, tokens }))
      }
      return rows
    },
    looks: async () => {
      const rows: Rows = {}
      for (const tokens of size.looks.tokens) {
        tell(`Looking at ${tokens} tokens`)
        Object.assign(rows, await lookRows(await ourOwn(`looks-${tokens}`, tokens), tokens, size.looks.rounds))
      }
      return rows
    },
    forms: async () => {
      const [fewer, more] = size.manyForms.tokens
      tell(`Opening forms with ${fewer} and ${more} tokens`)
      return formRows(await ourOwn('fewer', fewer), await ourOwn('more', more), size.manyForms.samples)
    },
    open: async () => {
      const { changes, rounds } = size.openChanges
      tell(`Listing ${changes} open changes`)
      return openRows(await ourOwn('open', 1), changes, rounds)
    },
    held: async () => {
      tell(`Applying a change asked for ${size.heldEntries} entries ago`)
      return heldRows(await ourOwn('held', 1), size.heldEntries)
    },
    instances: async () => {
      const { seconds } = size.instances
      tell(`Working with ${instances} instances on one PostgreSQL for ${seconds} s, and with one on a file`)
      return onServer('instances', async ({ database }) => {
        const sideOn = async (folder: string, at?: string) =>
          opened(ourSide(programs.ours, join(programs.folder, folder), tokensFor(size.instances), at))
        const sides = { several: await sideOn('several', await database('several')), one: await sideOn('one') }
        return instanceRows(sides, { ...size.instances, connections: size.connections })
      })
    },
    past: async () => {
      const { entries, open } = size.longPast
      tell(`Writing ${entries} entries and ${open} open changes to a file and to PostgreSQL`)
      return onServer('past', async ({ database }) => {
        const [ours, floor] = [await ourOwn('past-here', 0, await database('past')), await ourOwn('past-there', 0)]
        return longPastRows({ ours, floor }, size.longPast)
      })
    },
  }
  try {
    const rows: Rows = {}
    for (const part of parts.filter((part) => wanted.includes(part))) Object.assign(rows, await measured[part]())
    return rows
  } finally {
    await Promise.all(open.map((side) => side.close()))
    programs.remove()
  }

  async function onServer(folder: string, work: (server: Server) => Promise<Rows>): Promise<Rows> {
    const server = await startServer(join(programs.folder, folder))
    return work(server).finally(server.stop)
  }

  async function usual() {
    const ours = await opened(ourSide(programs.ours, join(programs.folder, `usual-${open.length}`), 0))
    return { ours, floor: await opened(bareSide(programs.bare)) }
  }
}

/** Each card is approved once on each side, and then once more. */
function cardsFor({ warmUp, approvals, lastApprovals }: Size): number {
  return warmUp + Math.max(approvals, lastApprovals)
}

type Sides = { ours: OurSide; floor: Side }

async function measureDelays({ ours, floor }: Sides, bare: Program, size: Size, tell: Told): Promise<Rows> {
  const { warmUp, help, form } = size
  const running = [await ours.start(), await floor.start()]
  tell('Sending commands')
  const helps = await helpTimes({ ours, floor }, { warmUp, samples: help })
  const view = join(dirname(ours.database), 'view.json')
  writeFileSync(view, JSON.stringify(await formView(ours)))
  const sameView = await bareSide(bare, { BARE_VIEW: view })
  running.push(await sameView.start())
  const forms = await formTimes({ ours, floor, sameView }, { warmUp, samples: form })
  for (const app of running) await app.stop()
  await sameView.close()
  return {
    ...delayRows('help_ack', helps.ours.ack, helps.floor.ack, targets.helpAck),
    ...delayRows('form_ack', forms.ours.ack, forms.floor.ack, null),
    ...delayRows('form_open', forms.ours.open, forms.floor.open, null),
    ...delayRows('form_open_to_same_view', forms.ours.open, forms.sameView.open, targets.formOpen),
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
    ...delayRows('approval_redrawn_to_one_commit', approval.ours.done, approval.commit.done, targets.cardRedrawn),
    // Bare Bolt with one commit, against bare Bolt: no app that commits to this disk before it acks can be faster.
    ...delayRows('one_commit_ack', approval.commit.ack, approval.floor.ack, null),
    ...delayRows('last_approval_ack', last.ours.ack, last.floor.ack, null),
  }
}

/** Against bare Bolt with one commit to the same server. */
async function measureOnPostgres(
  { ours, commit }: { ours: OurSide; commit: Side },
  size: Size,
  tell: Told,
): Promise<Rows> {
  const count = cardsFor(size)
  tell(`Posting ${count} cards from PostgreSQL`)
  await proposeChanges(ours)
  const running = [await ours.start(), await commit.start()]
  const cards = await cardsOf(ours.slack, count)
  const floor = { slack: commit.slack, cards: await copyCards(cards, commit.slack) }
  tell('Approving on PostgreSQL')
  const how = { warmUp: size.warmUp, samples: size.approvals }
  const times = await approvalTimes({ ours: { slack: ours.slack, cards }, floor, commit: floor }, how)
  for (const app of running) await app.stop()
  const name = 'postgres_approval_ack_to_one_commit'
  const against = (target: number) => delayRows(name, times.ours.ack, times.commit.ack, target)
  // The slowest wait for the disk like everybody else.
  return { ...against(targets.onPostgres), [`${name}_p99`]: against(targets.onPostgresLast)[`${name}_p99`]! }
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
    first_ack: row({ ours: start.firstAck.ours, floor: start.firstAck.floor, target: targets.firstAck, unit: 'ms' }),
    memory_idle: memory('idle'),
    memory_after_commands: memory('afterCommands'),
  }
}
