import { describe, expect, test } from 'vitest'
import { type Change, hasEnded } from '../../src/domain/change/change.ts'
import { inWords } from '../../src/domain/change/status.ts'
import { type Answer, mayStillArrive, type Send } from '../../src/domain/change/write.ts'
import { changeCard } from '../../src/slack/card/card.ts'
import { editedMessage } from '../../src/slack/card/edited.ts'
import { outcomeMessage } from '../../src/slack/card/outcome.ts'
import { reminderMessage } from '../../src/slack/card/reminder.ts'
import { changeText, mineText, pendingText } from '../../src/slack/changes/change-text.ts'
import { askedByYou, endedLines, endedTable } from '../../src/slack/changes/listed.ts'
import { inText } from '../../src/slack/kit/rich.ts'
import { pastInBrief, pastInFull, pastInText } from '../../src/slack/token-page/past.ts'
import { plainLines } from '../../src/words/plain.ts'
import { listOf } from '../slack/home/drawn-homes.ts'
import { asked, at, lastApproval, started } from '../slack/kit/asked.ts'
import { reading, stored } from '../slack/kit/drawn.ts'
import { alice, bob, settings } from '../support/world.ts'
import { howeverWritten } from '../support/written.ts'

const stackTitle = 'Website'
const around = { stackTitle, link: null, others: [] }

/** Everything that anybody is told about a change, anywhere. */
function told(change: Change): Record<string, string> {
  const listed = { stored: stored(change), stackTitle, link: null }
  const past = { entry: { kind: 'change', stored: stored(change) } as const, link: null }
  const edit = { type: 'amended', by: bob, from: [], was: change, is: change } as const
  const drawn = {
    card: changeCard(stored(change), around),
    message: outcomeMessage(stored(change), { stackTitle, cardLink: null }),
    edited: editedMessage(stored(change), edit, alice, { stackTitle, cardLink: null }),
    reminder: reminderMessage(stored(change), { stackTitle, called: { ids: [bob], inGroups: {} } }),
    '/token 42': changeText(stored(change), around),
    '/token mine': mineText(listOf(listed)),
    '/token pending': pendingText({
      toDecide: listOf(listed),
      others: listOf(),
      aside: listOf(),
      isAllForApproval: true,
    }),
  }
  const home = hasEnded(change)
    ? { table: endedTable([{ ...listed, change }]), lines: endedLines([{ ...listed, change }]) }
    : { asked: askedByYou([listed]) }
  const texts = Object.entries(drawn).map(([name, { text }]) => [`${name}, as text`, text])
  const blocks = Object.entries({ ...drawn, ...home }).map(([name, blocks]) => [name, reading(blocks)])
  const plain = (pieces: Parameters<typeof plainLines>[0]) => plainLines(pieces, (id) => id).join('\n')
  return {
    ...Object.fromEntries([...texts, ...blocks]),
    past: plain(pastInFull(past)),
    'past in brief': plain(pastInBrief(past)),
    'past as text': inText(pastInText(past)),
    'a word': inWords(change),
  }
}

const some = (is: (send: Send) => boolean) => (change: Change) => (change.sends ?? []).some(is)
const isOpen = ({ answer, seenAt }: Send) => answer !== 'taken' && seenAt === undefined
const isSeen = ({ seenAt }: Send) => seenAt !== undefined
const isTaken = ({ answer }: Send) => answer === 'taken'
/** An earlier release did not record what it sent. */
const isNothing = ({ sends, status }: Change) =>
  sends === undefined ? !['applying', 'failed', 'applied'].includes(status) : sends.length === 0
const isApplied = (change: Change) => change.status === 'applied' && change.written

const isKeptInOwnWriting = (change: Change) =>
  change.status === 'applied' && change.stored?.name === change.after.name.toUpperCase() && some(isTaken)(change)

type Saying = readonly [said: string, words: RegExp, isTrue: (change: Change) => boolean]

const sayings: Saying[] = [
  ['nothing was written', /nothing (was|is|had to be) (written|sent|overwritten)/i, isNothing],
  ['an update was sent', /update (was )?sent/i, some(({ answer }) => answer !== 'none')],
  ['an update may have been sent', /may have been sent/i, some(({ answer }) => answer === 'none')],
  ['the stack took an update', /took (it|the update)/i, some(isTaken)],
  ['an update may not have arrived yet', /could arrive until/i, some(isOpen)],
  [
    'nobody can tell whether an update arrived',
    /whether (an|the) update/i,
    (change) => !isNothing(change) && !some(isTaken)(change),
  ],
  ['the token was found as an update asked', /a look showed what it asked for/i, some(isSeen)],
  ['the token was already set this way', /was already set this way/i, ({ status }) => status === 'applied'],
  ['the stack keeps something else', /what the stack keeps|the stack keeps some/i, isKeptInOwnWriting],
  [
    'the token has something else',
    /what the token has|but some of it is not as asked/i,
    (change) => !isKeptInOwnWriting(change),
  ],
  ['the stack may keep it in its own way', /stack took what was sent/i, (change) => !isNothing(change)],
  ['it was applied', /(was|been) applied|what was written/i, isApplied],
  ['it was not applied in time', /not approved and applied/i, isNothing],
  ['it failed', /\bfailed/i, ({ status }) => status === 'failed'],
]

const isUnseen = (send: Send) => isTaken(send) && !isSeen(send) && send.watchUntil !== undefined
const neverShown = ['no look has shown it', /sent [^;]*, but no look has shown it/i, some(isUnseen)] as const
sayings.push(neverShown)

const owed: Saying[] = [
  neverShown,
  ['an update may not have arrived yet', /could arrive until/i, some(isOpen)],
  ['the stack took an update', /took the update/i, some((send) => isTaken(send) && !isSeen(send))],
  ['an update was found on the token', /a look showed what it asked for/i, some(isSeen)],
]

describe('the sentence about what was written', () => {
  const all = howeverWritten().map((change) => ({ change, texts: Object.entries(told(change)) }))

  test.each(sayings)('%s is said if it is true, and not otherwise', (_, words, isTrue) => {
    const said = all.flatMap(({ change, texts }) =>
      texts.filter(([, text]) => words.test(text)).map(([place, text]) => ({ place, text, isTrue: isTrue(change) })),
    )
    expect(said.filter((one) => !one.isTrue).slice(0, 3)).toEqual([])
    expect(said).not.toEqual([])
  })

  test('does not claim that nothing was written for the unknown time before a backup was put back', () => {
    const claims = all
      .flatMap(({ change }) => Object.entries(told({ ...change, putBackAt: at })))
      .flatMap(([place, text]) =>
        (text.match(/nothing (?:was|is|had to be) (?:written|sent)[^;.,]*/gi) ?? []).map((said) => ({ place, said })),
      )
    expect(claims.filter(({ said }) => !said.includes('since a backup of the database was put back'))).toEqual([])
    expect(claims).not.toEqual([])
  })

  test.each(owed)('that %s is said of every such change that was not applied', (_, words, isTrue) => {
    const places = ['card', 'card, as text', 'message', 'message, as text', 'past']
    const silent = all
      .filter(({ change }) => change.status !== 'applied' && isTrue(change))
      .flatMap(({ texts }) => texts.filter(([place, text]) => places.includes(place) && !words.test(text)))
    expect(silent.slice(0, 3)).toEqual([])
  })

  test('an applied change says until when another update of it could still arrive, which others wait for', () => {
    const waitedFor = all.filter(
      ({ change }) => change.status === 'applied' && mayStillArrive(change, change.endedAt) !== null,
    )
    const silent = waitedFor
      .flatMap(({ texts }) => texts)
      .filter(([place]) => ['card', 'card, as text', 'message', 'message, as text', 'past'].includes(place))
      .filter(([, text]) => !/update[^;]* sent [^;]* and could arrive until/.test(text))
    expect(silent.slice(0, 3)).toEqual([])
    expect(waitedFor).not.toEqual([])
  })
})

test('an applied change of which another update may arrive says that it was sent twice, with the same content', () => {
  const until = '2026-06-01T09:15:00.000Z'
  const lease = { holder: 'first', until, arrival: until }
  const begun = { type: 'apply_started', at, lease, seal: 'sealed' } as const
  const tried = (answer: Answer) => [
    begun,
    { type: 'write_answered', at, sentAt: at, answer } as const,
    { type: 'apply_interrupted', at, why: 'no answer', retryAt: at } as const,
  ]
  const again = { type: 'write_answered', at, sentAt: until, answer: { kind: 'taken' } } as const
  const applied = { type: 'applied', at, written: true, sentAt: until } as const
  const after = (answer: Answer) => told(asked({}, lastApproval(bob), ...tried(answer), begun, again, applied)).card
  expect(after({ kind: 'unknown', why: 'HTTP 502' })).toContain(
    'was applied 2026-06-01 09:00 UTC; it was sent twice: another update, with the same content, was sent ' +
      '2026-06-01 09:00 UTC and could arrive until 2026-06-01 09:15 UTC.',
  )
  expect(after({ kind: 'none', why: 'no answer' })).toContain(
    '; it may have been sent twice: another update, with the same content, may have been sent 2026-06-01 09:00 UTC and could',
  )
})

test('an update of an earlier revision is not said to have the same content', () => {
  const until = '2026-06-01T09:15:00.000Z'
  const applied = asked({}, lastApproval(bob), started, { type: 'applied', at, written: true })
  const sent = { sentAt: at, until, answer: 'taken', seenAt: at } as const
  const earlier = { sentAt: at, until, answer: 'none', after: settings({ name: 'earlier' }) } as const
  const card = told({ ...applied, sends: [earlier, sent, sent] }).card
  expect(card).toContain('an update of an earlier revision may have been sent')
  expect(card).not.toContain('same content')
})

test('the values that the stack kept of a change are in its history, in full and in brief', () => {
  const live = settings({ name: 'ci-releas' })
  const kept = asked({}, lastApproval(bob), started, { type: 'applied', at, written: true, stored: live })
  expect(told(kept)['past in brief']).toContain('Name: "ci-releas" instead of "ci-release"')
  expect(told(kept).past).toContain('Name: "ci-releas" instead of "ci-release"')
  const asAsked = asked({}, lastApproval(bob), started, { type: 'applied', at, written: true })
  expect(told(asAsked)['past in brief']).not.toContain('instead of')
})

test("an outcome that may be the stack's or somebody else's is described as open, and what the stack keeps is not", () => {
  const unknown = 'Either the stack or somebody else did this; it is not known which.'
  const sent = { type: 'write_answered', at, sentAt: at } as const
  const applied = { type: 'applied', at, written: true, stored: settings({ name: 'CI-RELEASE' }) } as const
  const after = (answer: { kind: 'taken' } | { kind: 'unknown'; why: string }) =>
    told(asked({}, lastApproval(bob), started, { ...sent, answer }, applied)).card
  expect(after({ kind: 'unknown', why: 'HTTP 500' })).toContain(`instead of ci-release\n${unknown}`)
  expect(after({ kind: 'taken' })).not.toContain(unknown)
})

test('fields that the stack also wrote in its own form are told apart from the request, with what they mean', () => {
  const sent = { type: 'write_answered', at, sentAt: at, answer: { kind: 'taken' } } as const
  const kept = (stored: Parameters<typeof settings>[0]) =>
    told(asked({}, lastApproval(bob), started, sent, { type: 'applied', at, written: true, stored: settings(stored) }))
  const { card, 'card, as text': text } = kept({ name: 'ci-release', expiresOn: '2027-01-31T23:59:59.999Z' })
  expect(card).toContain('Neutral: what the token may do stays the same.')
  expect(card).toContain('; the stack also rewrote what nobody asked to change: Expires.')
  expect(card).toMatch(/Compared with what was approved: Widens: expires over 23 hours later/)
  expect(card).toContain('What was written')
  expect(text).not.toMatch(/some of it (differently|is not)/)
  const renamed = kept({ name: 'CI-RELEASE' }).card
  expect(renamed).toContain('but the stack keeps some of it differently')
  expect(renamed).not.toMatch(/Compared with|nobody asked to change|What was written/)
})
