/** What the emulated workspace is made of, and what people can do and see in it. Everything a person sees is plain JSON. */

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
  /** The workspace that is their home. */
  readonly teamId?: string
  /** Every workspace of the organisation that they are in; only their home when left out. */
  readonly teams?: readonly string[]
  /** Their id in the organisation (W…), when that is another: Slack takes either, and says both of them. */
  readonly globalId?: string
  /** Slack delivers what they do under their id in the organisation. */
  readonly goesByGlobalId?: boolean
}

export type ChannelSpec = {
  readonly id: string
  readonly name: string
  readonly isPrivate?: boolean
  readonly isExtShared?: boolean
  readonly isArchived?: boolean
  /** Ids of people; everybody when left out. */
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

/** What the app's manifest registers. */
export type AppSpec = {
  readonly id: string
  readonly name: string
  readonly commands: readonly CommandSpec[]
  readonly shortcuts: readonly ShortcutSpec[]
  /** Bot scopes; when left out, those that an approval app needs at least (slack.md §4). */
  readonly scopes?: readonly string[]
  /** Bot events; when left out, every event is delivered. */
  readonly events?: readonly string[]
}

export type SlackOptions = {
  readonly port?: number
  /** Where the app is told that the workspace is, when it does not listen there itself: behind a proxy. */
  readonly address?: string
  /** The organisation (E…) that the workspace belongs to; none when left out. */
  readonly enterpriseId?: string
  readonly people?: readonly PersonSpec[]
  readonly channels?: readonly ChannelSpec[]
  readonly userGroups?: readonly UserGroupSpec[]
  readonly app?: AppSpec
  /** Milliseconds since 1970: what timestamps, triggers and response addresses go by. */
  readonly now?: () => number
  /** Whether App Home takes tables; it does when left out. Slack's docs say so in one place, and not in others (slack.md §3). */
  readonly tablesOnHome?: boolean
  /** How long the app may take to ack, in milliseconds of real time. Slack gives 3000. */
  readonly ackWithinMs?: number
}

type TextObject = { readonly type: string; readonly text: string; readonly [field: string]: unknown }
/** As the app sent it, with the ids that Slack makes up for those left out. */
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
  /** Only the one person it is for sees it. */
  readonly ephemeral: boolean
  readonly threadTs?: string
  readonly metadata?: unknown
  /** What was chosen, but not sent, in the message's menus by the person who looks. */
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
  /** What is said at a field, by block id: by Slack itself before sending, or by the app's answer. */
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
  /** A channel's name, or the app's name for the direct messages with it. */
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
  /** What Slack itself told the person, the oldest first. */
  readonly notices: readonly string[]
}

/**
 * Where something can be pressed: a message, a modal, or the person's App Home, as they stand now. Of a message only the
 * ids are read, and its blocks as it was seen: what the app has taken away since can still be pressed, as by a click that
 * was on its way.
 */
export type Where = 'home' | WhereMessage | { readonly id: string }
export type WhereMessage = { readonly channel: string; readonly ts: string; readonly blocks?: readonly Block[] }
/**
 * What to choose, by the element's type: the value of an option, a date (2027-01-31), a time (09:30), text, seconds for a
 * datetimepicker, the id of a person or conversation; several of them for multi-selects and checkboxes; null for nothing.
 */
export type Choice = string | readonly string[] | null

/** Does what a person can do, and rejects with a plain sentence when a person could not do it. */
export type Actor = {
  readonly person: string
  /** Sends '/token edit ci-deploy', in the first channel unless told where. Resolves once it was acked, or Slack gave up. */
  command(text: string, options?: { readonly channel?: string }): Promise<Delivery>
  shortcut(callbackId: string): Promise<Delivery>
  openHome(): Promise<Delivery>
  /**
   * Presses a button, or chooses in a menu that sends `block_actions`. Among several buttons with the same action id,
   * `choice` is the value of the one meant; `blockId` narrows it down too.
   */
  press(where: Where, actionId: string, choice?: Choice, blockId?: string): Promise<Delivery>
  /** What an external select offers for what was typed. Nothing is sent for less than `min_query_length`. */
  suggest(
    where: Where,
    actionId: string,
    typed: string,
    blockId?: string,
  ): Promise<readonly Option[] | readonly OptionGroup[]>
  /** Fills in the top modal. Resolves to null when Slack sends nothing for that element. */
  fill(blockId: string, actionId: string, value: Choice): Promise<Delivery | null>
  /** Submits the top modal. Resolves to null when Slack itself refused, as for a required input left empty. */
  submit(): Promise<Delivery | null>
  /** Closes the top modal. Resolves to null when the app did not ask to be told. */
  closeModal(): Promise<Delivery | null>
  /** Writes a message of the person's own. */
  say(channel: string, text: string): Message
  dismissNotices(): void

  see(): Sight
  /** Messages of a channel, by id or name; of the direct messages with the app for 'dm'. */
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
  /** What Slack could not do with this delivery or with its answer. */
  problem: string | null
}

export type ApiCall = {
  readonly method: string
  readonly args: Readonly<Record<string, unknown>>
  /** Null while it runs, and when it was answered with a bare status (429, 503). */
  answer: Readonly<Record<string, unknown>> | null
  /** The HTTP status sent; 0 while it runs, and when the answer was lost on purpose. */
  status: number
  readonly at: number
  readonly by: 'bot' | 'app' | 'nobody'
}

/** Switches for trouble. They act on the Web API, on response addresses and on new connections, not on what is delivered. */
export type Trouble = {
  /** Every answer waits this long. */
  slowMs: number
  /** Methods that give no answer until they are taken out of here. */
  held: readonly string[]
  /** Every call gets 503. */
  down: boolean
  /** The next so many calls get 429. */
  rateLimited: number
  retryAfterSeconds: number
  /** A method, or a method with a channel (`chat.postMessage C1`), and until when (milliseconds since 1970) each call gets 429. */
  leaveAlone: Record<string, number>
  /** Methods that take effect and whose answer is then lost with the connection. */
  loseAnswers: string[]
  /** The error that a method answers with, whoever calls it; also one that is not emulated. */
  fail: Record<string, string>
  /** What comes in the place of a method's answer, or `response_url`'s; the method itself is not run. */
  inPlace: Record<string, InPlace>
  /** Somebody has taken the app's bot token back: every call with it gets `token_revoked`. */
  revoked: boolean
  /** Whoever wants to open a Socket Mode connection gets no answer. */
  silentUpgrades: boolean
}

/**
 * A proxy's page with status 200, JSON that is nothing, a body that begins and never ends, a 429 that does not say for how
 * long, and a bare yes without what it always comes with.
 */
export type InPlace = 'html' | 'null' | 'stalled' | 'busy' | 'yes'

/** What administrators do. Each sends the event that Slack sends for it, when there is one and the app subscribes to it. */
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
  /** Bot scopes granted now; add or delete to grant or revoke. */
  readonly scopes: Set<string>
  readonly admin: Admin
  /** With an address, payloads go there as signed HTTP POSTs; with null, which is how it starts, over Socket Mode. */
  deliverTo(url: string | null): void
  as(person: string): Actor
  see(person: string): Sight
  /** Called after anything that anybody could see or any call or delivery has changed. Returns how to stop. */
  onChange(listener: () => void): () => void
  /**
   * Resolves with the first answer of `probe` that is something. It is asked again on every change; a throw counts as
   * not yet. Rejects after `timeoutMs` (60,000) with `what` and the last calls.
   */
  waitFor<T>(probe: () => T | undefined | null | false, what?: string, timeoutMs?: number): Promise<T>
  readonly calls: readonly ApiCall[]
  readonly deliveries: readonly Delivery[]
  readonly trouble: Trouble
  /** How many Socket Mode connections Slack sends payloads to now, those that were cut unknown to it among them. */
  readonly connections: number
  /** How many of them were cut. */
  readonly ghosts: number
  /** Any event of the Events API, by its inner event. */
  sendEvent(event: Readonly<Record<string, unknown>>): Promise<Delivery>
  /** Any payload: of another version of the app, or one that no page of Slack's has. */
  send(kind: DeliveryKind, body: Readonly<Record<string, unknown>>): Promise<Delivery>
  /** The same payload again, as after an ack that got lost. */
  redeliver(delivery: Delivery): Promise<Delivery>
  /**
   * Asks every connection to reconnect, as Slack does every few hours, or for another of its reasons. `counted`: they count as
   * connections of the app until they are closed.
   */
  dropSockets(reason?: string, counted?: boolean): void
  /** Cuts every link without a word, as a network does that forgets it: Slack goes on sending there, and it is lost. */
  cutLinks(): void
  /** Ends every link at once, unasked and without a goodbye, as a network does that resets it: both sides know. */
  resetLinks(): void
  /** How many links are open, those that Slack has asked to go among them. */
  readonly links: number
  /** Slack notices which links were cut. */
  forgetGhosts(): void
  /** Forgets calls and deliveries. */
  clear(): void
  /** Stop the app first: @slack/socket-mode takes a workspace that has gone for an outage, and ends its process. */
  stop(): Promise<void>
}
