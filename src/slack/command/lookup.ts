import { setTimeout } from 'node:timers/promises'
import { withoutManners } from '../../domain/quick/manners.ts'
import { namedIn } from '../../domain/quick/named-in.ts'
import { cutAtBecause, quoted } from '../../domain/quick/quoted.ts'
import { knownAs } from '../../domain/quick/several-tokens.ts'
import { type Found, findToken, type Names, nameKey, namesOf } from '../../domain/token/find.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { Group } from '../edit/form-groups.ts'
import { answerComes } from '../tokens/listing.ts'
import { allOutOfReach, unlistedTitles } from '../tokens/out-of-reach.ts'
import { groupSaid } from './form-only.ts'
import type { Asked, Tell } from './typed.ts'

/** The name that was typed, and the tokens that it may mean of those known so far. */
export type Meant = { readonly name: string; readonly found: Found }

/** `group`: the part of the form to open. */
type ForForm = Meant & { readonly reason: string | null; readonly group: Group | null }

/** `notes`: why the look for it failed. */
export type Looked = Found & { readonly notes?: readonly string[] }

export type Lookup = ReturnType<typeof createLookup>

/** Finds the token that a line names, among those known so far, or by listing all of them again. */
export function createLookup({ looks }: { looks: Looks }) {
  return { meant, meantForForm, findAgain, listed }

  /** A name may be in quotes, or have words around it, unless they are part of it. */
  async function meant(typed: string): Promise<Meant> {
    const known = await looks.known()
    const name = calledIn(typed, namesOf(known))
    return { name, found: findToken(known, name) }
  }

  /** A reason may follow the name, and the part of the form that is wanted may stand beside it, unless all of it is one. */
  async function meantForForm(typed: string): Promise<ForForm> {
    const whole = await meant(typed)
    const { head, reason } = cutAtBecause(typed)
    if (whole.found.kind !== 'near' || head === '') return { ...whole, reason: null, group: null }
    const named = reason ? await meant(head) : whole
    if (named.found.kind !== 'near') return { ...named, reason, group: null }
    const inLine = namedIn(await looks.known(), head)
    const [only, ...others] = inLine?.tokens ?? []
    const group = only ? groupSaid(head.toLowerCase().replace(nameKey(only.settings.name), ' ')) : null
    if (!only || others.length > 0 || group === null) return { ...named, reason, group: null }
    return { name: only.settings.name, found: { kind: 'one', token: only }, reason, group }
  }

  /** An unknown name may be that of a new token. */
  async function findAgain(name: string, { person, tell, said }: Asked): Promise<Looked> {
    const isKnown = async () => findToken(await looks.known(), name).kind !== 'near'
    const failures = await listed(person, tell, isKnown)
    const found = findToken(await looks.known(), name)
    if (found.kind === 'near') await looks.requireReadable(name)
    return { ...found, notes: await allOutOfReach(looks, failures, said) }
  }

  /**
   * The lists that failed. Whoever waits is told at once if a stack was never listed, and otherwise once it takes a
   * while.
   */
  async function listed(person: string, tell: Tell, enough?: () => Promise<boolean>): Promise<readonly unknown[]> {
    const unlisted = await unlistedTitles(looks)
    const listing = looks.refreshAll(person, enough)
    const isSlow =
      unlisted.length > 0 || (await Promise.race([listing, setTimeout(patienceMs, null, { ref: false })])) === null
    if (isSlow) await tell(answerComes(unlisted))
    return listing
  }
}

/** The name in `"ci-deploy"`, `the token ci-deploy` or `ci-deploy please`. */
function calledIn(typed: string, isToken: Names): string {
  const whole = quoted(typed)
  const inQuotes = whole?.rest === '' ? whole.value : typed
  const plain = withoutManners(inQuotes)
  const names = [typed, inQuotes, plain, ...shorter(plain)].map((name) => knownAs(name, isToken))
  return names.find((name) => name !== null) ?? inQuotes
}

/** The text without one after another of the words before a name, and without `token` behind it. */
function shorter(text: string): string[] {
  const left = text.replace(around, '')
  return left === text ? [] : [left, ...shorter(left)]
}

const around =
  /^(?:me|the|an?|tokens?|of|for|to|about|my|our|in|on)\s+|\s+(?:token|page|details|info|status|history|expiry)$/i

/** How long people wait without a word. */
const patienceMs = 2500
