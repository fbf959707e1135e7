import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Change } from '../src/domain/change/change.ts'
import { evolve } from '../src/domain/change/evolve.ts'
import { moversInWords } from '../src/domain/change/status.ts'
import { driftTo } from '../src/domain/looks/drift.ts'
import { outsideEdit } from '../src/domain/looks/outside-edit.ts'
import { settle } from '../src/domain/looks/settle.ts'
import { isStale } from '../src/domain/looks/stale-look.ts'
import type { Settings } from '../src/domain/token/token.ts'
import { answeredWith, applying, lease, pending, proposedAt, sentAndEnded, unanswered } from './support/changes.ts'
import { settings } from './support/world.ts'

const before = settings()
const { after } = pending()
const byHand = settings({ description: 'by hand' })
const applied = evolve(answeredWith({ kind: 'taken' }), { type: 'applied', at: proposedAt, written: true })

const quarterLater = new Date('2026-06-01T09:15:00.001Z')
const arrival = '2026-06-01T09:10:00.000Z'

type Shown = { readonly settings: Settings; readonly editedAt: string | null }

/** True if a look that shows this is disbelieved at that time, once our update was seen to be stored at `editedAt`. */
function isDisbelieved(shown: Shown, editedAt: string | null, at = new Date(proposedAt), latest: Date | null = null) {
  const known = { settings: after, editedAt, seenAt: proposedAt }
  return isStale(shown, known, { recent: [applied], edits: () => [], at, latest })
}

/** The edit reported as made elsewhere between a look that showed `from` and one that shows `live`. */
function told(changes: readonly Change[], live: Settings, from = before, since = proposedAt) {
  return outsideEdit(changes, { before: from, live, since })
}

const points = readFileSync(new URL('../docs/limits.md', import.meta.url), 'utf8')
  .split(/^## /m)
  .find((part) => part.startsWith('What can be missed'))!
  .split(/^ {2}- /m)
  .slice(1)
  .map((point) => point.split(/^- /m)[0]!.replace(/\s+/g, ' ').trim())

/** Each limit in docs/limits.md, and the proof that it is one. */
const missed: [says: string, shown: () => void][] = [
  [
    'a look that is more than 15 minutes out of date: it is trusted',
    () => {
      const [sooner, later] = ['2026-06-01T08:00:00.000Z', '2026-06-01T09:00:00.000Z']
      expect(isDisbelieved({ settings: before, editedAt: sooner }, later)).toBe(true)
      expect(isDisbelieved({ settings: before, editedAt: sooner }, later, quarterLater, quarterLater)).toBe(false)
      expect(isDisbelieved({ settings: before, editedAt: null }, null, quarterLater)).toBe(false)
    },
  ],
  [
    'an edit by hand to exactly what an unanswered update asked for: it counts as that update',
    () => expect(told([unanswered(arrival)], after)).toBeNull(),
  ],
  [
    'an unanswered update that did arrive, but was completely overwritten before any look: if it undid an earlier edit by hand, that shows up as an edit made elsewhere',
    () => {
      const live = settings({ name: 'by hand since' })
      expect(told([unanswered(arrival)], live, byHand)).toEqual({ before: byHand, after: live })
    },
  ],
  [
    'an update whose late arrival and late appearance together take longer than `timing.arrival`',
    () => {
      const [[, cancelled]] = sentAndEnded(arrival) as [[string, Change]]
      expect(told([cancelled], after, before, '2026-06-01T09:24:59.999Z')).toBeNull()
      expect(told([cancelled], after, before, '2026-06-01T09:25:00.000Z')).toEqual({ before, after })
    },
  ],
  [
    'if Contentstack answers without the token: an edit by hand, within the lease, to the same field that an update asked for. It counts as Contentstack’s own version of the update',
    () => {
      const over = '2026-06-01T08:00:00.000Z'
      const live = settings({ name: 'by hand' })
      const within = { before, live, since: proposedAt, editedAt: '2026-06-01T09:00:30.000Z' }
      expect(outsideEdit([answeredWith({ kind: 'taken' }, { over })], within)).toBeNull()
      expect(outsideEdit([answeredWith({ kind: 'taken', stored: after }, { over })], within)).not.toBeNull()
    },
  ],
  [
    'if some of its times are in whole seconds and others are not: an edit by hand in the same second as a known one. It is noted up to a quarter of an hour later',
    () => {
      const shown = { settings: byHand, editedAt: '2026-06-01T09:00:00.000Z' }
      const known = '2026-06-01T09:00:00.789Z'
      expect(isDisbelieved(shown, known)).toBe(true)
      expect(isDisbelieved(shown, known, quarterLater, quarterLater)).toBe(false)
    },
  ],
  ['an edit that somebody undid before the next look', () => expect(told([], before)).toBeNull()],
  [
    'whether a look shows an edit made elsewhere, or an older state from before an edit that nobody saw. A change that is stopped by it says both: “was changed elsewhere, or the stack showed it as it was earlier”',
    () => {
      const at = proposedAt
      const stopped = (editedAt: string | null) =>
        evolve(applying(), driftTo(applying(), { settings: byHand, editedAt }, { at, recent: [] })) as Stopped
      expect(moversInWords(stopped(null), null)).toBe('elsewhere, or the stack showed it as it was earlier')
      expect(moversInWords(stopped(at), null)).toBe('elsewhere')
    },
  ],
  [
    'an edit by hand that our update overwrote before any look showed it: an outdated look then shows it as if it were newer',
    () => expect(isDisbelieved({ settings: byHand, editedAt: null }, null)).toBe(false),
  ],
  [
    'whether the stack kept the old value of a field, or somebody set it back before any look, if the answer doesn’t show that',
    () => {
      const asked = { before, after: settings({ name: 'ci-release', emailNotice: false }) }
      const look = { settings: settings({ name: 'ci-release' }), editedAt: null }
      const at = new Date(proposedAt)
      const judged = settle(answeredWith({ kind: 'taken' }, { asked }), { look, lease, at, recent: [], isOver: false })
      expect(judged).toHaveProperty('why', expect.stringContaining('has kept it, or somebody has set it back'))
    },
  ],
  [
    'for a quarter of an hour after somebody has set the clock, whether a look is older than our update: such a look may be noted as an edit made elsewhere',
    () => {
      const behind = { settings: before, editedAt: null }
      const [now, earlier] = [new Date(proposedAt), new Date('2026-06-01T08:59:59.999Z')]
      expect(isDisbelieved(behind, null, now, now)).toBe(true)
      expect(isDisbelieved(behind, null, now, earlier)).toBe(false)
    },
  ],
  [
    'an edit by hand to a text that is similar to the one that was asked for: it counts as Contentstack’s own version of it',
    () => expect(told([unanswered(arrival)], settings({ ...after, name: after.name.toUpperCase() }))).toBeNull(),
  ],
]

type Stopped = Extract<Change, { status: 'drifted' }>

test.each(missed)('docs/limits.md says what can be missed: %s', (says, shown) => {
  expect(points.filter((point) => point.replaceAll("'", '’').startsWith(says))).toHaveLength(1)
  shown()
})

test('docs/limits.md names nothing else that can be missed with either kind of stack', () => {
  expect(points).toHaveLength(missed.length)
})
