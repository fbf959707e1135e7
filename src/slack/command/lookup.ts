import { setTimeout } from 'node:timers/promises'
import { cutAtBecause, quoted } from '../../domain/quick/quoted.ts'
import { type Found, findToken } from '../../domain/token/find.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { answerComes } from '../tokens/listing.ts'
import { allOutOfReach, unlistedTitles } from '../tokens/out-of-reach.ts'
import type { Asked, Tell } from './typed.ts'

/** The name that was typed, and the tokens that it may mean of those known so far. */
export type Meant = { readonly name: string; readonly found: Found }

/** `notes`: why the look for it failed. */
export type Looked = Found & { readonly notes?: readonly string[] }

export type Lookup = ReturnType<typeof createLookup>

/** Finds the token that a line names, among those known so far, or by listing all of them again. */
export function createLookup({ looks }: { looks: Looks }) {
  return { meant, meantWithReason, findAgain, listed }

  /** A name may be in quotes, unless the quotes are part of it. */
  async function meant(typed: string): Promise<Meant> {
    const known = await looks.known()
    const found = findToken(known, typed)
    const whole = found.kind === 'near' ? quoted(typed) : null
    return whole === null || whole.rest !== ''
      ? { name: typed, found }
      : { name: whole.value, found: findToken(known, whole.value) }
  }

  /** A reason may follow the name, unless all of it is one. */
  async function meantWithReason(typed: string): Promise<Meant & { readonly reason: string | null }> {
    const whole = await meant(typed)
    const { head, reason } = cutAtBecause(typed)
    const isWhole = whole.found.kind !== 'near' || !reason || head === ''
    return isWhole ? { ...whole, reason: null } : { ...(await meant(head)), reason }
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

/** How long people wait without a word. */
const patienceMs = 2500
