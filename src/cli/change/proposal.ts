import type { TypedEdit } from '../typed-edit.ts'

/** What was typed behind `change propose`. */
export type Proposal = TypedEdit & {
  /** `<stack>/<token's name or uid>` */
  readonly token: string
  /** For whom: a Slack member's id. */
  readonly as: string
  readonly reason: string
  /** Names the proposal, so that it is made once however often the command runs. */
  readonly origin?: string
  /** Says what would come of it, and records nothing. */
  readonly dryRun?: boolean
  readonly json?: boolean
}
