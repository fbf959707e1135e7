import type { Change } from '../domain/change/change.ts'

/**
 * An approval that no longer counts, to be reported to whoever gave it. `why` is null if the change was revised since.
 */
export type VoidApproval = { readonly person: string; readonly approvedAt: string; readonly why: string | null }

/** A revision's request, which others who ask for the change are told about, and the request of the one before it. */
export type Edited = {
  readonly type: 'amended' | 'taken_over'
  readonly by: string
  /** Those in whose place somebody asks for it now. */
  readonly from: readonly string[]
  readonly was: Pick<Change, 'after' | 'reason'>
  readonly is: Pick<Change, 'after' | 'reason'>
}

/** Who knows the outcome of a change, and who is just being told. */
export type TellingStore = {
  /**
   * Claims telling the requester, and whoever else has to know, `news` until `until` (an ISO instant). Resolves to
   * false if they know it, and while somebody else may still be telling them.
   */
  requesterIsBeingTold(id: number, telling: { until: string; news: string }): Promise<boolean>
  /** The attempt is over: they have now been told `news`, or, if null, nothing new. */
  requesterWasTold(id: number, news: string | null): Promise<void>
  /** Approvals that no longer count, where those who gave them don't know yet. */
  untoldVoidApprovals(id: number): Promise<readonly VoidApproval[]>
  /** As for the requester: false if this person knows, and while somebody else may still be telling them. */
  approverIsBeingTold(id: number, telling: { until: string; of: VoidApproval }): Promise<boolean>
  approverWasTold(id: number, of: VoidApproval): Promise<void>
  approverWasNotTold(id: number, of: VoidApproval): Promise<void>
}
