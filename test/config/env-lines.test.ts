import { expect, test } from 'vitest'
import { mistakenLines } from '../../src/config/env-lines.ts'

test.each([
  [
    'a # within a value',
    'AUDIT_KEY=aaaa#bbbb\n',
    /^has a # within AUDIT_KEY: .* in a shell the value goes on\. Put the value in single quotes/,
  ],
  ['one behind export', 'export AUDIT_KEY=aaaa#bbbb\r\nPORT=1\r\n', /# within AUDIT_KEY/],
  [
    'a quote that nothing ends',
    'AUDIT_KEY="aaaa\nPORT=1\n',
    /^has a " at the beginning of AUDIT_KEY that does not end where the value does/,
  ],
  ['a quote that a later line ends', "PORT='1\nAUDIT_KEY='aaaa'\n", /^has a ' at the beginning of PORT/],
  ['something behind a quote', 'AUDIT_KEY="aa"bb\n', /" at the beginning of AUDIT_KEY/],
  ['letters of another encoding', Buffer.from('AUDIT_KEY=\xfcber\n', 'latin1').toString('utf8'), /not UTF-8/],
  ['ends of lines of old', 'PORT=1\rAUDIT_KEY=aaaa\r', /carriage return/],
])('%s is reported, since a shell reads it differently', (_, text, says) => {
  expect(mistakenLines(text)).toEqual([expect.stringMatching(says)])
})

test.each([
  ['values', "AUDIT_KEY=aaaa\n\n# a comment, isn't it?\nPORT=1 # HTTP\nLOG_LEVEL= # the usual\nOTHER=\n"],
  ['quotes', `A='a#b'\nB="c d" # why\nC='it "is"'\r\nexport D="e"`],
  ['a value of several lines', 'AUDIT_KEY_PREVIOUS="one\ntwo#2\nthree"\nPORT=1\n'],
])('%s that are read alike are not', (_, text) => {
  expect(mistakenLines(text)).toEqual([])
})
