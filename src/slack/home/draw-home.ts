import { createHash } from 'node:crypto'
import type { HomeView } from '@slack/types'
import { addDays } from 'date-fns/addDays'
import type { Electorate } from '../../domain/change/electorate.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Stretch, stretchOf } from '../../domain/stretch.ts'
import { soonDays } from '../../domain/token/filter.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Overview, PastReads } from '../../ports/past.ts'
import type { ListedChange } from '../../words/listed.ts'
import type { Electorates } from '../../workflow/changes/electorates.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { openInRuns } from '../../workflow/open-in-runs.ts'
import { mayNeed, needs, type OpenChanges } from '../changes/open-changes.ts'
import { type HomeList, homeLists } from '../kit/ids.ts'
import { shownLooks } from '../tokens/shown-looks.ts'
import type { Closed } from './home-health.ts'
import { closedHome, type Home, homePages, homeView } from './view.ts'

type Deps = {
  store: ChangeReads & PastReads
  electorates: Electorates
  openChanges: Pick<OpenChanges, 'listed'>
  looks: Pick<Looks, 'lastLooks' | 'neverListed'>
  titleOf: (stack: string) => Promise<string>
  /** The reason nothing can be asked for or decided at present, in words; null if it can. */
  closed: () => string | null
  closedRules: () => Promise<readonly Closed[]>
  /** Parts of the database that can't be read, for example `change #3`. */
  unreadable: () => readonly string[]
  now: () => Date
}

/**
 * An open change and who can decide on it now, null if nobody could say: looked up once for all Homes drawn together.
 */
export type Decidable = { readonly stored: StoredChange; readonly electorate: Electorate | null }
export type DrawnHome = {
  readonly view: (options: { tables: boolean }) => HomeView
  /** Equal for two Homes that say the same, apart from when the stacks were last looked at. */
  readonly digest: string
}

export type DrawHome = ReturnType<typeof createDrawHome>

/** Draws App Home for one person, from what is stored and from who may decide now. */
export function createDrawHome({
  store,
  electorates,
  openChanges,
  looks,
  titleOf,
  closed,
  closedRules,
  unreadable,
  now,
}: Deps) {
  return { decidable, draw, drawForOthers, unclear: drawnClosed(notDrawn) }

  async function decidable(): Promise<readonly Decidable[]> {
    const open: Decidable[] = []
    for await (const run of openInRuns(store))
      open.push(...(await Promise.all(run.map(async (stored) => ({ stored, electorate: await electorateOf(stored) })))))
    return open
  }

  /** If nobody can say who decides on one change, the others stay readable. */
  async function electorateOf({ change }: StoredChange): Promise<Electorate | null> {
    return electorates.forChange(change).catch(() => null)
  }

  /** For a full member; nobody is asked about that here. */
  async function draw(person: string, pages: Pages, open?: readonly Decidable[]): Promise<DrawnHome> {
    const home = await homeOf(person, wantedPages(pages), open ?? (await decidable()))
    return { view: (options) => homeView(home, options), digest: digestOf(homeView(timeless(home), { tables: false })) }
  }

  /** Null for a full member. Throws if Slack can't be asked. */
  async function drawForOthers(person: string): Promise<DrawnHome | null> {
    const why = await electorates.requireMember(person).then(() => null, refusal)
    if (why === null) return null
    return drawnClosed(why)
  }

  async function homeOf(person: string, wanted: Wants, open: readonly Decidable[]): Promise<Home> {
    const { needs: forYou, unclear } = needed(person, open)
    const yours = await electorates.askedBy(
      person,
      open.map(({ stored }) => stored),
    )
    const { ended, expiring, outsideEdits, verified } = await overview(wanted)
    return {
      closed: closed(),
      needs: await listed(stretchOf(forYou, wanted.needs)),
      unclear,
      yours: await listed(stretchOf(yours, wanted.yours)),
      recent: await listed(ended),
      expiring: await each(expiring, async (token) => ({ token, stackTitle: await titleOf(token.stack) })),
      outside: await each(outsideEdits, async (edit) => ({ edit, stackTitle: await titleOf(edit.fact.stack) })),
      health: {
        looks: await shownLooks({ ...looks, titleOf }),
        verified,
        closedRules: await closedRules(),
        unreadable: unreadable(),
      },
    }
  }

  function overview({ recent, expiring, outside }: Wants): Promise<Overview> {
    const [from, to] = [now(), addDays(now(), soonDays)].map((day) => day.toISOString().slice(0, 10))
    return store.overview({ ended: recent, expiring: { ...expiring, from: from!, to: to! }, outsideEdits: outside })
  }

  async function listed(changes: Stretch<StoredChange>): Promise<Stretch<ListedChange>> {
    return { ...changes, items: await openChanges.listed(changes.items) }
  }
}

type Wants = Readonly<Record<HomeList, { page: number; size: number }>>

type Pages = Readonly<Record<string, number>>

function wantedPages(pages: Pages): Wants {
  return Object.fromEntries(homeLists.map((list) => [list, { page: pages[list] ?? 0, size: homePages[list] }])) as Wants
}

/** The person was found to be a full member, so only the policy can stand in their way. */
function needed(person: string, open: readonly Decidable[]): { needs: StoredChange[]; unclear: number } {
  const waiting = open.filter(({ stored: { change } }) => mayNeed(change, person))
  const needing = waiting.filter(
    ({ stored, electorate }) => electorate !== null && needs(stored.change, person, electorate),
  )
  const unclear = waiting.filter(({ electorate }) => electorate === null).length
  return { needs: needing.map(({ stored }) => stored), unclear }
}

/** A stack is looked at every minute or so: that alone is no reason to publish Home again. */
function timeless({ health, ...home }: Home): Home {
  const looks = health.looks.map((look) => ({ ...look, at: look.at && '2000-01-01T00:00:00.000Z' }))
  return { ...home, health: { ...health, looks } }
}

function digestOf(view: HomeView): string {
  return createHash('sha256').update(JSON.stringify(view)).digest('hex')
}

async function each<T, U>(stretch: Stretch<T>, draw: (item: T) => Promise<U>): Promise<Stretch<U>> {
  return { ...stretch, items: await Promise.all(stretch.items.map(draw)) }
}

function refusal(error: unknown): string {
  if (error instanceof Refusal) return error.message
  throw error
}

const notDrawn = "Countersign can't tell right now what you may see here. Open this page again in a minute."

function drawnClosed(why: string): DrawnHome {
  const view = closedHome(why)
  return { view: () => view, digest: digestOf(view) }
}
