import type { App } from '@slack/bolt'
import { fromOutside } from '../../domain/from-outside.ts'
import { createDoor } from '../../workflow/looks/door.ts'
import { appTokenTrouble } from '../calls/app-token.ts'
import { goodAfterMs, type KeptLink, keepLinked, type Pace, realPace } from './keep-linked.ts'
import { type Hello, type LinkOptions, NoLink, openLink } from './link.ts'
import type { Links, Listening } from './watched-deliveries.ts'

type SocketOptions = LinkOptions & {
  readonly now?: () => Date
  /** A clock in milliseconds that nobody can set. */
  readonly ticks?: (() => number) | undefined
  readonly pace?: Pace
  readonly secondAfterMs?: number
  /** How long the second connection is left out after Slack counts too many. */
  readonly crowdedForMs?: number
  /** How many other processes are known to have connections of this app at this moment; none unless given. */
  readonly elsewhere?: () => Promise<number>
}

/** Slack takes ten connections per app and turns away the next. From here on, each process has to do with one. */
export const crowd = 8

/**
 * Two connections over Socket Mode. Slack recycles each every few hours, which leaves none for a moment; it sends a
 * payload to any connection that stands, so the other takes what comes meanwhile. The second starts later, so that they
 * are not recycled at the same time. Source: slack.md §1.3, points 3 and 4.
 */
export function socketReceiver({ now = () => new Date(), pace = realPace, ...options }: SocketOptions): Listening {
  const {
    ticks = pace.ticks,
    logger,
    secondAfterMs = 10_000,
    crowdedForMs = 1_800_000,
    elsewhere = async () => 0,
  } = options
  const standing = new Set<KeptLink>()
  const failures = new Map<KeptLink, Failure>()
  const deaf = createDoor({ now, onChange: () => {} })
  let deafSince: number | null = null
  let app: App
  let counted: number | null = null
  /** How many of this process no longer stand but are not closed yet. */
  let closing = 0
  /** How many beyond those this process is closing Slack counted when it was last reported to be too many. */
  let told: number | null = null
  let lastHello: string | null = null
  let later: NodeJS.Timeout | undefined
  const links = [kept(), kept()] as const
  return {
    isListening: () => standing.size > 0,
    links: () => ({
      ...{ standing: standing.size, counted, lastHello },
      failure: failure(),
      deaf: deaf.spells(),
      deafForMs: deafSince === null ? null : ticks() - deafSince,
    }),
    init: (bolt) => {
      app = bolt
    },
    start: async () => {
      await links[0].start()
      if (later === undefined) startLater(links[1], secondAfterMs)
    },
    stop: async () => {
      clearTimeout(later)
      await Promise.all(links.map((link) => link.stop()))
    },
  }

  function failure(): Links['failure'] {
    const [first] = failures
    if (first === undefined) return null
    const [link, { words, since }] = first
    return { why: isBeside(link) ? words.beside : words.alone, since }
  }

  /** True while another one stands. */
  function isBeside(link: KeptLink): boolean {
    return [...standing].some((other) => other !== link)
  }

  function kept(): KeptLink {
    const link: KeptLink = keepLinked(() => openLink(app, options), { onStands, onOver, onFailure }, pace)
    /** How many in a row stood only for a moment. */
    let brief = 0
    let stays = new AbortController()
    return link

    function onStands(hello: Hello): void {
      if (brief < manyBrief) works()
      else void staysGood()
      standing.add(link)
      greeted(hello)
    }

    async function staysGood(): Promise<void> {
      stays = new AbortController()
      const { signal } = stays
      await pace.wait(goodAfterMs, signal)
      if (!signal.aborted) isGood()
    }

    function isGood(): void {
      brief = 0
      works()
    }

    function works(): void {
      failures.delete(link)
      deaf.accepts()
      deafSince = null
    }

    function onOver(reason: string | null, wasGood: boolean, gone: Promise<void>): void {
      stays.abort()
      if (!standing.delete(link)) return
      isClosing(gone)
      if (wasGood) isGood()
      else if (reason === tooMany) turnedAway()
      else if (++brief >= manyBrief) fails(briefInWords(reason))
      if (standing.size > 0) return
      deaf.refuses('no connection is open')
      deafSince ??= ticks()
    }

    /** There is no room until others go, however long that takes. */
    function turnedAway(): void {
      brief = manyBrief
      fails(tooManyWords)
    }

    function onFailure(error: unknown): void {
      fails(whyNot(error))
    }

    /** Once for each cause, for both connections: otherwise an outage would fill the log with one line. */
    function fails(words: Words): void {
      const beside = isBeside(link)
      const told = beside ? words.beside : words.alone
      const isKnown = [...failures.values()].some((failure) => failure.told === told)
      failures.set(link, { words, told, since: failures.get(link)?.since ?? now().toISOString() })
      if (isKnown) return
      if (beside) logger.warn(`${told} Countersign tries again.`)
      else logger.error(`${told} Countersign tries again.`)
    }
  }

  function greeted({ connections }: Hello): void {
    counted = connections
    lastHello = now().toISOString()
    logger.info(
      `A connection to Slack is open. Slack counts ${connections ?? 'an unknown number'} for this app.${closingWords(closing)}`,
    )
    if (counted === null) return
    const lasting = counted - closing
    if (lasting >= crowd) void makeRoom(counted, lasting)
    else void lookForStrays(counted, lasting)
  }

  /** Others may have come a moment ago. */
  async function lookForStrays(counted: number, lasting: number): Promise<void> {
    const ours = { counted, own: standing.size, closing }
    const most = mayBeOurs()
    const others = lasting > most ? await elsewhere() : 0
    const theirs = others * links.length
    if (lasting > most + theirs) {
      if (lasting !== told) logger.warn(strayWords({ ...ours, others }))
      told = lasting
    } else if (lasting <= ours.own + theirs) told = null
  }

  function isClosing(gone: Promise<void>): void {
    closing += 1
    void gone.then(() => {
      closing -= 1
    })
  }

  /** Slack may already count one that is just being opened here. */
  function mayBeOurs(): number {
    return Math.min(standing.size + 1, links.length)
  }

  /** Gives up the connection that does not stand, or one of the two, and looks again later. */
  async function makeRoom(count: number, lasting: number): Promise<void> {
    const spare = standing.has(links[0]) ? links[1] : links[0]
    void spare.stop()
    startLater(spare, crowdedForMs)
    const says = `Slack counts ${count} connections for this app, and allows ten: this process keeps only one until there are fewer.`
    if (lasting > links.length * (1 + (await elsewhere()))) logger.warn(says)
    else logger.info(says)
  }

  function startLater(link: KeptLink, afterMs: number): void {
    clearTimeout(later)
    later = setTimeout(() => void link.start().catch(() => {}), afterMs).unref()
  }
}

/** The reason a connection does not stand: worded for when none stands, and for when another does. */
type Words = { readonly alone: string; readonly beside: string }

/** `told`: the words last used. */
type Failure = { readonly words: Words; readonly told: string; readonly since: string }

const stillListens = 'The other one is open, so Countersign still listens, but only as long as that one lasts.'

const tooMany = 'too_many_websockets'
const noRoom =
  'Slack allows no more connections for this app (too_many_websockets): stop other processes that use its app-level token, or ' +
  'wait until Slack notices which connections were cut.'
const tooManyWords = { alone: noRoom, beside: `${noRoom} ${stillListens}` }

/** A connection that ends just after it began may be bad luck once. */
const manyBrief = 3

function briefInWords(reason: string | null): Words {
  const why = whyBrief(reason)
  return {
    alone: `No connection to Slack stays open: ${why}.`,
    beside: `A second connection to Slack does not stay open: ${why}. ${stillListens}`,
  }
}

/** Source of the reason: docs.slack.dev/apis/events-api/using-socket-mode. */
function whyBrief(reason: string | null): string {
  if (reason === null) return 'it is cut off at once, by the network or a proxy'
  const why = reason === 'link_disabled' ? ": Socket Mode is switched off in the app's settings at Slack" : ''
  return `Slack ends it at once (${fromOutside(reason)})${why}`
}

function whyNot(error: unknown): Words {
  const says = error instanceof NoLink ? error.message : String(error)
  if (says.includes(tooMany)) return tooManyWords
  const trouble = error instanceof NoLink ? appTokenTrouble(error.cause) : null
  const [none, second] = ['No connection to Slack', "A second connection to Slack can't be opened"]
  return trouble
    ? {
        alone: fromOutside(`${none} can be opened. ${trouble}`),
        beside: `${fromOutside(`${second}. ${trouble}`)} ${stillListens}`,
      }
    : { alone: fromOutside(`${none}: ${says}.`), beside: `${fromOutside(`${second}: ${says}.`)} ${stillListens}` }
}

/** No source says whether Slack still counts a connection that it has taken back until it is closed. */
function closingWords(closing: number): string {
  return closing === 0 ? '' : ` They may include ${closing} that this process is closing.`
}

type Counts = { readonly counted: number; readonly own: number; readonly closing: number; readonly others: number }

function strayWords({ counted, own, closing, others }: Counts): string {
  const ours = `this process has ${own}${closing === 0 ? '' : ` and is closing ${closing}`}`
  const lost = 'Slack has not noticed yet that a connection was cut. What Slack sends over that one is lost'
  return `Slack counts ${counted} connections for this app, and ${ours}${othersWords(others)}: another process of the app runs, or ${lost}: people have to press or type it again.`
}

function othersWords(others: number): string {
  if (others === 0) return ''
  const each =
    others === 1
      ? 'the other instance on this database has'
      : `each of the ${others} other instances on this database has`
  return `; ${each} at most two`
}
