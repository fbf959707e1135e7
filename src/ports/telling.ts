import type { Change } from '../domain/change/change.ts'

/** An approval that no longer counts, which whoever gave it is to be told of. `why` is null when the change was revised since. */
export type VoidApproval = { readonly person: string; readonly approvedAt: string; readonly why: string | null }

/** What a revision asks for that others who ask for the change are told of, and what the one before it asked for. */
export type Edited = {
  readonly type: 'amended' | 'taken_over'
  readonly by: string
  /** Those in whose place somebody asks for it now. */
  readonly from: readonly string[]
  readonly was: Pick<Change, 'after' | 'reason'>
  readonly is: Pick<Change, 'after' | 'reason'>
}

/** Who knows what has become of a change, and who is just being told. */
export type TellingStore = {
  /**
   * Says that the caller tells the requester, and whoever else has to know, `news` until `until` (an ISO instant). Resolves to false when they know it, and
   * while somebody else may still be telling them.
   */
  requesterIsBeingTold(id: number, telling: { until: string; news: string }): Promise<boolean>
  /** Nobody tells them any more: they know `news`, or with null no more than before. */
  requesterWasTold(id: number, news: string | null): Promise<void>
  /** Approvals that count no more, of which those who gave them don't know yet. */
  untoldVoidApprovals(id: number): Promise<readonly VoidApproval[]>
  /** As for the requester: false when this person knows of it, and while somebody else may still be telling them. */
  approverIsBeingTold(id: number, telling: { until: string; of: VoidApproval }): Promise<boolean>
  approverWasTold(id: number, of: VoidApproval): Promise<void>
  approverWasNotTold(id: number, of: VoidApproval): Promise<void>
}
