import { expect, test } from 'vitest'
import { previewView } from '../../../src/slack/edit/preview.ts'
import { understoodAs } from '../../../src/slack/edit/quick-answers.ts'
import type { Previewed } from '../../../src/words/preview.ts'
import { alice, bob, carol, settings } from '../../support/world.ts'
import { approval, asked, oneOfThem, twoParties } from '../kit/asked.ts'
import { buttonsIn, reading } from '../kit/drawn.ts'

function preview(changes: Partial<Previewed> = {}) {
  return previewView({
    digest: 'abc',
    draft: draftOf(alice),
    ask: { after: settings({ name: 'ci-release', expiresOn: '2027-02-01' }), reason: 'The pipeline moved' },
    stackTitle: 'Website',
    requirement: oneOfThem,
    today: null,
    canBeMet: true,
    others: [],
    amended: null,
    ...changes,
  })
}

function draftOf(person: string) {
  return { id: 'draft-1', person, before: settings() }
}

test('scope entries that the app does not understand are shown to the requester too', () => {
  const odd = { otherScope: ['{"module":"taxonomy","terms":["eu"]}'] }
  const draft = { ...draftOf(alice), before: settings(odd) }
  const said = reading(preview({ draft, ask: { after: settings({ ...odd, name: 'ci' }), reason: 'Why' } }))
  expect(said).toContain('Kept as they are: 1 scope entry that Countersign does not understand')
  expect(said).toContain('{"module":"taxonomy","terms":["eu"]}')
})

test('before anybody is asked the requester sees what the approvers will see, starting with what it means', () => {
  expect(reading(preview())).toBe(
    [
      'Check the change',
      'Send for approval',
      'Back',
      'Widens: expires 1 day later, on 2027-02-01.',
      'Token: ci-deploy',
      'Stack: Website',
      'What will be written once it is approved',
      'Name: ci-deploy → ci-release',
      'Expires: 2027-01-31 → 2027-02-01 (it stops working 2027-02-01 00:00 UTC)',
      'Reason',
      'The pipeline moved',
      'Approvals. Rule: small edits',
      '○ @U0BOB, @U0CAROL: needs 1 approval',
    ].join('\n'),
  )
})

test('a token whose name looks like another is named with what sets it apart', () => {
  const draft = { ...draftOf(alice), before: settings({ name: 'ci-depl\u043Ey' }) }
  expect(reading(preview({ draft }))).toContain('\nToken: ci-depl⟨U+043E⟩y\n')
})

test('a quick command is at the top of its preview, which has a way into the form and no form behind it', () => {
  const understood = understoodAs({ typed: '/token rename ci-deploy to x', meaning: ['call it ', { said: 'x' }] })
  const view = preview({ understood })
  expect(view.close?.text).toBe('Close')
  expect(view.submit?.text).toBe('Send for approval')
  expect(buttonsIn(view)).toEqual(['edit_in_form'])
  expect(reading(view.blocks)).toMatch(
    /^You typed \/token rename ci-deploy to x, understood as: call it x\.\nEdit in the form\nWidens: /,
  )
  expect(buttonsIn(preview())).toEqual([])
})

test('the preview carries only the id of its draft, and the digest of what it shows', () => {
  expect(preview()).toMatchObject({ callback_id: 'preview', private_metadata: 'draft-1 abc' })
})

test('the requester is never among those asked', () => {
  const requirement = { ...oneOfThem, parties: [{ from: [alice, bob], quorum: 1 }] }
  expect(reading(preview({ requirement }))).toContain('○ @U0BOB: needs 1 approval')
})

test('the rule that it meets is named, and if approving has to be confirmed', () => {
  const text = reading(preview({ requirement: twoParties }))
  expect(text).toContain('Rule: gains write\n○ @S0SECURITY: needs 1 approval\n○ @S0OWNERS: needs 1 approval')
  expect(text).toContain('Whoever approves it has to type the name of the token.')
  expect(reading(preview())).not.toContain('has to type')
})

test('if too few people could ever approve it, the requester learns it before sending', () => {
  expect(reading(preview({ canBeMet: false }))).toContain(
    "Too few people besides those who ask may approve this, so it can't be sent",
  )
  expect(reading(preview())).not.toContain('Too few')
})

test('other open changes to the token are named', () => {
  expect(reading(preview({ others: [{ id: 43, link: null }] }))).toContain('Other open changes to this token: #43')
})

test('an update that may still arrive is named, since nothing else is written to the token until then', () => {
  const awaited = { id: 43, until: '2026-06-01T09:15:00.000Z' }
  expect(reading(preview({ awaited }))).toContain(
    'An update of change #43 could still arrive until 2026-06-01 09:15 UTC. Until then, no other change is written to this token.',
  )
  expect(reading(preview())).not.toContain('could still arrive')
})

test('editing an open change says which approvals it costs, and what it means for the editor', () => {
  const amended = asked({}, approval(bob))
  const mine = reading(preview({ amended }))
  expect(mine).toContain('This edits change #42: it becomes revision 2, and needs new approvals.')
  expect(mine).toContain('Approvals given so far will no longer count: @U0BOB')
  expect(mine).not.toContain('you can no longer decide')
  const theirs = reading(preview({ amended, draft: draftOf(carol) }))
  expect(theirs).toContain('Since you edit it, you can no longer decide on it.')
  expect(theirs).toContain('○ @U0BOB: needs 1 approval')
})

test('a reason that the editor leaves as it is keeps its author', () => {
  const read = (reason: string) =>
    reading(preview({ amended: asked(), draft: draftOf(carol), ask: { after: asked().after, reason } }))
  expect(read(asked().reason)).toContain('Reason, given by @U0ALICE\n')
  expect(read('Because I say so')).toContain('Reason, given by @U0CAROL\n')
})

test("the policy's further demand, since somebody else edits it, is named before it is sent", () => {
  const text = reading(preview({ amended: asked(), draft: draftOf(carol), today: twoParties }))
  expect(text).toContain('Rule: small edits\n○ @U0BOB: needs 1 approval')
  expect(text).toContain(
    'The current policy asks for this as well:\n○ @S0SECURITY: needs 1 approval\n○ @S0OWNERS: needs 1 approval\nWhoever approves it has to type the name of the token.',
  )
})
