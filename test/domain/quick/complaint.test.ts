import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { modules } from '../../../src/domain/token/token.ts'

function saysOf(text: string): string {
  const read = readQuick(text, (name) => name === 'ci')
  if ('command' in read) throw new Error(`${text} was understood as ${JSON.stringify(read.command)}`)
  return read.complaint.says
}

describe('a mistake in a line is explained so that people can correct it', () => {
  const verbs = 'rename, extend, grant, revoke, restrict, scope, limit'
  const called =
    'Say what to call it: "to", and then the new name. If the name contains the word "because", put it in quotes.'
  const until = 'a length such as 90d, 3w, 6m or 1y, a day such as 2027-01-31 or 31 Jan 2027, or never.'
  const perSecond = 'reads and writes a second such as read 50 write 10, or organisation.'

  test.each([
    ['', `Say one of ${verbs}.`],
    ['renam ci to x', `is not a quick command; these are: ${verbs}.`],
    ['rename', 'Say which token it is about.'],
    ['rename ci', called],
    ['rename ci to', called],
    ['rename ci to ""', called],
    ['rename ci as x', 'does not belong after the token: say "to", and then the new name.'],
    ['extend ci', `Say until when: ${until}`],
    ['extend ci nevr', `is not a length or a day that can be read: say ${until}`],
    ['grant ci', 'Say which access: read or write.'],
    ['grant ci wirte on entry', 'is not a kind of access: say read or write.'],
    ['grant ci write', 'Say on what: on entry, asset … or on all.'],
    ['grant ci write in entry', 'does not belong here: say "on", and then on what.'],
    ['grant ci write on', `Say on what: on all, or on some of ${modules.join(', ')}.`],
    ['grant ci write on zzz', `is not a module: say all, or some of ${modules.join(', ')}.`],
    ['grant ci write on all, entry', 'stands for every module: name it alone.'],
    ['scope ci', 'Say which branches and aliases: +name adds one, -name takes one away.'],
    ['scope ci main', 'has no sign: + adds a branch or alias, - takes one away.'],
    ['scope ci + main', 'names nothing: put a branch or alias right after the sign.'],
    ['scope ci +main -main', 'is both added and taken away: say one of them.'],
    ['limit ci', `Say how many: ${perSecond}`],
    ['limit ci read 50', `does not say how many: say ${perSecond}`],
    ['limit ci write 50 write 10', `does not say how many: say ${perSecond}`],
    ['limit ci lots 50 write 10', `does not say how many: say ${perSecond}`],
    ['limit ci read 50 write 10 more', `does not say how many: say ${perSecond}`],
    ['limit ci organisations', `does not say how many: say ${perSecond}`],
    ['limit ci my-organisation', `does not say how many: say ${perSecond}`],
    ['extend ci 90d or so', `is not a length or a day that can be read: say ${until}`],
    ['grant ci read on land', `is not a module: say all, or some of ${modules.join(', ')}.`],
    ['grant ci read on theme', `is not a module: say all, or some of ${modules.join(', ')}.`],
  ])('%s', (text, says) => {
    expect(saysOf(text)).toBe(says)
  })
})

describe('the parts that may be written in more than one way', () => {
  const commandOf = (text: string) => {
    const read = readQuick(text, (name) => name === 'ci')
    return 'command' in read ? read.command : read.complaint
  }

  test.each([
    ['d', ['90d', '90 day', '90 days']],
    ['w', ['90w', '90 week', '90 weeks']],
    ['m', ['90m', '90 month', '90 months']],
    ['y', ['90y', '90 year', '90 Years']],
  ])('a length in %s', (unit, lengths) => {
    for (const length of lengths)
      expect(commandOf(`extend ci ${length}`)).toMatchObject({ until: { kind: 'for', count: 90, unit } })
  })

  test.each(['all', 'everything', 'the whole stack', '$all', 'Whole-Stack'])('%s is everything', (all) => {
    expect(commandOf(`grant ci read on ${all}`)).toMatchObject({ on: 'everything' })
  })

  test.each(['-', '–', '—', '−'])('the minus sign %s, however it was typed', (minus) => {
    expect(commandOf(`scope ci ${minus}main`)).toMatchObject({ add: [], remove: ['main'] })
  })

  test('a branch that is named twice is meant once, and a comma in its name is part of it', () => {
    expect(commandOf('scope ci +a, +a +b,c')).toMatchObject({ add: ['a', 'b,c'], remove: [] })
  })

  test('a word that only contains because gives no reason', () => {
    expect(commandOf('rename ci to x becauses y')).toMatchObject({ name: 'x becauses y', reason: null })
    expect(commandOf('rename ci to x not-because y')).toMatchObject({ name: 'x not-because y', reason: null })
  })
})
