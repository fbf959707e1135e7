import { expect, test } from 'vitest'
import { changeCard } from '../../src/slack/card/card.ts'
import { editedMessage } from '../../src/slack/card/edited.ts'
import { movedMessage } from '../../src/slack/card/moved.ts'
import { outcomeMessage } from '../../src/slack/card/outcome.ts'
import { reminderMessage } from '../../src/slack/card/reminder.ts'
import { approvalLostMessage, revisedMessage } from '../../src/slack/card/void-approval.ts'
import { changeText, mineText, pendingText } from '../../src/slack/changes/change-text.ts'
import { formView } from '../../src/slack/edit/form.ts'
import { formStateOf } from '../../src/slack/edit/form-state.ts'
import { previewView } from '../../src/slack/edit/preview.ts'
import { quickNear } from '../../src/slack/edit/quick-answers.ts'
import { rebaseForm } from '../../src/slack/edit/rebase-form.ts'
import { type Home, homeView } from '../../src/slack/home/view.ts'
import { tokenOptions } from '../../src/slack/kit/options.ts'
import { approveForm } from '../../src/slack/review/approve-form.ts'
import { cancelForm } from '../../src/slack/review/cancel-form.ts'
import { rejectForm } from '../../src/slack/review/reject-form.ts'
import { takeOverForm } from '../../src/slack/review/take-over-form.ts'
import { tokenPageView } from '../../src/slack/token-page/page.ts'
import { tokenHistory } from '../../src/slack/token-page/token-history.ts'
import { goneTokens } from '../../src/slack/tokens/gone-tokens.ts'
import { nearMatches } from '../../src/slack/tokens/near.ts'
import { tokenList } from '../../src/slack/tokens/token-list.ts'
import { homeOf, listed, listOf, outsideEdit, pageOf } from '../slack/home/drawn-homes.ts'
import { asked, at, oneOfThem } from '../slack/kit/asked.ts'
import { reading, stored } from '../slack/kit/drawn.ts'
import { alice, bob, facts, settings } from '../support/world.ts'

/** With a Cyrillic letter. */
const name = 'ci-depl\u043Ey'
const marked = 'ci-depl⟨U+043E⟩y'
const [before, after] = [settings({ name }), settings({ name, description: 'Another' })]
const change = asked({ before, after })
const rename = stored(asked({ after: before }))
const aliased = stored(asked({ before: settings({ aliases: [] }), after: settings({ aliases: [name] }) }))
const pointing = (target: string, aliases: string[] = []) => settings({ aliases, aliasTargets: { [name]: target } })
const elsewhere = { type: 'drift_found', at, live: pointing(`${name}-2`) } as const
const stopped = stored(asked({ before: pointing(name), after: pointing(name, [name]) }, elsewhere))
const ended = asked({ before, after }, { type: 'cancelled', at, by: alice })
const it = stored(change)
const around = { stackTitle: 'Website', cardLink: null, others: [] }
const draft = { id: 'd1', before, afresh: {}, change: null, reverts: null, person: alice }
const token = { stack: 'website', uid: 't1', settings: before }
const titled = { token, stackTitle: 'Website' }
const past = { shown: [], skipped: 0, total: 0 }
const page = { token, stackTitle: 'Website', open: [], past }
const home = (parts: Partial<Home>, tables = true) => homeView(homeOf(parts), { tables })
const edit = {
  type: 'amended',
  by: bob,
  from: [],
  was: { after: before, reason: 'a' },
  is: { after, reason: 'b' },
} as const
const previewed = { amended: null, requirement: oneOfThem, today: oneOfThem, canBeMet: true }

const none = listOf<ReturnType<typeof listed>>()

test.each<[string, () => unknown]>([
  ['the form', () => formView({ draft, form: formStateOf(before), facts: facts(), now: new Date(at) })],
  ['the preview', () => previewView({ digest: 'abc', draft, ask: { after, reason: 'Why' }, ...previewed, ...around })],
  ['the card', () => changeCard(it, around)],
  ['the card, of a name that another token has', () => changeCard(rename, { ...around, namesakes: ['t2'] })],
  ['the card, of an alias of which nobody knows where it points', () => changeCard(aliased, around)],
  ['the card, of an alias that points elsewhere by now', () => changeCard(stopped, around)],
  ['the form of an approval', () => approveForm(change, { confirm: false, stackTitle: 'Website' })],
  [
    'the form of an approval that has to be confirmed',
    () => approveForm(change, { confirm: true, stackTitle: 'Website' }),
  ],
  [
    'the form of a rebase',
    () =>
      rebaseForm(stopped.change, {
        draft,
        ask: { after, reason: 'Why' },
        ...previewed,
        ...around,
        amended: stopped.change,
      }),
  ],
  ['the form of a rejection', () => rejectForm(change, { stackTitle: 'Website' })],
  ['the form of taking it over', () => takeOverForm(change, 'U0BOB', { stackTitle: 'Website' })],
  ['the form of a cancellation', () => cancelForm(change, { stackTitle: 'Website' })],
  ['a reminder', () => reminderMessage(it, { stackTitle: 'Website', called: { ids: [bob], inGroups: {} } })],
  ['the message about an outcome', () => outcomeMessage(it, around)],
  ['the message about an edit', () => editedMessage(it, edit, alice, around)],
  ['the message about a new revision', () => revisedMessage(it, around, it.change.proposedAt)],
  ['the message about an approval that no longer counts', () => approvalLostMessage(it, around, 'they left')],
  ['an old card', () => movedMessage(it, around)],
  ['a change in full', () => changeText(it, { stackTitle: 'Website', link: null, others: [] })],
  ['the list of your changes', () => mineText(listOf(listed(change)))],
  [
    'the list of open changes',
    () => pendingText({ toDecide: listOf(listed(change)), others: none, aside: none, isAllForApproval: true }),
  ],
  ['Home, what needs you', () => home({ needs: pageOf('needs', [listed(change)]) })],
  ['Home, what is yours', () => home({ yours: pageOf('yours', [listed(change)]) })],
  ['Home, what has ended', () => home({ recent: pageOf('recent', [listed(ended)]) })],
  ['Home, the same without tables', () => home({ recent: pageOf('recent', [listed(ended)]) }, false)],
  ['Home, what expires soon', () => home({ expiring: pageOf('expiring', [titled]) })],
  ['Home, outside edits', () => home({ outside: pageOf('outside', [outside()]) })],
  ['the page of a token', () => tokenPageView({ ...page, now: new Date(at) })],
  ['the history of a token', () => tokenHistory({ ...page, name, typed: 't1' })],
  ['a token that is gone', () => goneTokens([{ token: { ...token, goneAt: at }, stackTitle: 'Website' }])],
  ['the list of tokens', () => tokenList({ tokens: [titled], now: new Date() })],
  ['a choice of tokens', () => nearMatches({ typed: 't1', tokens: [titled] })],
  ['the options of a picker', () => tokenOptions([titled], '')],
  [
    'a choice for a quick command',
    () =>
      quickNear({ waiting: { verb: 'extend', rest: '90d' }, typed: '/token rename', token: 't1', choices: [choice] }),
  ],
])('a name that looks like another is marked as such wherever it is shown: %s', (_, drawn) => {
  const view = drawn()
  const text = `${reading(view)} ${(view as { text?: unknown }).text ?? ''}`
  expect(text).toContain(marked)
  expect(text).not.toContain(name)
})

const choice = { line: 'rename t1 to b', label: 'Rename…', name, stackTitle: 'Website' }
const outside = () => ({ edit: outsideEdit({ before, after }), stackTitle: 'Website' })
