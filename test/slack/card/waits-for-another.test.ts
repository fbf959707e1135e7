import { describe, expect, test } from 'vitest'
import { inWords } from '../../../src/domain/change/status.ts'
import { changeCard } from '../../../src/slack/card/card.ts'
import { editedMessage } from '../../../src/slack/card/edited.ts'
import { openChangeWords } from '../../../src/slack/card/open-change.ts'
import { outcomeMessage } from '../../../src/slack/card/outcome.ts'
import { approvalLostMessage, revisedMessage } from '../../../src/slack/card/void-approval.ts'
import { changeText, mineText } from '../../../src/slack/changes/change-text.ts'
import { askedByYou } from '../../../src/slack/changes/listed.ts'
import { inText } from '../../../src/slack/kit/rich.ts'
import { alice, bob } from '../../support/world.ts'
import { listOf } from '../home/drawn-homes.ts'
import { asked, at, lastApproval, started } from '../kit/asked.ts'
import { reading, stored } from '../kit/drawn.ts'

const others = [{ id: 7, link: null, isApplying: true }]
const stackTitle = 'Website'
const approved = asked({}, lastApproval(bob))
const retryAt = '2026-06-01T09:05:00.000Z'
const interrupted = asked({}, lastApproval(bob), started, {
  type: 'apply_interrupted',
  at,
  why: 'the stack is down',
  retryAt,
})

const places: [string, (change: typeof approved) => string][] = [
  ['its card', (change) => reading(changeCard(stored(change), { stackTitle, others }).blocks)],
  ['/token 42', (change) => changeText(stored(change), { stackTitle, link: null, others }).text],
  ['/token mine', (change) => mineText(listOf({ stored: stored(change), stackTitle, link: null, others })).text],
  ['App Home', (change) => reading(askedByYou([{ stored: stored(change), stackTitle, link: null, others }]))],
  ["the token's page", (change) => inText(openChangeWords({ stored: stored(change), link: null, others }))],
  [
    'a message to the requester',
    (change) => outcomeMessage(stored(change), { stackTitle, cardLink: null, others }).text,
  ],
  [
    'a message about an edit',
    (change) => {
      const edit = { type: 'amended', by: bob, from: [], was: change, is: change } as const
      return editedMessage(stored(change), edit, alice, { stackTitle, cardLink: null, others }).text
    },
  ],
  [
    'a message about a revision',
    (change) => revisedMessage(stored(change), { stackTitle, cardLink: null, others }, change.proposedAt).text,
  ],
  [
    'a message about an approval that was lost',
    (change) => approvalLostMessage(stored(change), { stackTitle, cardLink: null, others }, 'guests may not').text,
  ],
  ['a word', (change) => inWords(change, others)],
]

describe.each(places)('%s', (_, says) => {
  test('names the change that an approved one waits for', () => {
    expect(says(approved)).toContain('is approved and waits for #7, which comes first for the same token')
    expect(says(approved)).not.toContain('about to be applied')
  })

  test('says of an interrupted one that it is not applied yet', () => {
    expect(says(interrupted)).toContain('is approved but not applied yet')
    expect(says(interrupted)).not.toContain('about to be applied')
  })
})
