import type { Forecast } from '../weather.ts'

/**
 * The parts of the emulated workspace, and what people can do and see in it. Everything a person sees is plain JSON.
 */

export type PersonSpec = {
  readonly id: string
  readonly name: string
  readonly realName: string
  readonly tz?: string
  readonly deleted?: boolean
  readonly isBot?: boolean
  /** A guest of several channels. */
  readonly isRestricted?: boolean
  /** A guest of one channel. */
  readonly isUltraRestricted?: boolean
  /** Somebody of another workspace, met through Slack Connect. */
  readonly isStranger?: boolean
  /** Their home workspace. */
  readonly teamId?: string
  /** Every workspace of the organisation that they are in; only their home if left out. */
  readonly teams?: readonly string[]
  /** Their id in the organisation (W…), if it is different: Slack takes either, and shows both. */
  readonly globalId?: string
  /** Slack delivers their acts under their id in the organisation. */
  readonly goesByGlobalId?: boolean
}

export type ChannelSpec = {
  readonly id: string
  readonly name: string
  readonly isPrivate?: boolean
  readonly isExtShared?: boolean
  readonly isArchived?: boolean
  /** Ids of people; everybody if left out. */
  readonly members?: readonly string[]
  readonly appIsMember?: boolean
}

export type UserGroupSpec = {
  readonly id: string
  readonly name: string
  readonly handle: string
  readonly users: readonly string[]
  readonly isDisabled?: boolean
}

type CommandSpec = { readonly command: string; readonly description: string; readonly usageHint: string }
type ShortcutSpec = { readonly callbackId: string; readonly name: string; readonly description: string }

/** The parts of the app that its manifest registers. */
export type AppSpec = {
  readonly id: string
  readonly name: string
  readonly commands: readonly CommandSpec[]
  readonly shortcuts: readonly ShortcutSpec[]
  /** Bot scopes; if left out, the fewest that an approval app needs (slack.md §4). */
  readonly scopes?: readonly string[]
  /** Bot events; if left out, every event is delivered. */
  readonly events?: readonly string[]
}

export type SlackOptions = {
  readonly port?: number
  /** The address the app is given for the workspace, if not the one it listens on: behind a proxy. */
  readonly address?: string
  /** The organisation (E…) that the workspace belongs to; none if left out. */
  readonly enterpriseId?: string
  readonly people?: readonly PersonSpec[]
  readonly channels?: readonly ChannelSpec[]
  readonly userGroups?: readonly UserGroupSpec[]
  readonly app?: AppSpec
  /** Milliseconds since 1970, for timestamps, triggers and response addresses. */
  readonly now?: () => number
  /** True, the default, if App Home takes tables. Slack's docs say so in one place, and not in others (slack.md §3). */
  readonly tablesOnHome?: boolean
  /** How long the app may take to ack, in milliseconds of real time. Slack gives 3000. */
  readonly ackWithinMs?: number
}

type TextObject = { readonly type: string; readonly text: string; readonly [field: string]: unknown }
/** As the app sent it, with ids that Slack makes up for those left out. */
export type Block = { readonly type: string; readonly block_id: string; readonly [field: string]: unknown }
export type Element = { readonly type: string; readonly action_id: string; readonly [field: string]: unknown }
export type Option = { readonly text: TextObject; readonly value: string; readonly [field: string]: unknown }
export type OptionGroup = { readonly label: TextObject; readonly options: readonly Option[] }

/** One entry of `state.values`: `{ type, value }`, `{ type, selected_option }`, `{ type, selected_date }` and so on. */
export type StateValue = { readonly type: string; readonly [field: string]: unknown }
/** By block id, then by action id. */
export type StateValues = Record<string, Record<string, StateValue>>

export type Message = {
  readonly ts: string
  /** The conversation's id, C… or D… */
  readonly channel: string
  /** The id of the person, or of the app's bot user. */
  readonly author: string
  readonly text: string
  readonly blocks: readonly Block[]
  readonly edited: boolean
  /** Seen only by the person it is for. */
  readonly ephemeral: boolean
  readonly threadTs?: string
  readonly metadata?: unknown
  /** Chosen, but not sent, in the message's menus by the person who looks. */
  readonly values: StateValues
}

export type ModalView = {
  readonly type: 'modal'
  readonly title: TextObject
  readonly blocks: readonly Block[]
  readonly submit?: TextObject
  readonly close?: TextObject
  readonly callback_id: string
  readonly private_metadata: string
  readonly external_id: string
  readonly clear_on_close: boolean
  readonly notify_on_close: boolean
}

export type Modal = {
  readonly id: string
  readonly rootId: string
  readonly hash: string
  readonly view: ModalView
  /** `state.values` as typed so far. */
  readonly values: StateValues
  /** Shown at a field, by block id: by Slack itself before sending, or by the app's answer. */
  readonly errors: Readonly<Record<string, string>>
  /** A submission is on its way. */
  readonly busy: boolean
}

export type Home = {
  readonly id: string
  readonly hash: string
  readonly blocks: readonly Block[]
  readonly callback_id: string
  readonly private_metadata: string
  readonly values: StateValues
}

export type Conversation = {
  readonly id: string
  /** A channel's name, or the app's name for direct messages with it. */
  readonly name: string
  readonly kind: 'channel' | 'dm'
  readonly messages: readonly Message[]
}

export type Sight = {
  readonly person: PersonSpec
  readonly people: readonly PersonSpec[]
  readonly userGroups: readonly UserGroupSpec[]
  readonly app: AppSpec & { readonly botUserId: string }
  readonly conversations: readonly Conversation[]
  /** Bottom to top: the last one is in front. */
  readonly modals: readonly Modal[]
  readonly home: Home | null
  /** Slack's own messages to the person, oldest first. */
  readonly notices: readonly string[]
}

/**
 * A place where something can be pressed: a message, a modal, or the person's App Home, as they are now. Of a message
 * only the ids are read, and its blocks as they were seen: a block that the app has since removed can still be pressed,
 * like by a click on its way.
 */
export type Where = 'home' | WhereMessage | { readonly id: string }
export type WhereMessage = { readonly channel: string; readonly ts: string; readonly blocks?: readonly Block[] }
/**
 * A choice, by the element's type: the value of an option, a date (2027-01-31), a time (09:30), text, seconds for a
 * datetimepicker, the id of a person or conversation; several of them for multi-selects and checkboxes; null for
 * nothing.
 */
export type Choice = string | readonly string[] | null

/** Does what a person can do, and rejects with a plain sentence if a person could not do it. */
export type Actor = {
  readonly person: string
  /**
   * Sends '/token edit ci-deploy', in the first channel unless another is given. Resolves once it was acked, or Slack
   * gave up.
   */
  command(text: string, options?: { readonly channel?: string }): Promise<Delivery>
  shortcut(callbackId: string): Promise<Delivery>
  openHome(): Promise<Delivery>
  /**
   * Presses a button, or chooses in a menu that sends `block_actions`. If several buttons have the same action id,
   * `choice` is the value of the one meant; `blockId` narrows it down too.
   */
  press(where: Where, actionId: string, choice?: Choice, blockId?: string): Promise<Delivery>
  /** The options of an external select for what was typed. Nothing is sent for less than `min_query_length`. */
  suggest(
    where: Where,
    actionId: string,
    typed: string,
    blockId?: string,
  ): Promise<readonly Option[] | readonly OptionGroup[]>
  /** Fills in the top modal. Resolves to null if Slack sends nothing for that element. */
  fill(blockId: string, actionId: string, value: Choice): Promise<Delivery | null>
  /** Submits the top modal. Resolves to null if Slack itself refused: a required input was left empty, for example. */
  submit(): Promise<Delivery | null>
  /** Closes the top modal. Resolves to null if the app did not ask to be told. */
  closeModal(): Promise<Delivery | null>
  /** Writes a message of the person's own. */
  say(channel: string, text: string): Message
  dismissNotices(): void

  see(): Sight
  /** Messages of a channel, by id or name; 'dm' means the direct messages with the app. */
  messages(channel: string): readonly Message[]
  /** The modal in front. */
  modal(): Modal | undefined
  home(): Home | null
  notices(): readonly string[]
}

export type DeliveryKind =
  | 'command'
  | 'shortcut'
  | 'block_actions'
  | 'block_suggestion'
  | 'view_submission'
  | 'view_closed'
  | 'event'

type Outcome = 'waiting' | 'acked' | 'timed out' | 'no connection' | 'failed'

/** One payload on its way to the app; its fields change as things happen. */
export type Delivery = {
  readonly kind: DeliveryKind
  readonly body: Readonly<Record<string, unknown>>
  readonly sentAt: number
  readonly via: 'socket' | 'http'
  /** 0 at first; 1 to 3 for the retries that only events get. */
  readonly retry: number
  outcome: Outcome
  ackedAfterMs: number | null
  ackBody: unknown
  /** The thing that Slack could not do with this delivery or its answer. */
  problem: string | null
}

export type ApiCall = {
  readonly method: string
  readonly args: Readonly<Record<string, unknown>>
  /** Null while it runs, and if it was answered with a bare status (429, 503). */
  answer: Readonly<Record<string, unknown>> | null
  /** The HTTP status sent; 0 while it runs, and if the answer was lost on purpose. */
  status: number
  readonly at: number
  readonly by: 'bot' | 'app' | 'nobody'
}

/** Switches for trouble. They affect the Web API, response addresses and new connections, not deliveries. */
export type Trouble = {
  /** Every answer takes this long. */
  slowMs: number
  /** Methods that give no answer until they are removed from here. */
  held: readonly string[]
  /** Every call gets 503. */
  down: boolean
  /** This many of the next calls get 429. */
  rateLimited: number
  retryAfterSeconds: number
  /**
   * A method, or a method with a channel (`chat.postMessage C1`), and until when (milliseconds since 1970) each call of
   * it gets 429.
   */
  leaveAlone: Record<string, number>
  /** Methods that take effect, but whose answer is lost with the connection. */
  loseAnswers: string[]
  /** The error that each method answers with, whoever calls it; works for methods that are not emulated too. */
  fail: Record<string, string>
  /** Comes in place of the answer of a method, or of `response_url`; the method itself is not run. */
  inPlace: Record<string, InPlace>
  /** Somebody has revoked the app's bot token: every call with it gets `token_revoked`. */
  revoked: boolean
  /** Attempts to open a Socket Mode connection get no answer. */
  silentUpgrades: boolean
  /** The fate of each request on its way to Slack. */
  weather: Forecast | null
  /** The fate of each delivery on its way to the app. */
  carried: ((kind: DeliveryKind) => Carried) | null
}

/**
 * A delivery that is lost, or whose ack is, is one that the app did not ack in time, as far as Slack can tell; a number
 * is how many milliseconds it arrives late.
 */
export type Carried = 'well' | 'lost' | 'ack lost' | 'twice' | number

/**
 * A proxy's page with status 200, JSON that says nothing, a body that begins and never ends, a 429 that does not say
 * for how long, and a bare yes without the fields it always has.
 */
export type InPlace = 'html' | 'null' | 'stalled' | 'busy' | 'yes'

/**
 * The acts of administrators. Each sends the event that Slack sends for it, if there is one and the app subscribes to
 * it.
 */
export type Admin = {
  changePerson(id: string, changes: Partial<Omit<PersonSpec, 'id'>>): Promise<Delivery | null>
  changeChannel(id: string, changes: Partial<Omit<ChannelSpec, 'id'>>): Promise<Delivery | null>
  changeUserGroup(id: string, changes: Partial<Omit<UserGroupSpec, 'id'>>): Promise<Delivery | null>
}

export type EmulatedSlack = {
  readonly url: string
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly teamId: string
  readonly botUserId: string
  /** The bot scopes granted now; add or delete to grant or revoke. */
  readonly scopes: Set<string>
  readonly admin: Admin
  /** With an address, payloads go there as signed HTTP POSTs; with null, as at the start, over Socket Mode. */
  deliverTo(url: string | null): void
  as(person: string): Actor
  see(person: string): Sight
  /** Called after anything that anybody could see, or any call or delivery, has changed. Returns how to stop. */
  onChange(listener: () => void): () => void
  /**
   * Resolves with the first answer of `probe` that is something. Asks again on every change; a throw counts as not yet.
   * Rejects after `timeoutMs` (60,000) with `what` and the last calls.
   */
  waitFor<T>(probe: () => T | undefined | null | false, what?: string, timeoutMs?: number): Promise<T>
  readonly calls: readonly ApiCall[]
  readonly deliveries: readonly Delivery[]
  readonly trouble: Trouble
  /**
   * How many Socket Mode connections Slack sends payloads to now, including those that were cut without Slack knowing.
   */
  readonly connections: number
  /** How many of them were cut. */
  readonly ghosts: number
  /** Sends any event of the Events API, by its inner event. */
  sendEvent(event: Readonly<Record<string, unknown>>): Promise<Delivery>
  /** Sends any payload: one of another version of the app, or one that Slack documents nowhere. */
  send(kind: DeliveryKind, body: Readonly<Record<string, unknown>>): Promise<Delivery>
  /** The same payload again, as after a lost ack. */
  redeliver(delivery: Delivery): Promise<Delivery>
  /**
   * Asks every connection to reconnect, as Slack does every few hours, or for another of its reasons. `counted`: they
   * count as connections of the app until they are closed.
   */
  dropSockets(reason?: string, counted?: boolean): void
  /**
   * Cuts every link without a word, like a network that forgets it: Slack goes on sending there, and everything sent is
   * lost.
   */
  cutLinks(): void
  /** Ends every link at once, without a goodbye, like a network that resets it: both sides know. */
  resetLinks(): void
  /** How many links are open, including those that Slack has asked to go. */
  readonly links: number
  /** Slack notices which links were cut. */
  forgetGhosts(): void
  /** Forgets calls and deliveries. */
  clear(): void
  /** Stop the app first: @slack/socket-mode takes a workspace that is gone for an outage, and ends its process. */
  stop(): Promise<void>
}
