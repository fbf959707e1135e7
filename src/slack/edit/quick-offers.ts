import { distinct } from '../../domain/look-alikes.ts'
import { quickEdit } from '../../domain/quick/edit.ts'
import { inLine } from '../../domain/quick/quoted.ts'
import type { About } from '../../domain/quick/reading.ts'
import { headOf } from '../../domain/quick/text.ts'
import { quickLabel } from '../../domain/quick/verbs.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Token } from '../../domain/token/token.ts'
import type { LookReads } from '../../ports/looks.ts'
import { clip, oneLine } from '../../words/text.ts'
import type { Changes } from '../../workflow/changes/changes.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { fitsButton, type Offer } from '../kit/say-buttons.ts'
import { type Line, readOver } from './quick-line.ts'

export type OffersDeps = {
  store: LookReads
  looks: Looks
  changes: Pick<Changes, 'whyNotAsked' | 'whyNotOpen'>
  now: () => Date
}

/** Lines to offer as buttons: each is understood, and as far as the last look tells, this person may ask for it. */
export function createQuickOffers({ store, looks, changes, now }: OffersDeps) {
  return { possible, about, whyNot }

  async function possible(lines: readonly string[], person: string): Promise<Offer[]> {
    const known = await looks.known()
    const tried = await Promise.all(
      [...new Set(lines)].map(async (line): Promise<OfToken[]> => {
        const read = readOver(line, known)
        if (read.kind === 'wrong' || (await whyNot(read, person)) !== null) return []
        return [{ line, label: labelOf(read), token: read.command.token }]
      }),
    )
    return apart(tried.flat().filter(fitsButton))
  }

  /** The reason such a line would be refused; null if none is known. */
  async function whyNot(read: Line, person: string): Promise<Refusal | null> {
    if (read.kind !== 'clear') return null
    const { stack, uid: tokenUid, settings: before } = read.token
    const facts = await store.knownFacts(stack)
    if (facts === null) return null
    try {
      const after = quickEdit(read.command, { before, facts, now: now() })
      const why =
        (await changes.whyNotOpen(read.token, person)) ??
        (await changes.whyNotAsked({ stack, tokenUid, before, after, requester: person }))
      return why === null ? null : new Refusal('not_allowed', why)
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  }

  async function about(token: Token | null): Promise<About> {
    const facts = token && (await store.knownFacts(token.stack))
    return { now: now(), token: token && facts ? { before: token.settings, facts } : null }
  }
}

type OfToken = Offer & { readonly token: string }

/** One button for each thing to do; the token is on it too if they are about several. */
function apart(offers: readonly OfToken[]): Offer[] {
  const isOne = new Set(offers.map(({ token }) => plainToken(token))).size <= 1
  const labelled = offers.map(({ line, label, token }) => ({
    line,
    label: isOne ? label : label.replace(/^\S+/, (verb) => `${verb} ${clip(oneLine(distinct(token)), longest)}`),
  }))
  return labelled.filter(({ label }, i) => labelled.findIndex((other) => other.label === label) === i)
}

/** Without its stack, since the same token may be called either way. */
function plainToken(token: string): string {
  return token.slice(token.indexOf('/') + 1).toLowerCase()
}

/** `Extend 90d…`: what it does is on the button. */
function labelOf(read: Exclude<Line, { kind: 'wrong' }>): string {
  const { command } = read
  return `${quickLabel(command.verb).replace('…', '')} ${clip(oneLine(distinct(headOf(command, inLine))), longest)}…`
}

/** Characters of a label that are read at a glance. */
const longest = 40
