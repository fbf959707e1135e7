import { describe, expect, test } from 'vitest'
import { readToken } from '../../src/contentstack/read-token.ts'
import {
  aliasRecord,
  failure,
  isDeleted,
  organisationAnswer,
  stackAnswer,
  updateAnswer,
} from '../../src/contentstack/wire.ts'

const many = (length: number) => 'a'.repeat(length)

describe('a token', () => {
  test.each<[string, object, RegExp]>([
    ['its uid has a space in it', { uid: 'blt 1' }, /^uid: is not a uid$/],
    ['its uid begins with something else', { uid: '/blt1' }, /^uid: is not a uid$/],
    ['its uid ends with something else', { uid: 'blt1/' }, /^uid: is not a uid$/],
    ['its uid is too long', { uid: many(101) }, /^uid: is too long for a uid$/],
    ['its name is too long', { name: many(1001) }, /^name: has more than 1000 characters$/],
    ['its description is too long', { description: many(10_001) }, /^description: has more than 10000 characters$/],
    ['its scope is too long', { scope: Array.from({ length: 201 }, () => 1) }, /^scope: has more than 200 entries$/],
    ['its expiry is not a date', { expires_on: 'soon' }, /^expires_on: is not a date$/],
    ['more than one thing is wrong', { uid: 7, name: 7 }, /name: .*; .*uid: |uid: .*; .*name: /],
    ['it is none', { uid: undefined, name: undefined }, /name/],
    ['it is larger than a stack keeps', { more: many(70_000) }, /^it is larger than 64 kB$/],
  ])('is not read when %s', (_, changes, why) => {
    expect(() => readToken({ uid: 'blt1', name: 'ci', ...changes }, null)).toThrow(why)
  })

  test('is read up to these bounds, and odd fields that only describe it are ignored', () => {
    const record = { uid: many(100), name: many(1000), token: 'a secret', expires_on: '', colour: 'green' }
    const read = readToken({ ...record, updated_by: many(101), updated_at: 7, created_by: 'somebody' }, null)
    expect(read).toMatchObject({ uid: record.uid, edited: { by: null, at: null } })
    expect(read.raw).toEqual({ name: record.name, expires_on: '', colour: 'green' })
    expect(read.settings.expiresOn).toBeNull()
    const edited = { updated_by: 'blt7', updated_at: '2026-01-05T09:00:00.000Z' }
    expect(readToken({ ...record, ...edited }, null).edited).toEqual({ by: 'blt7', at: edited.updated_at })
  })

  test('that is not a record is not read', () => {
    for (const record of [null, 7, 'a token', []]) expect(() => readToken(record, null)).toThrow(/the answer: /)
  })
})

describe('the answer to an update', () => {
  test.each([
    'Management Token updated successfully.',
    'management token updated successfully',
    '  Management token updated successfully.  ',
  ])('says so with "%s"', (notice) => {
    expect(updateAnswer.safeParse({ notice }).success).toBe(true)
  })

  test.each([
    'No management token updated successfully.',
    'xManagement token updated successfully.',
    'Management token updated successfully, or so',
    'Management token updated successfully.x',
    'The stack is being maintained.',
  ])('says nothing with "%s"', (notice) => {
    expect(updateAnswer.safeParse({ notice }).success).toBe(false)
    expect(updateAnswer.parse({ notice, token: null })).toMatchObject({ notice: undefined, token: null })
  })
})

describe('a stack', () => {
  const read = (stack: object) => stackAnswer.parse({ stack: { name: 'Site', ...stack } }).stack

  test('with a long name is called by the beginning of it', () => {
    expect(read({ name: many(200) }).name).toBe(many(200))
    expect(read({ name: many(201) }).name).toBe(`${many(200)}…`)
  })

  test('has branches if it says so in an unknown way', () => {
    expect(read({ settings: { branches: false } }).settings).toEqual({ branches: false })
    expect(read({ settings: { branches: 'many' } }).settings).toEqual({ branches: true })
    expect(read({ settings: 'many' }).settings).toEqual({ branches: true })
    expect(read({ settings: null }).settings).toBeNull()
    expect(read({ org_uid: many(101) }).org_uid).toBeUndefined()
  })
})

test('a branch is deleted from that time on, and not before', () => {
  const branch = (more: object) => isDeleted({ uid: 'main', ...more })
  expect(
    [{ deleted_at: '2026-01-05T09:00:00.000Z' }, {}, { deleted_at: false }, { deleted_at: '' }].map(branch),
  ).toEqual([true, false, false, false])
})

test('an alias without a name, or with a very long one, is left out', () => {
  for (const alias of [undefined, many(201)]) expect(aliasRecord.safeParse({ alias }).success).toBe(false)
  expect(aliasRecord.parse({ alias: many(200), uid: 7 })).toEqual({ alias: many(200), uid: undefined })
})

test('a plan is read if it lists its features by name', () => {
  const read = (plan: object) => organisationAnswer.safeParse({ organization: { plan } }).success
  const some = { features: [{ uid: 'limit', limit: 5 }] }
  expect([some, {}, { features: {} }, { features: [{ limit: 5 }] }].map(read)).toEqual([true, false, false, true])
})

test('odd parts of a refusal are ignored', () => {
  const odd = { error_message: 7, message: 7, error_code: 'seven', errors: 7 }
  expect(Object.values(failure.parse(odd))).toEqual([undefined, undefined, undefined, undefined])
})
