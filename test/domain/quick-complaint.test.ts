import { describe, expect, test } from 'vitest'
import { readQuick } from '../../src/domain/quick-command.ts'
import { modules } from '../../src/domain/token.ts'

function saysOf(text: string): string {
  const read = readQuick(text, (name) => name === 'ci')
  if ('command' in read) throw new Error(`${text} was understood as ${JSON.stringify(read.command)}`)
  return read.complaint.says
}

describe('what is wrong with a line is said so that whoever typed it can put it right', () => {
  const verbs = 'rename, extend, grant, revoke, scope, limit'
  const called = 'Say what to call it: to, and then the new name. A name with the word because in it goes in quotes.'
  const until = 'a length such as 90d, 3w, 6m or 1y, a day such as 2027-01-31, or never.'
  const perSecond = 'reads and writes a second such as read 50 write 10, or organisation.'

  test.each([
    ['', `Say one of ${verbs}.`],
    ['renam ci to x', `is not among the quick commands, which are ${verbs}.`],
    ['rename', 'Say which token it is about.'],
    ['rename ci', called],
    ['rename ci to', called],
    ['rename ci to ""', called],
    ['rename ci as x', 'is not what follows the token: say to, and then the new name.'],
    ['extend ci', `Say until when: ${until}`],
    ['extend ci nevr', `is no time that can be read: say ${until}`],
    ['grant ci', 'Say which access: read or write.'],
    ['grant ci wirte on entry', 'is no access: say read or write.'],
    ['grant ci write', 'Say on what: on entry, asset … or on all.'],
    ['grant ci write in entry', 'is not what follows here: say on, and then on what.'],
    ['grant ci write on', `Say on what: on all, or on some of ${modules.join(', ')}.`],
    ['grant ci write on zzz', `is nothing that access is given to: say all, or some of ${modules.join(', ')}.`],
    ['grant ci write on all, entry', 'stands for every module: name it alone.'],
    ['scope ci', 'Say which branches and aliases: +name adds one, -name takes one away.'],
    ['scope ci main', 'has no sign: + adds a branch or alias, - takes one away.'],
    ['scope ci + main', 'names nothing: put a branch or alias right behind the sign.'],
    ['scope ci +main -main', 'is both added and taken away: say one of them.'],
    ['limit ci', `Say how many: ${perSecond}`],
    ['limit ci read 50', `does not say how many: say ${perSecond}`],
  ])('%s', (text, says) => {
    expect(saysOf(text)).toBe(says)
  })
})
