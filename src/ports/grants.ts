/** How a stack's grant ended: Contentstack said no, or it did so after a renewal whose end nobody knows. */
export type GrantEnd = 'refused' | 'lost'

/** A stack's leave for the app by OAuth: its tokens, encrypted. */
export type KeptGrant = {
  readonly clientId: string
  readonly sealed: string
  /** Counts the grants that the stack has had: another one has another number. */
  readonly number: number
  /** When it was stored (an ISO instant). */
  readonly storedAt: string
  /** Since when a renewal of it is under way, or was cut off; null if there is none. */
  readonly renewalBegan: string | null
  readonly ended: GrantEnd | null
}

type Sealed = Pick<KeptGrant, 'clientId' | 'sealed'>

/** For whoever lets the app in. */
export type GrantStore = {
  /** Takes the place of whatever grant the stack has, and is in the log as `actor`'s: both, or neither. */
  keepGrant(stack: string, granted: Sealed, actor: string): Promise<void>
}

/** Grants by the name of their stack, shared by all processes. Everything is on disk before its promise resolves. */
export type Grants = {
  grant(stack: string): Promise<KeptGrant | null>
  /** Claims the renewal of this grant until `until` (an ISO instant). False while another may have it, or it is gone. */
  renewalBegins(stack: string, number: number, until: string): Promise<boolean>
  /** False if there is another grant by now, which stays. */
  grantIsRenewed(stack: string, number: number, granted: Sealed): Promise<boolean>
  /** Nobody renews it any more. `isUnknown`: it may have been renewed, and nobody got the new one. */
  renewalFailed(stack: string, number: number, how: { readonly isUnknown: boolean }): Promise<void>
  grantEnded(stack: string, number: number, end: GrantEnd): Promise<void>
}
