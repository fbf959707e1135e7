import type { Ask } from '../domain/change/ask.ts'
import { reasonAuthor } from '../domain/change/askers.ts'
import { amendersWith, type Change } from '../domain/change/change.ts'
import type { Awaited } from '../domain/looks/same-token.ts'
import type { Requirement, Ruling } from '../domain/policy/policy.ts'
import type { Draft } from '../ports/drafts.ts'
import { changedMeanwhile } from './change.ts'
import { changedFields, keptEntries } from './fields.ts'
import { namesakesInWords } from './namesakes.ts'
import { line, type Piece, quote } from './pieces.ts'
import { approvalsInLines } from './requirement.ts'
import { revertInWords } from './reverts.ts'
import { type OtherChange, othersInWords } from './standing.ts'
import { verdict } from './verdict.ts'
import { tokenFields, type Which } from './which-token.ts'
import { people, type Word, type Words } from './words.ts'

export type Previewed = Which & {
  readonly draft: Pick<Draft, 'id' | 'person' | 'before'>
  readonly ask: Ask
  /** When it is shown. */
  readonly asOf?: string
  /** From the rule that the change meets. */
  readonly requirement: Requirement
  /** Also asked for by the policy, since others have a hand in the change. */
  readonly today: Ruling | null
  /** True if enough people besides those who ask could ever approve it. */
  readonly canBeMet: boolean
  /** True if enough people could approve it, but too few once its editor no longer can. */
  readonly needsVote?: boolean
  readonly others: readonly OtherChange[]
  /** Those of them that ask for the same edit. */
  readonly alike?: readonly Pick<Change, 'id' | 'requester'>[]
  /** See `namesakesOf`. */
  readonly namesakes?: readonly string[]
  /** An update of another change that may still arrive; nothing else is written to the token until then. */
  readonly awaited?: Awaited | null
  /** The open change that is edited; null for a new one. */
  readonly amended: Change | null
  /** How the quick command was understood; a preview that has this came without a form. */
  readonly understood?: readonly Piece[]
  /** Something the requester must know before going on: the token is shown as it was last seen, for example. */
  readonly notice?: string
}

/** Everything that an approver will see, in parts. */
export function previewSections(previewed: Previewed): Piece[][] {
  const { draft, ask, requirement, today, canBeMet, others, awaited, amended, asOf } = previewed
  const { namesakes = [], alike = [] } = previewed
  const { before } = draft
  const { after, reason, reverts = null } = ask
  const asking = { requirement, today, ...askers(draft.person, amended) }
  return [
    [line(...verdict({ before, after, asOf }))],
    amended === null ? [] : whatIsVoid(amended, draft.person),
    amended?.status === 'drifted' ? changedMeanwhile(amended) : [],
    [
      ...tokenFields(before.name, previewed),
      ...revertInWords(reverts),
      ...alikeInWords(alike),
      ...othersInWords(others, true),
      ...namesakesInWords(after.name, namesakes),
      ...(awaited ? [awaitedInWords(awaited)] : []),
    ],
    [line({ strong: 'What will be written once it is approved' }), ...changedFields({ before, after })],
    keptEntries(after),
    [line({ strong: 'Reason' }, ...reasonIsBy(previewed)), quote(reason)],
    [
      ...approvalsInLines(asking),
      ...(canBeMet ? [] : [line(...tooFewInWords(previewed))]),
      ...(requirement.confirm ? [line('Whoever approves it has to type the name of the token.')] : []),
    ],
  ]
}

function alikeInWords(alike: NonNullable<Previewed['alike']>): Piece[] {
  return alike
    .slice(0, 3)
    .map(({ id, requester }) => line(`Change #${id} by `, { person: requester }, ' asks for the same edit already.'))
}

function awaitedInWords({ id, until }: Awaited): Piece {
  return line(
    `An update of change #${id} could still arrive until `,
    { at: until },
    '. Until then, no other change is written to this token.',
  )
}

/** A reason that an editor leaves as it is still belongs to whoever wrote it. */
function reasonIsBy({ amended, ask, draft }: Previewed): Word[] {
  if (amended === null) return []
  const author = amended.reason === ask.reason ? reasonAuthor(amended) : draft.person
  return author === null ? [] : [', given by ', { person: author }]
}

function tooFewInWords({ amended, needsVote = false }: Previewed): Words {
  if (amended === null || !needsVote) return [tooFew]
  const { requester } = amended
  return [
    "You could no longer decide on this, and too few people would be left who can, so it can't be sent: ask ",
    { person: requester },
    ' to edit it.',
  ]
}

const tooFew =
  "Too few people besides those who ask may approve this, so it can't be sent: ask whoever runs Countersign to look at the approvers of this rule."

/** Whoever edits an open change has a hand in it from then on. */
export function askers(person: string, amended: Change | null): Pick<Change, 'requester' | 'amenders'> {
  if (amended === null) return { requester: person, amenders: [] }
  return { requester: amended.requester, amenders: amendersWith(amended, person) }
}

/** One that is stopped is rebased, not edited. */
function whatIsVoid(change: Change, person: string): Piece[] {
  const { id, revision, requester } = change
  const approvers = change.approvals.map(({ by }) => by)
  const becomes = `becomes revision ${revision + 1}, and needs new approvals`
  return [
    change.status === 'drifted'
      ? line(`Change #${id} ${becomes}: the same edit, to the token as it was found `, { at: change.driftedAt }, '.')
      : line(`This edits change #${id}: it ${becomes}.`),
    ...(approvers.length > 0 ? [line('Approvals given so far will no longer count: ', ...people(approvers))] : []),
    ...(person === requester || change.status === 'drifted'
      ? []
      : [line('Since you edit it, you can no longer decide on it.')]),
  ]
}
