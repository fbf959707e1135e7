import { allCalled } from '../../domain/token/find.ts'
import type { GoneToken, LookReads } from '../../ports/looks.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { Message } from '../kit/blocks.ts'
import { goneTokens, type TitledGone } from './gone-tokens.ts'

type Deps = { store: LookReads; looks: Pick<Looks, 'titled'> }

export type GonePast = ReturnType<typeof createGonePast>

/** Tokens that are gone but whose past is kept, by the name people ask for. */
export function createGonePast({ store, looks }: Deps) {
  return { called, titled, saidOf }

  async function called(typed: string): Promise<GoneToken[]> {
    return allCalled(await store.goneTokens(), typed)
  }

  /** Says that the tokens of this name or uid are gone, and where their past is; null if none was called that. */
  async function saidOf(typed: string): Promise<Message | null> {
    const gone = await titled(typed)
    return gone.length === 0 ? null : goneTokens(gone)
  }

  async function titled(typed: string): Promise<TitledGone[]> {
    const gone = await called(typed)
    const titles = await looks.titled(gone)
    return gone.map((token, i) => ({ token, stackTitle: titles[i]!.stackTitle }))
  }
}
