import type { TerminalConfig } from '../../config/config.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import type { Awaited } from '../../domain/looks/same-token.ts'
import type { Requirement } from '../../domain/policy/policy.ts'
import { mentionedIn, plainLines } from '../../words/plain.ts'
import { previewSections } from '../../words/preview.ts'
import type { Which } from '../../words/which-token.ts'
import type { Here } from '../command.ts'
import { asJson, changeAsJson, editAsJson } from '../json.ts'
import { namesFor } from '../names.ts'
import type { Proposal } from './proposal.ts'

export type Outcome = Which & {
  readonly edit: Edit
  readonly requirement: Requirement
  /** Other open changes to the same token. */
  readonly others: readonly number[]
  /** See `namesakesOf`. */
  readonly namesakes: readonly string[]
  /** An update of another change that may still arrive; nothing else is written to the token until then. */
  readonly awaited: Awaited | null
  /** When it is told. */
  readonly asOf: string
  /** Null if nothing was to be recorded. */
  readonly change: Change | null
}

type Telling = { readonly config: TerminalConfig; readonly here: Here }

/** Tells how the command was understood, what it means, and who has to agree: the preview in Slack says the same. */
export async function tellOutcome(outcome: Outcome, proposal: Proposal, { config, here }: Telling): Promise<void> {
  const { tell, now } = here
  if (proposal.json) return tell(asJson(asDocument(outcome, { earlier: false })))
  const sections = sectionsOf(outcome, proposal).filter((pieces) => pieces.length > 0)
  const who = await namesFor([proposal.as, ...mentionedIn(sections.flat())], { slack: config.slack, now })
  for (const pieces of sections) for (const line of [...plainLines(pieces, who), '']) tell(line)
  tell(
    outcome.change === null
      ? 'Nothing was recorded: without --dry-run this would be sent for approval.'
      : `Change #${outcome.change.id} is recorded, asked for by ${who(proposal.as)}. The app posts its card within seconds, or once it runs.`,
  )
}

/** Tells the result of an earlier run of the same command. */
export function tellEarlier(change: Change, { json }: Proposal, { tell }: Here): void {
  const { requirement } = change
  const document = asDocument({ edit: change, requirement, change, asOf: change.revisedAt }, { earlier: true })
  tell(
    json
      ? asJson(document)
      : `Change #${change.id} was recorded by an earlier run with this --origin. Nothing was done now.`,
  )
}

function sectionsOf(
  { edit, requirement, others, namesakes, awaited, asOf, ...which }: Outcome,
  { reason, as }: Proposal,
) {
  return previewSections({
    draft: { id: '', person: as, before: edit.before },
    ask: { after: edit.after, reason: reason.trim() },
    ...which,
    requirement,
    today: null,
    canBeMet: true,
    others: others.map((id) => ({ id, link: null })),
    namesakes,
    awaited,
    amended: null,
    asOf,
  })
}

type Asked = Pick<Outcome, 'edit' | 'requirement' | 'change' | 'asOf'>

function asDocument({ edit, requirement, change, asOf }: Asked, { earlier }: { earlier: boolean }) {
  const { stack, tokenUid, requester, enteredBy = null, before, after } = edit
  const asked = { stack, token: { uid: tokenUid, name: before.name }, requester, enteredBy }
  return {
    recorded: change !== null,
    earlier,
    edit: { ...asked, ...editAsJson({ before, after, asOf }), requirement },
    change: change && changeAsJson(change),
  }
}
