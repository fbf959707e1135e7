import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'

const isToken = (text: string) => ['ci-deploy', 'CI Robot', 'ci and extend'].includes(text.trim())
const about = { now: new Date('2026-11-30T12:00:00Z'), token: null }

function read(typed: string) {
  const found = readQuick(typed, isToken)
  return 'command' in found ? found.command : { says: found.complaint.says, lines: found.complaint.lines?.(about) }
}

describe('two wishes in one line are asked about, and each is offered by itself', () => {
  test.each([
    [
      'rename ci-deploy to ci-prod and extend by 90d because x',
      [
        'rename ci-deploy to ci-prod because x',
        'extend ci-deploy by 90d because x',
        'rename ci-deploy to "ci-prod and extend by 90d" because x',
      ],
    ],
    ['extend ci-deploy 90d and rename to ci-prod', ['extend ci-deploy 90d', 'rename ci-deploy to ci-prod']],
    [
      'extend "CI Robot" 90d, then grant CI Robot write on assets',
      ['extend "CI Robot" 90d', 'grant "CI Robot" write on assets'],
    ],
    ['extend ci-deploy 90d and give it write on assets', ['extend ci-deploy 90d', 'grant ci-deploy write on assets']],
    ['scope ci-deploy +a and also extend it by 90d', ['scope ci-deploy +a', 'extend ci-deploy by 90d']],
    ['extend ci-deploy 90d; limit 50/10', ['extend ci-deploy 90d', 'limit ci-deploy 50/10']],
    ['rename ci-deploy to "a b" and extend 90d', ['rename ci-deploy to "a b"', 'extend ci-deploy 90d']],
    [
      'rename ci-deploy to a, limit 50/10 and extend 90d',
      ['rename ci-deploy to a', 'limit ci-deploy 50/10', 'extend ci-deploy 90d'],
    ],
    ['rename nobody to x and extend to y', ['rename nobody to x', 'rename nobody to "x and extend to y"']],
  ])('%s', (typed, lines) => {
    const found = read(typed)
    expect(found).toMatchObject({ says: expect.stringContaining('This asks for more than one thing') })
    expect('lines' in found && found.lines?.slice(0, lines.length)).toEqual(lines)
  })

  test.each([
    ['rename ci-deploy to "ci-prod and extend by 90d"', 'ci-prod and extend by 90d'],
    ['rename ci-deploy to ci and extended', 'ci and extended'],
    ['rename ci-deploy to extend', 'extend'],
    ['rename ci-deploy to Search and Deploy', 'Search and Deploy'],
    ['rename ci and extend to x', 'x'],
  ])('%s is one wish', (typed, name) => {
    expect(read(typed)).toMatchObject({ verb: 'rename', name })
  })
})

describe('what belongs to the sentence is not part of a new name', () => {
  test.each([
    ['rename ci-deploy to ci-prod, because nicer', 'ci-prod'],
    ['rename ci-deploy to ci-prod; because nicer', 'ci-prod'],
    ['rename ci-deploy to ci-prod - because nicer', 'ci-prod'],
    ['rename ci-deploy to ci-prod – because nicer', 'ci-prod'],
    ['rename ci-deploy to "ci-prod," because nicer', 'ci-prod,'],
  ])('%s', (typed, name) => {
    expect(read(typed)).toMatchObject({ name, reason: 'nicer' })
  })

  test('a quoted name ends with its quote, and what follows is asked about', () => {
    expect(read('rename ci-deploy to "ci-prod" on website')).toEqual({
      says: 'comes after the closing quote of the new name.',
      lines: ['rename ci-deploy to "ci-prod"', 'rename ci-deploy to "\\"ci-prod\\" on website"'],
    })
  })

  test('a comma before because is not part of a length either', () => {
    expect(read('extend ci-deploy 90d, because late')).toMatchObject({ until: { count: 90 }, reason: 'late' })
  })
})
