import { expect, test } from 'vitest'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { lastLeft } from '../../../src/domain/looks/last-left.ts'
import { answeredWith, applying, pending } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const at = '2026-06-01T09:05:00.000Z'
const applied = { type: 'applied', at, written: true } as const
const change = evolve(applying(), applied)
const edit = { at: '2026-06-01T10:00:00.000Z', after: settings({ name: 'by-hand' }), editedAt: null }
const byEdit = { settings: edit.after, editedAt: null, seenAt: edit.at }

test('the log left a token as an applied change or an edit made elsewhere did, whichever is later in it', () => {
  expect(lastLeft({ seq: 9, change }, { seq: 8, ...edit })).toMatchObject({ settings: change.after, seenAt: at })
  expect(lastLeft({ seq: 8, change }, { seq: 9, ...edit })).toEqual(byEdit)
  expect(lastLeft(null, { seq: 9, ...edit })).toEqual(byEdit)
  expect(lastLeft(null, null)).toBeNull()
})

test('a change left it as the stack made it, and one that was not applied tells nothing', () => {
  const stored = { ...change.after, name: `${change.after.name} ` }
  const normalised = evolve(applying(), { ...applied, stored })
  expect(lastLeft({ seq: 9, change: normalised }, null)?.settings).toEqual(stored)
  expect(lastLeft({ seq: 9, change: pending() }, null)).toBeNull()
})

test('an update that was taken and that no look has shown proves nothing yet', () => {
  const unseen = evolve(answeredWith({ kind: 'taken' }), { ...applied, watchUntil: edit.at })
  expect(lastLeft({ seq: 9, change: unseen }, { seq: 8, ...edit })).toBeNull()
})
