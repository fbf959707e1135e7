import { randomUUID } from 'node:crypto'
import { anchorPlaces } from '../anchors/places.ts'
import type { Config } from '../config/settings.ts'
import type { Edit } from '../domain/change/edit.ts'
import type { StoredChange } from '../ports/changes.ts'
import { isGivenUp } from '../slack/calls/said.ts'
import { createChat } from '../slack/card/chat.ts'
import { askedAmongOurselves, closedToOthers } from '../slack/people/channels.ts'
import { createApplier } from '../workflow/apply/apply.ts'
import { createCutOff, sayingWhatWasCutOff } from '../workflow/apply/cut-off.ts'
import { createCardless, tellingOfNoCard } from '../workflow/cards/cardless.ts'
import { createChanges } from '../workflow/changes/changes.ts'
import { createElectorates } from '../workflow/changes/electorates.ts'
import { createHeirs } from '../workflow/changes/heirs.ts'
import { createInGroups } from '../workflow/changes/in-groups.ts'
import { createStillNamed, namingWhoIsHere } from '../workflow/changes/still-named.ts'
import { createAnchorRounds } from '../workflow/log/anchor-rounds.ts'
import { createAnchors } from '../workflow/log/anchors.ts'
import { createCatchUp } from '../workflow/rounds/catch-up.ts'
import { createTerms } from '../workflow/rounds/time-left.ts'
import { pointingAsKnown } from '../workflow/targets.ts'
import type { Clocks } from './clocks.ts'
import type { ConnectedSlack } from './connect.ts'
import type { LogLines } from './log-lines.ts'
import type { Looking } from './looking.ts'
import type { Others } from './other-instances.ts'
import type { OpenRecord } from './record.ts'
import type { SlackDoor } from './slack-door.ts'
import type { Stacks } from './stacks.ts'

type Deps = {
  readonly config: Config
  readonly clocks: Clocks
  readonly says: LogLines
  readonly slack: ConnectedSlack
  readonly record: OpenRecord
  readonly stacks: Stacks
  readonly looking: Looking
  readonly slackDoor: SlackDoor
  readonly news: () => void
  /** The names in leases of whoever is at work in this process. */
  readonly atWork: Set<string>
  readonly others: Others
  /** Called when Slack says no to a card's channel: the app has to ask what the channel is now. */
  readonly onChannelTrouble: () => void
}

export type Core = ReturnType<typeof createCore>

/** Everything that decides, writes and tells: from a proposal to the applied change and the card that says so. */
export function createCore(deps: Deps) {
  const { config, clocks, says, slack, record, stacks, looking, atWork, others } = deps
  const { now, monotonic } = clocks
  const { store } = record
  const { policyFor, channelFor, stackFor } = stacks
  const { electorates, stillNamed } = whoDecides(deps)
  const processId = randomUUID()
  const terms = createTerms({ now, monotonic })
  const changes = createChanges({ store, electorates, policyFor, now, msLeft: terms.msLeft })
  const applier = createApplier({
    store,
    stackFor,
    electorates,
    factsOfLate: looking.looks.factsOfLate,
    onLook: looking.watch.seen,
    onDoubt: (id, found) => {
      record.health.doubts(id)
      says.doubt(id, found)
    },
    onUnnoted: says.unnoted,
    now,
    monotonic,
    msLeft: terms.msLeft,
    processId,
    timing: config.timing,
  })
  const cardless = createCardless({
    whyRefused: (id) => catchUp.whyNoCard(id),
    isFirstCard: (id) => catchUp.isFirstCard(id),
    now,
  })
  const isAtWork = (holder: string) => atWork.has(holder) || others.areAtWork(holder)
  const cutOff = createCutOff({ store, processId, since: now().toISOString(), isAtWork, onFound: says.cutOff })
  const chat = sayingWhatWasCutOff(tellingOfNoCard(namingWhoIsHere(cardsIn(deps), stillNamed), cardless), cutOff)
  const shown = async (stored: StoredChange) => cutOff.shown(cardless.shown(await stillNamed.shown(stored)))
  const anchors = anchorsOf(deps, chat)
  const catchUp = createCatchUp({
    store,
    chat,
    shown: stillNamed.shown,
    applier,
    anchor: anchors.anchor,
    electorates,
    policyFor,
    channelFor,
    terms,
    now,
    onFailure: (step, id, err) => {
      if (step === 'card') deps.news()
      if (!deps.slackDoor.calls.isTold(err) && !isGivenUp(err)) says.toDoAgain(step, id, err)
    },
    onCardLeft: says.cardLeft,
  })
  const core = { electorates, stillNamed, changes, applier, cutOff, chat, shown, anchors, catchUp }
  return { ...core, processId, people: slack.people }
}

/** The people who may ask and approve, by the policies and by who is still there. */
function whoDecides({ slack, record: { store }, stacks, clocks: { now } }: Deps) {
  const { people, channels } = slack
  const { policyFor, channelFor, nameFor } = stacks
  const pointing = (edit: Edit) => pointingAsKnown(store, edit)
  const open = createElectorates({ people, policyFor, nameFor, pointing, now })
  const still = { ...createHeirs({ electorates: open }), ...createInGroups({ electorates: open }) }
  return {
    electorates: askedAmongOurselves({ electorates: open, channels, channelFor }),
    stillNamed: createStillNamed({ store, people, ...still, now }),
  }
}

/** The cards, posted only where no outsider reads along. */
function cardsIn({ slack, record: { store }, stacks: { channelFor }, looking, onChannelTrouble }: Deps) {
  const { channels, sender, installation, bolt } = slack
  const { botId, teamUrl } = installation
  const titleFor = looking.looks.titleOf
  const chat = createChat({ client: bolt.client, sender, store, botId, teamUrl, channelFor, titleFor })
  return closedToOthers({ chat, channels, channelFor, onNo: onChannelTrouble })
}

/** The places outside the log that keep its checkpoints. */
function anchorsOf({ config, record, clocks: { now, monotonic }, says }: Deps, chat: ReturnType<typeof cardsIn>) {
  const { store, health } = record
  const places = anchorPlaces(config.anchors)
  const rounds = createAnchorRounds({
    store,
    places,
    now,
    monotonic,
    onCut: (cut) => {
      says.cut(cut)
      health.lacks(cut.had - cut.has)
    },
    onFailure: says.unkept,
  })
  const { anchor } = createAnchors({ store, chat, places, onKept: rounds.wasKept, now })
  return { anchor, rounds, places: places.map(({ name }) => name) }
}
