import { expect, test } from 'vitest'
import { knownMigrations } from '../../../src/storage/postgres/migration-files.ts'
import { areMixedUp, type Forms, formsOf, formsOfThisVersion } from '../../support/forms.ts'
import { releases } from '../../support/released.ts'

const now = formsOfThisVersion()

test('instances of the last release go on beside this version only if it writes in the same forms', () => {
  const released: Forms = formsOf(releases().at(-1)!) ?? now
  const todo = 'write a migration for PostgreSQL without the mark, an empty one if there is nothing to change'
  expect(areMixedUp(released, now, knownMigrations()), todo).toBe(false)
})

test.each([
  ['the same forms, and a table more', { hash: now.hash, isMarked: true, mixedUp: false }],
  ['other forms, and a table more', { hash: 'other', isMarked: true, mixedUp: true }],
  ['other forms, and what the release could not live with', { hash: 'other', isMarked: false, mixedUp: false }],
])('a release with %s', (_, { hash, isMarked, mixedUp }) => {
  const later = { when: now.when + 1, isMarked }
  expect(areMixedUp({ ...now, hash }, now, [...knownMigrations(), later])).toBe(mixedUp)
})

test('other forms alone do not keep a release from going on beside this version', () => {
  expect(areMixedUp({ ...now, hash: 'other' }, now, knownMigrations())).toBe(true)
})
