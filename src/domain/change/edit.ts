import type { Settings } from '../token/token.ts'

/** An edit that somebody asks for, before it is a change. */
export type Edit = {
  readonly stack: string
  readonly tokenUid: string
  readonly requester: string
  /** The operator who types it in for the requester. */
  readonly enteredBy?: string | undefined
  readonly before: Settings
  readonly after: Settings
}
