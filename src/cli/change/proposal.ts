import type { TypedEdit } from '../typed-edit.ts'

/** The text typed after `change propose`. */
export type Proposal = TypedEdit & {
  /** `<stack>/<token's name or uid>` */
  readonly token: string
  /** The requester's Slack member id. */
  readonly as: string
  readonly reason: string
  /** Names the proposal, so that it is made once however often the command runs. */
  readonly origin?: string
  /** Says what would happen, and records nothing. */
  readonly dryRun?: boolean
  readonly json?: boolean
}
