import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Change, hasEnded } from '../../../src/domain/change/change.ts'
import { distinct } from '../../../src/domain/look-alikes.ts'
import { visible } from '../../../src/domain/text.ts'
import { readFilter } from '../../../src/domain/token/filter.ts'
import { aliasInWords } from '../../../src/domain/token/targets.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import type { Edited } from '../../../src/ports/telling.ts'
import { inWords, validateMessage, validateSuggestions, validateView } from '../../../src/sandbox/slack/validate.ts'
import { changeCard } from '../../../src/slack/card/card.ts'
import { editedMessage } from '../../../src/slack/card/edited.ts'
import { movedMessage } from '../../../src/slack/card/moved.ts'
import { outcomeMessage } from '../../../src/slack/card/outcome.ts'
import { reminderMessage } from '../../../src/slack/card/reminder.ts'
import { approvalLostMessage, revisedMessage } from '../../../src/slack/card/void-approval.ts'
import { changeText, mineText, pendingText } from '../../../src/slack/changes/change-text.ts'
import { guess } from '../../../src/slack/command/guess.ts'
import { meantClosed, meantInstead, naming, neither } from '../../../src/slack/command/not-a-command.ts'
import { formView } from '../../../src/slack/edit/form.ts'
import { groups } from '../../../src/slack/edit/form-groups.ts'
import { type FormState, formStateOf } from '../../../src/slack/edit/form-state.ts'
import { previewView } from '../../../src/slack/edit/preview.ts'
import {
  quickAnswerView,
  quickNear,
  quickRefused,
  quickWrong,
  understoodAs,
} from '../../../src/slack/edit/quick-answers.ts'
import { rebaseForm } from '../../../src/slack/edit/rebase-form.ts'
import { closedHome, type Home, homeView } from '../../../src/slack/home/view.ts'
import { limits, type Message } from '../../../src/slack/kit/blocks.ts'
import { refusalView } from '../../../src/slack/kit/modal.ts'
import { nameOptions, tokenOptions } from '../../../src/slack/kit/options.ts'
import { approveForm } from '../../../src/slack/review/approve-form.ts'
import { cancelForm } from '../../../src/slack/review/cancel-form.ts'
import { rejectForm } from '../../../src/slack/review/reject-form.ts'
import { takeOverForm } from '../../../src/slack/review/take-over-form.ts'
import { tokenBrief } from '../../../src/slack/token-page/brief.ts'
import { tokenPageView } from '../../../src/slack/token-page/page.ts'
import type { PastShown } from '../../../src/slack/token-page/past.ts'
import { tokenHistory } from '../../../src/slack/token-page/token-history.ts'
import { nearMatches, tokenLines } from '../../../src/slack/tokens/near.ts'
import { nearPickerView } from '../../../src/slack/tokens/picker.ts'
import { tokenList } from '../../../src/slack/tokens/token-list.ts'
import { waysTo } from '../../../src/slack/tokens/ways-to.ts'
import { alice, bob, settings } from '../../support/world.ts'
import { homeOf, listOf, outsideEdit, pageOf } from '../home/drawn-homes.ts'
import { inEveryStatus, oneOfThem } from './asked.ts'
import { type Part, parts, stored } from './drawn.ts'
import { anyChanges, anyFacts, anyRequirement, anySettings, hostileText, worstChanges } from './hostile.ts'

/** Everything a person is shown: every string in these parts except ids and values that Slack keeps to itself. */
function shownStrings(all: readonly Part[]): string[] {
  const shown: string[] = []
  for (const part of all)
    for (const key in part) if (typeof part[key] === 'string' && !silent.has(key)) shown.push(part[key])
  return shown
}
const silent = new Set([
  'value',
  'type',
  'block_id',
  'action_id',
  'callback_id',
  'private_metadata',
  'url',
  'user_id',
  'usergroup_id',
])
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** The app's own marks around right-to-left text: always a pair, and never one inside another. */
function withoutIsolates(text: string): string {
  return text.replace(/\u2068([^\u2068\u2069]*)\u2069/g, '$1')
}

/** Mrkdwn is never used: Slack can't misread what it never parses. */
function expectHarmless(drawn: unknown): void {
  const all = parts(drawn)
  expect(all.filter((part) => part.type === 'mrkdwn')).toEqual([])
  expect(shownStrings(all).filter((text) => hidden.test(withoutIsolates(text)))).toEqual([])
  const emoji = all.filter((part) => part.type === 'plain_text' && part.emoji !== false)
  expect(emoji).toEqual([])
}

function expectGoodMessage(message: Message): void {
  expect(inWords(validateMessage(message))).toBe('')
  expectHarmless(message)
  expect(message.text.length).toBeLessThanOrEqual(limits.fallback)
  const markup = message.text.match(/<[^>]*>?/g) ?? []
  expect(markup.filter((found) => !ours.test(found))).toEqual([])
  expect(message.text.replace(/&(amp|lt|gt);/g, '')).not.toContain('&')
}
const ours =
  /^<(@U0(ALICE|BOB|CAROL|PERSON\d+)|!subteam\^S0(OWNERS|SECURITY)|!date\^\d+\^\{date_short_pretty\} at \{time(_secs)?\}\|[-0-9: ]+ UTC|https:\/\/slack\.example\/card\|Open the card)>$/

function expectGoodView(view: unknown): void {
  expect(inWords(validateView(view))).toBe('')
  expectHarmless(view)
}

/** Even if Slack counts bytes with every non-ASCII character escaped. */
function expectGoodHome(view: unknown): void {
  expectGoodView(view)
  expect(JSON.stringify(view).replace(/[\u0080-\uFFFF]/g, '\\u0000').length).toBeLessThan(250_000)
}

/** Values set apart from the app's own words, joined again across blocks. */
function setApart(all: readonly Part[]): string {
  const types = ['rich_text_preformatted', 'rich_text_quote']
  return all
    .filter((part) => types.includes(String(part.type)))
    .flatMap((part) => parts(part.elements))
    .map((leaf) => String(leaf.text))
    .join('')
}

/** Everything that an approver must be able to read in full. */
function expectAllIsSaid(drawn: unknown, { after, reason }: Pick<Change, 'after' | 'reason'>): void {
  const all = parts(drawn)
  const said = `${shownStrings(all).join('\n')}\n${setApart(all)}`
  const lists = [after.branches, after.aliases].map((names, i) =>
    [...new Set(names)]
      .sort()
      .map((name) => aliasInWords(i === 0 ? {} : after, name))
      .join(', '),
  )
  const texts = [...lists, distinct(after.name), after.description, reason].filter((text) => text.trim() !== '')
  for (const text of texts)
    expect(said.includes(visible(text)) || said.includes(visible(text).replaceAll('\n', '⟨U+000A⟩'))).toBe(true)
}

const cardLink = 'https://slack.example/card'
const others = Array.from({ length: 30 }, (_, i) => ({ id: i + 1, link: i % 2 === 0 ? cardLink : null }))
const around = (stackTitle: string) => ({ stackTitle, cardLink, others })
const listed = (change: Change, stackTitle: string) => ({
  stored: stored(change),
  stackTitle,
  link: cardLink,
})

function messagesAbout(change: Change, title: string): Message[] {
  return [
    changeCard(stored(change), around(title)),
    outcomeMessage(stored(change), around(title)),
    reminderMessage(stored(change), {
      stackTitle: title,
      called: { ids: change.requirement.parties.flatMap(({ from }) => from), inGroups: {} },
    }),
    reminderMessage(stored(change), { stackTitle: title, called: { ids: [], inGroups: {} } }),
    editedMessage(stored(change), editOf(change), alice, around(title)),
    revisedMessage(stored(change), around(title), change.proposedAt),
    approvalLostMessage(stored(change), around(title), change.reason),
    movedMessage(stored(change), around(title)),
  ]
}

/** An edit in which everything differs. */
function editOf({ before, after, reason }: Change): Edited {
  const [was, is] = [
    { after: before, reason: `${reason} ` },
    { after, reason },
  ]
  return { type: 'amended', by: bob, from: [], was, is }
}

/** Every list has more entries than a page, out of all there are. */
function fullHome(changes: readonly Change[], text: string): Home {
  const many = <T>(items: readonly T[]): T[] => (items.length === 0 ? [] : Array(20).fill(items).flat())
  const list = many(changes.map((change) => listed(change, text)))
  const tokens = changes.map(({ before, after }) => ({ ...before, expiresOn: after.expiresOn }))
  const edits = changes.map(({ before, after }) => outsideEdit({ before, after, by: text, editedAt: text }))
  return homeOf({
    closed: text,
    needs: pageOf('needs', list, 1),
    unclear: 3,
    yours: pageOf('yours', list, 1),
    recent: pageOf(
      'recent',
      list.filter(({ stored }) => hasEnded(stored.change)),
      1,
    ),
    expiring: pageOf(
      'expiring',
      many(tokens.map((settings) => ({ token: { stack: 'website', uid: 't1', settings }, stackTitle: text }))),
      1,
    ),
    outside: pageOf('outside', many(edits.map((edit) => ({ edit, stackTitle: text }))), 1),
    health: {
      looks: many([{ stackTitle: text, at: null, failed: true, shut: null }]),
      verified: null,
      closedRules: many([{ of: 'channel' as const, before: text, stacks: [text], after: text }]),
      unreadable: many([text]),
    },
  })
}

const quick = { numRuns: 15 }

/** A quick command in which every part is somebody's text. */
const quickly = (text: string) => ({
  typed: `/token ${text}`,
  meaning: ['call token ', { said: text }, ' ', { said: text }],
})

describe('whatever people write, Slack takes it and nobody is misled by', () => {
  test('cards, reminders and messages to the requester and to approvers', () => {
    fc.assert(
      fc.property(anyChanges, hostileText, (changes, title) => {
        for (const change of changes) {
          for (const message of messagesAbout(change, title)) expectGoodMessage(message)
        }
      }),
      { numRuns: 6 },
    )
  })

  test('the form', () => {
    const form = fc.tuple(anySettings, fc.record({ reason: hostileText, readRate: hostileText }), anySettings)
    fc.assert(
      fc.property(form, anyFacts, hostileText, ([before, typed, other], facts, notice) => {
        const draft = { id: 'd1', before, afresh: {}, change: null, reverts: null }
        const now = new Date('2026-03-01T00:00:00Z')
        const states: FormState[] = [formStateOf(before), { ...formStateOf(other), ...typed }]
        for (const form of states) {
          expectGoodView(formView({ draft, form, now, facts }))
          expectGoodView(formView({ draft: { ...draft, change: { id: 42, revision: 7 } }, form, now, facts, notice }))
          for (const open of [...groups.map((group) => [group]), [...groups, 'picked.entry']])
            expectGoodView(formView({ draft, form, now, facts, open, errors: { name: notice, reason: notice } }))
          expectGoodView(formView({ draft, form, now, facts, understood: understoodAs(quickly(notice)) }))
        }
      }),
      quick,
    )
  })

  test('the preview, and the other modals', () => {
    fc.assert(
      fc.property(anyChanges, hostileText, anyRequirement, (changes, text, requirement) => {
        const [change] = changes
        const { before, after, reason, requester: person } = change!
        const token = { stack: 'website', uid: 't1', settings: before }
        const tokens = Array.from({ length: 30 }, () => ({ token, stackTitle: text }))
        const previewed = {
          digest: 'abc',
          draft: { id: 'd1', person, before },
          ask: { after, reason },
          requirement,
          today: requirement,
          canBeMet: false,
          ...around(text),
        }
        for (const amended of [null, ...changes]) expectGoodView(previewView({ ...previewed, amended }))
        for (const amended of changes) expectGoodView(rebaseForm(amended, { ...previewed, amended }))
        expectGoodView(previewView({ ...previewed, amended: null, understood: understoodAs(quickly(text)) }))
        expectGoodView(approveForm(change!, { confirm: true, stackTitle: text }))
        expectGoodView(closedHome(text))
        expectGoodView(rejectForm(change!, { stackTitle: text }))
        expectGoodView(cancelForm(change!, { stackTitle: text }))
        expectGoodView(takeOverForm(change!, person, { stackTitle: text, uidEnd: text }))
        expectGoodView(approveForm(change!, { confirm: true, noNearer: true, stackTitle: text, uidEnd: text }))
        expectGoodView(refusalView(text))
        expectGoodView(nearPickerView({ typed: text, tokens, notes: [text] }))
      }),
      quick,
    )
  })

  test('App Home', () => {
    fc.assert(
      fc.property(anyChanges, hostileText, (changes, text) => {
        for (const tables of [true, false]) expectGoodHome(homeView(fullHome(changes, text), { tables }))
      }),
      { ...quick, endOnFailure: true },
    )
  })

  test('the answers to /token', () => {
    fc.assert(
      fc.property(anyChanges, hostileText, (changes, text) => {
        const { before } = changes[0]!
        const _list = changes.map((change) => listed(change, text))
        const titled = { token: { stack: 'website', uid: 't1', settings: before }, stackTitle: text }
        const tokens = Array.from({ length: 150 }, () => titled)
        const now = new Date('2026-03-01T00:00:00Z')
        for (const filter of [text, `${text} expiring`, 'expired', 'never', `no${text}`].map(readFilter))
          expectGoodMessage(tokenList({ tokens, now, notes: [text], filter, nearest: text }))
        expectGoodMessage(nearMatches({ typed: text, tokens: [titled, titled] }))
        const unseen = [{ stackTitle: text, at: null, failed: true, shut: { why: text } }]
        const open = changes.map((change) => ({ stored: stored(change), link: null }))
        for (const whyNotOpen of [null, 'This token is protected.'])
          expectGoodMessage(tokenBrief({ titled, open, now, unseen, whyNotOpen }))
        expectGoodMessage(neither(text, { tokens: [titled], notes: [text] }))
        for (const line of [`edti ${text}`, `extnd ${text.repeat(100)}`, `${text} edit`]) {
          const meant = guess(line, (name) => name === text)
          if (meant) expectGoodMessage(meantInstead(line, meant))
          if (meant)
            expectGoodMessage(meantClosed(line, meant, { token: titled.token, whyNot: 'This token is protected.' }))
        }
        for (const before of ['', text]) {
          const named = { tokens: [titled.token], before, after: text }
          expectGoodMessage(naming(`${before} ${text}`, named, tokenLines([titled, titled])))
        }
      }),
      quick,
    )
  })

  test('the answers to quick commands, in a message and in a modal', () => {
    const line = hostileText.map((text) => `/token ${text}`)
    fc.assert(
      fc.property(line, hostileText, hostileText, (typed, text, other) => {
        const complaint = {
          word: text,
          says: 'is not a kind of access.',
          meant: other,
          example: `rename ${text} to ${other}`,
          token: text,
        }
        const offer = { line: `rename ${text} to ${other}`, label: `Rename to ${other}…` }
        const choice = { ...offer, name: text, stackTitle: other }
        const token = { stack: 'website', uid: 't1', settings: settings({ name: text }) }
        const begun = { group: other, reason: text }
        const choices = Array.from({ length: 5 }, () => choice)
        for (const message of [
          quickWrong({ typed, complaint }),
          quickWrong({ typed, complaint, offered: [offer, offer, offer], instead: [waysTo(token, undefined, begun)] }),
          quickWrong({ typed, complaint: { ...complaint, word: null, meant: null }, refusedFor: [typed, typed] }),
          quickRefused({ typed, why: `${text} ${other}` }),
          quickNear({ waiting: { verb: 'extend', rest: '90d' }, typed, token: text, choices, notes: [other] }),
          quickNear({ waiting: { verb: 'extend', rest: '90d' }, typed, token: text, choices: [] }),
        ]) {
          expectGoodMessage(message)
          expectGoodView(quickAnswerView(message.blocks))
          if (/\S/.test(typed.slice('/token '.length)))
            expect(setApart(parts(message.blocks))).toContain(visible(typed))
        }
      }),
      quick,
    )
  })

  test('changes listed by word, and one shown in full', () => {
    const around = { link: cardLink, others }
    fc.assert(
      fc.property(anyChanges, hostileText, (changes, text) => {
        const list = changes.map((change) => listed(change, text))
        const many = listOf(...list, ...list, ...list)
        expectGoodMessage(mineText(many))
        expectGoodMessage(pendingText({ toDecide: many, others: many, aside: many, isAllForApproval: true }))
        for (const change of changes.slice(0, 5))
          expectGoodMessage(changeText(stored(change), { stackTitle: text, ...around }))
      }),
      { numRuns: 6 },
    )
    const worst = worstChanges('\u202E').at(-1)!
    const shown = changeText(stored(worst), { stackTitle: '&'.repeat(3000), ...around })
    expectGoodMessage(shown)
    expectAllIsSaid(shown, worst)
  })

  test("a token's page, and its history in text", () => {
    fc.assert(
      fc.property(anyChanges, hostileText, (changes, text) => {
        const { before, after } = changes[0]!
        const token = { stack: 'website', uid: 't1', settings: before }
        for (const shown of pagesOf(changes, before, after, text)) {
          const past = { shown, skipped: 5, total: 11 }
          const page = { token, stackTitle: text, open: list30(changes), past }
          expectGoodView(tokenPageView({ ...page, now: new Date(), notes: [text] }))
          expectGoodMessage(tokenHistory({ ...page, name: before.name, typed: text }))
        }
      }),
      { numRuns: 6 },
    )
  })

  test('the options of a select', () => {
    fc.assert(
      fc.property(anySettings, hostileText, (settings, typed) => {
        const token = { token: { stack: 'website', uid: 't1', settings }, stackTitle: typed }
        for (const typing of ['', typed])
          for (const options of [
            nameOptions([...settings.branches, typed], typing),
            tokenOptions(
              Array.from({ length: 120 }, () => token),
              typing,
            ),
          ]) {
            expect(inWords(validateSuggestions({ options }))).toBe('')
            expectHarmless(options)
          }
      }),
      quick,
    )
  })
})

test('App Home fits one view, however much there is to say on every line of it', () => {
  for (const trick of ['\u202E', '&', '\uFFFD'])
    for (const tables of [true, false])
      expectGoodHome(homeView(fullHome([...worstChanges(trick), ...inEveryStatus()], trick.repeat(3000)), { tables }))
})

const list30 = (changes: readonly Change[]) =>
  Array.from({ length: 30 }, (_, i) => ({ stored: stored(changes[i % changes.length]!), link: cardLink }))

/** Every change, five to a page, and a page of edits made elsewhere. */
function pagesOf(changes: readonly Change[], before: Settings, after: Settings, text: string): PastShown[][] {
  const entries = changes.map((change): PastShown => {
    return { entry: { kind: 'change', stored: stored(change) }, link: cardLink }
  })
  const fact = { type: 'outside_edit', stack: 'website', tokenUid: 't1', before, after } as const
  const edits = [
    { by: text, editedAt: text },
    { by: null, editedAt: null },
  ].map(
    (who, i): PastShown => ({
      entry: { kind: 'edit', edit: { seq: i, at: '2026-06-01T09:00:00.000Z', fact: { ...fact, ...who } } },
      link: null,
    }),
  )
  const pages = Array.from({ length: Math.ceil(entries.length / 5) }, (_, i) => entries.slice(i * 5, i * 5 + 5))
  return [...pages, [...edits, ...edits, edits[0]!]]
}

describe("a token's page", () => {
  test.each(['<', '\u{E0041}', '😀'])('fits into a view when all it says is as long as can be, in %j', (character) => {
    const worst = worstChanges(character)
    const { before, after } = worst[0]!
    const token = { stack: 'website', uid: 't1', settings: before }
    for (const shown of pagesOf(worst.slice(-5), before, after, character.repeat(1000))) {
      const page = { token, stackTitle: 'Website', open: list30(worst), past: { shown, skipped: 5, total: 11 } }
      expect(inWords(validateView(tokenPageView({ ...page, now: new Date() })))).toBe('')
      expectGoodMessage(tokenHistory({ ...page, name: before.name, typed: before.name }))
    }
  })
})

describe('an approver sees everything that would be written', () => {
  test('whatever it is', () => {
    fc.assert(
      fc.property(anyChanges, ([pending]) => {
        const { before, after } = pending!
        const other = { name: `not ${after.name}`, description: `not ${after.description}` }
        const changed = { ...pending!, before: { ...before, ...other, branches: ['gone'], aliases: ['gone'] } }
        expectAllIsSaid(changeCard(stored(changed), around('Website')), changed)
      }),
      quick,
    )
  })

  test('when everything changes at once and every character has to be spelled out', () => {
    for (const change of [...worstChanges('\u202E'), ...worstChanges('&')]) {
      const messages = messagesAbout(change, '&'.repeat(3000))
      for (const message of messages) expectGoodMessage(message)
      expectAllIsSaid(messages[0], change)
    }
  })

  test('on a card that is full to its last block', () => {
    const [worst] = worstChanges('x')
    for (let thousands = 60; thousands <= 120; thousands += 3) {
      const after = { ...worst!.after, description: 'y'.repeat(thousands * 1000) }
      expectGoodMessage(changeCard(stored({ ...worst!, after }), around('Website')))
    }
  })

  test('and in the form that asks for the approval', () => {
    for (const change of [...worstChanges('\u202E'), ...worstChanges('&')]) {
      const form = approveForm(change, { confirm: true, noNearer: true, stackTitle: 'Website' })
      expectGoodView(form)
      expectAllIsSaid(form, change)
    }
  })

  test('and so does the requester before asking', () => {
    const [change] = worstChanges('\u202E')
    const preview = previewView({
      digest: 'abc',
      draft: { id: 'd1', person: alice, before: change!.before },
      ask: change!,
      amended: change!,
      canBeMet: true,
      ...around('Website'),
      ...change!,
      requirement: oneOfThem,
    })
    expectGoodView(preview)
    expectAllIsSaid(preview, change!)
  })
})
