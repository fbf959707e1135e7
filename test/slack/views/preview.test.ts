import { expect, test } from 'vitest'
import type { Policy } from '../../../src/domain/policy.ts'
import { previewView } from '../../../src/slack/views/preview.ts'
import { alice, bob, policy, policyOfTwo, settings } from '../../support/world.ts'
import { reading } from './drawn.ts'

function preview(held: Policy = policyOfTwo) {
  return previewView({
    draft: { id: 'draft-1', person: alice, before: settings() },
    after: settings({ name: 'ci-release', emailNotice: false }),
    reason: 'The pipeline moved',
    stackTitle: 'Website',
    policy: held,
  })
}

test('before anybody is asked the requester sees what the approvers will see', () => {
  expect(reading(preview())).toBe(
    [
      'Check the change',
      'Send for approval',
      'Back',
      'Token: ci-deploy',
      'Stack: Website',
      'What will be written once it is approved',
      'Name: ci-deploy → ci-release',
      'E-mail 7 days before expiry: yes → no',
      'Reason',
      'The pipeline moved',
      '2 people have to agree. Asked: @U0BOB, @U0CAROL',
    ].join('\n'),
  )
})

test('the preview carries only the id of its draft', () => {
  expect(preview()).toMatchObject({ callback_id: 'preview', private_metadata: 'draft-1' })
})

test('the requester is never among those asked, and is told when too few others are', () => {
  expect(reading(preview({ ...policy, approvers: [alice, bob] }))).toContain('1 person has to agree. Asked: @U0BOB')
  expect(reading(preview({ approvers: [alice, bob], approvals: 2 }))).toContain(
    '2 people have to agree, and not enough people besides you may: ask whoever runs Countersign to add approvers.',
  )
})
