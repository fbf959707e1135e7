import type { Logger } from 'pino'
import { idOfStack, nameOfStack } from '../domain/change/known-stacks.ts'
import { createOpenChanges } from '../slack/changes/open-changes.ts'
import { registerCommand } from '../slack/command/command.ts'
import { createRoutes } from '../slack/edge/routes.ts'
import { registerEditToken } from '../slack/edit/edit-token.ts'
import { createQuick } from '../slack/edit/quick.ts'
import { createDrawHome } from '../slack/home/draw-home.ts'
import { registerHome } from '../slack/home/home.ts'
import { createHomes } from '../slack/home/open-homes.ts'
import { createPublishHome } from '../slack/home/publish-home.ts'
import { registerReport } from '../slack/home/report.ts'
import { registerReview } from '../slack/review/review.ts'
import { registerFindToken } from '../slack/token-page/find-token.ts'
import { registerTokenPage } from '../slack/token-page/token-page.ts'
import { registerTypeAhead } from '../slack/token-page/type-ahead.ts'
import { createReporting } from '../workflow/log/reporting.ts'
import type { Clocks } from './clocks.ts'
import { forPeople } from './closed-rules.ts'
import type { ConnectedSlack } from './connect.ts'
import type { Core } from './core.ts'
import type { Looking } from './looking.ts'
import type { Policies } from './policies.ts'
import type { OpenRecord } from './record.ts'
import type { Stacks } from './stacks.ts'

type Deps = {
  readonly log: Logger
  readonly clocks: Clocks
  readonly slack: ConnectedSlack
  readonly record: OpenRecord
  readonly looking: Looking
  readonly stacks: Stacks
  readonly core: Core
  readonly policies: Policies
}

export type Homes = ReturnType<typeof createHomePages>

/** Everybody's App Home, and the lists of open changes that it shares with the command. */
export function createHomePages(deps: Deps & { readonly onRound: () => void }) {
  const { log, clocks, slack, record, looking, core, policies, onRound } = deps
  const { now } = clocks
  const { looks } = looking
  const { store, health } = record
  const { bolt, sender, installation } = slack
  const { electorates, shown } = core
  const { titleOf } = looks
  const nameOf = (stack: string) => nameOfStack(record.known, stack)
  const openChanges = createOpenChanges({ store, electorates, teamUrl: installation.teamUrl, titleOf, nameOf, shown })
  const drawing = createDrawHome({
    store,
    electorates,
    openChanges,
    looks,
    titleOf,
    closed: health.words,
    unreadable: health.unreadable,
    closedRules: async () => forPeople(await policies.closedRules(), (name) => titleOf(idOfStack(record.known, name))),
    now,
  })
  const publish = createPublishHome({ client: bolt.client, sender, log })
  return { openChanges, homes: createHomes({ store, drawing, publish, onRound, now, log }) }
}

/** Everything people can do in Slack: commands, forms, pages, and the buttons of cards. */
export function registerScreens({ log, clocks, slack, record, looking, stacks, core, homes }: Deps & { homes: Homes }) {
  const { bolt, people, installation } = slack
  const { looks } = looking
  const parts = {
    ...core,
    bolt,
    routes: createRoutes(bolt),
    store: record.store,
    looks,
    stacks: stacks.stacks,
    titleOf: looks.titleOf,
    teamUrl: installation.teamUrl,
    now: clocks.now,
    log,
    health: record.health,
  }
  const editToken = registerEditToken(parts)
  const findToken = registerFindToken({ ...parts, editToken })
  const tokenPage = registerTokenPage({ ...parts, editToken, findToken })
  const quick = createQuick({ ...parts, editToken })
  const all = { ...parts, editToken, findToken, tokenPage, quick, openChanges: homes.openChanges }
  registerCommand({ ...all, people })
  registerTypeAhead(all)
  registerReview(all)
  registerHome({ ...all, homes: homes.homes, people })
  registerReport({ ...all, reporting: createReporting(parts) })
  return { findToken }
}
