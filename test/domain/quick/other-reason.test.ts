import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'

const about = { now: new Date('2026-11-30T12:00:00Z'), token: null }

function read(typed: string) {
  const found = readQuick(typed, (text) => text.trim() === 'ci-deploy')
  if ('command' in found) return found.command
  const { word, says, reason, lines } = found.complaint
  return { word, says, reason, lines: lines?.(about) }
}

describe('a reason without because is asked about, and the line with because is offered', () => {
  test.each([
    ['90d, release is late', 'release is late'],
    ['90d - release is late', 'release is late'],
    ['90d – release is late', 'release is late'],
    ['90d reason: release is late', 'release is late'],
    ['90d (release is late)', 'release is late'],
    ['90d since the release is late', 'the release is late'],
    ['90d due to late release', 'late release'],
    ['for 90 days as the release is late', 'the release is late'],
    ['90d --reason "release is late"', 'release is late'],
    ['90d —reason late', 'late'],
    ['90d --reason=late', 'late'],
    ['90d becuase late', 'late'],
    ['90d bc late', 'late'],
    ['90d; late', 'late'],
    ['90d: late', 'late'],
  ])('extend ci-deploy %s', (head, reason) => {
    const found = read(`extend ci-deploy ${head}`)
    const length = head.startsWith('for') ? 'for 90 days' : '90d'
    expect(found).toMatchObject({
      says: `can't be read as part of what is asked for (${length}): a reason begins with because.`,
      lines: [`extend ci-deploy ${length} because ${reason}`],
      reason,
    })
  })

  test.each([
    ['grant ci-deploy write on assets, the images moved', ['grant ci-deploy write on assets because the images moved']],
    ['revoke ci-deploy write - nobody writes', ['revoke ci-deploy write because nobody writes']],
    ['scope ci-deploy +a -b since b is gone', ['scope ci-deploy +a -b because b is gone']],
    ['scope ci-deploy +a --reason "b is gone"', ['scope ci-deploy +a because b is gone']],
    ['limit ci-deploy 50/10 (as agreed)', ['limit ci-deploy 50/10 because as agreed']],
    [
      'rename ci-deploy to ci-prod reason: nicer',
      ['rename ci-deploy to ci-prod because nicer', 'rename ci-deploy to "ci-prod reason: nicer"'],
    ],
    [
      'rename ci-deploy to ci-prod becuase nicer',
      ['rename ci-deploy to ci-prod because nicer', 'rename ci-deploy to "ci-prod becuase nicer"'],
    ],
  ])('%s', (typed, lines) => {
    expect(read(typed)).toMatchObject({ lines })
  })
})

describe('what may be something else is not taken for a reason', () => {
  test.each([
    'grant ci-deploy write on assets, asets',
    'revoke ci-deploy write - on entries',
    'extend ci-deploy soon since it is late',
    'grant ci-deploy write on assets, and entris',
  ])('%s', (typed) => {
    expect(read(typed)).toMatchObject({ reason: null })
  })

  test.each([
    ['rename ci-deploy to robot since 2024', 'robot since 2024'],
    ['rename ci-deploy to CI - Deploy (prod)', 'CI - Deploy (prod)'],
    ['rename ci-deploy to a, b', 'a, b'],
  ])('%s is a name', (typed, name) => {
    expect(read(typed)).toMatchObject({ name })
  })
})
