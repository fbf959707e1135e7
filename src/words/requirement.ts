import type { Change } from '../domain/change/change.ts'
import { requestersOf } from '../domain/change/change.ts'
import { hasTooFew } from '../domain/change/named.ts'
import { isGroup, type Party } from '../domain/policy/policy.ts'
import { count } from './text.ts'
import { people, type Word, type Words } from './words.ts'

type Asking = Pick<Change, 'requirement' | 'requester' | 'amenders' | 'tooFew'>

/** How much of a long list is named: in a message's blocks, and in its `text`. */
type Room = { readonly parties: number; readonly people: number }
export const roomy: Room = { parties: 20, people: 20 }
export const brief: Room = { parties: 5, people: 4 }

type Needing = Asking & Pick<Change, 'today'>

/**
 * The approvals a change needs, in sentences: under the rule it was asked under, and what the current policy asks for
 * on top.
 */
export function needsInWords(change: Needing, room: Room = roomy): Words[] {
  return [
    ['It needs ', ...requirementInWords(change, room), '.'],
    ...tooFewInWords(change),
    ...todayInWords(change, room),
  ]
}

export function tooFewInWords(asking: Asking): Words[] {
  if (!hasTooFew(asking)) return []
  return [
    [
      'Too few people are left who can approve it. It can be approved once there are enough again. To ask again under another policy, cancel it.',
    ],
  ]
}

/** The approvals that the current policy asks for on top of the rule that the change was asked under. */
export function todayInWords(change: Needing, room: Room = roomy): Words[] {
  const { today, requirement } = change
  if (today === null) return []
  if ('forbidden' in today) return [['Under the current policy, nobody can approve it. ', { said: today.forbidden }]]
  const asked = requirementInWords({ ...change, requirement: today }, room)
  const name = today.confirm && !requirement.confirm ? ' Whoever approves it has to type the name of the token.' : ''
  return [['The current policy asks for this as well: ', ...asked, '.', name]]
}

/** `2 approvals, each by somebody else: one of @security; one of @owners` */
export function requirementInWords(asking: Asking, room: Room = roomy): Words {
  const { parties } = asking.requirement
  const several = parties.length > 1 ? ' from different people' : ''
  const isOne = parties.length === 1
  const shown = parties.slice(0, room.parties).map((party) => partyInWords(party, { asking, isOne, room }))
  const hidden = parties.length - shown.length
  return [
    `${count(approvalsNeeded(asking), 'approval')}${several}: `,
    ...shown.flatMap((words, i): Words => (i === 0 ? words : ['; ', ...words])),
    hidden > 0 ? `; and ${count(hidden, 'more party', 'more parties')}` : '',
  ]
}

/** Under the rule that the change was asked under; the current policy may ask for more. */
export function approvalsNeeded({ requirement }: Pick<Change, 'requirement'>): number {
  return requirement.parties.reduce((sum, { quorum }) => sum + quorum, 0)
}

/** Approvals of this revision that still count. */
export function standingApprovals({ approvals, lost }: Pick<Change, 'approvals' | 'lost'>): Change['approvals'] {
  return approvals.filter(({ by }) => lost === null || lost.approvals.every((gone) => gone.by !== by))
}

type Within = { readonly asking: Asking; readonly isOne: boolean; readonly room: Room }

function partyInWords({ from, quorum }: Party, { asking, isOne, room }: Within): Word[] {
  const others = from.filter((id) => !requestersOf(asking).includes(id))
  const isEnough = others.length >= quorum || others.some(isGroup)
  if (others.length > 0 && isEnough) return [`${numberInWords(quorum)} of `, ...people(others, room.people)]
  if (others.length > 0)
    return [`${numberInWords(quorum)}, though only `, ...people(others, room.people), ' can give one']
  if (!isOne) return [`${numberInWords(quorum)} that nobody can give`]
  return [`nobody can give ${quorum === 1 ? 'it' : 'them'}`]
}

function numberInWords(n: number): string {
  return ['none', 'one', 'two', 'three', 'four', 'five'][n] ?? String(n)
}
