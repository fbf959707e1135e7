import type { ModalView } from '@slack/types'
import { deciders, type Policy } from '../../domain/policy.ts'
import type { Settings } from '../../domain/token.ts'
import type { Draft } from '../../ports.ts'
import { count, limits, plainText } from './blocks.ts'
import { changedFields, keptEntries, knownField } from './fields.ts'
import { modals } from './ids.ts'
import { line, type Piece, pack, quote } from './layout.ts'
import { people } from './words.ts'

type Previewed = {
  readonly draft: Pick<Draft, 'id' | 'person' | 'before'>
  readonly after: Settings
  readonly reason: string
  readonly stackTitle: string
  readonly policy: Policy
}

/** Pushed over the form: everything that an approver will see, before anybody is asked. */
export function previewView(previewed: Previewed): ModalView {
  return {
    type: 'modal',
    callback_id: modals.preview,
    private_metadata: previewed.draft.id,
    title: plainText('Check the change', limits.viewTitle),
    submit: plainText('Send for approval', limits.viewTitle),
    close: plainText('Back', limits.viewTitle),
    blocks: pack(sections(previewed), limits.viewBlocks),
  }
}

function sections({ draft, after, reason, stackTitle, policy }: Previewed): Piece[][] {
  const { before } = draft
  return [
    [...knownField('Token', before.name), line({ strong: 'Stack' }, ': ', { said: stackTitle })],
    [line({ strong: 'What will be written once it is approved' }), ...changedFields({ before, after })],
    keptEntries(after),
    [line({ strong: 'Reason' }), ...quote(reason)],
    whoIsAsked(policy, draft.person),
  ]
}

function whoIsAsked(policy: Policy, requester: string): Piece[] {
  const others = deciders(policy, requester)
  const need = count(policy.approvals, 'person has', 'people have')
  if (others.length < policy.approvals)
    return [
      line(`${need} to agree, and not enough people besides you may: ask whoever runs Countersign to add approvers.`),
    ]
  return [line(`${need} to agree. Asked: `, ...people(others))]
}
