import { expect, test } from 'vitest'
import { allCalled, findToken, namesOf, titleStacks } from '../../../src/domain/token/find.ts'
import { suggest } from '../../../src/domain/token/nearest-tokens.ts'
import type { Token } from '../../../src/domain/token/token.ts'
import { settings } from '../../support/world.ts'

function token(name: string, uid = `uid-${name}`, stack = 'website'): Token {
  return { stack, uid, settings: settings({ name }) }
}

const tokens = [token('ci-deploy'), token('preview'), token('importer'), token('deploy-bot'), token('Analytics')]
const names = (found: readonly Token[]) => found.map(({ settings }) => settings.name)

test('a token is found by its name in any letter case, with spaces around it', () => {
  expect(findToken(tokens, '  CI-Deploy ')).toEqual({ kind: 'one', token: tokens[0] })
})

test('a token is found by its uid', () => {
  expect(findToken(tokens, ' uid-preview ')).toEqual({ kind: 'one', token: tokens[1] })
})

test('two tokens with one name are both given, to choose from', () => {
  const twins = [token('ci-deploy', 'u1', 'website'), token('ci-deploy', 'u2', 'shop')]
  expect(findToken([...twins, token('preview')], 'ci-deploy')).toEqual({ kind: 'several', tokens: twins })
})

test('a typo leads to the name that was meant', () => {
  const found = findToken(tokens, 'ci-delpoy')
  expect(found.kind === 'near' && names(found.tokens)).toEqual(['ci-deploy'])
})

test('part of a name leads to every name that contains it, those that begin with it first', () => {
  const found = findToken(tokens, 'deploy')
  expect(found.kind === 'near' && names(found.tokens)).toEqual(['deploy-bot', 'ci-deploy'])
})

test('a name like no other leads nowhere', () => {
  expect(findToken(tokens, 'zzzzzzzzzzzz')).toEqual({ kind: 'near', tokens: [] })
})

test('a name that contains what was typed and is also near it is offered once', () => {
  const found = findToken([token('deploy-1'), token('deploy-2')], 'deploy-')
  expect(found.kind === 'near' && names(found.tokens)).toEqual(['deploy-1', 'deploy-2'])
})

test('at most five near names are offered', () => {
  const many = Array.from({ length: 9 }, (_, i) => token(`deploy-${i}`))
  const found = findToken(many, 'deploy-')
  expect(found.kind === 'near' && names(found.tokens)).toEqual([
    'deploy-0',
    'deploy-1',
    'deploy-2',
    'deploy-3',
    'deploy-4',
  ])
})

test('a nearer name comes before a more distant one', () => {
  const found = findToken([token('abcdxx'), token('abcdex')], 'abcdef')
  expect(found.kind === 'near' && names(found.tokens)).toEqual(['abcdex', 'abcdxx'])
})

test('typing ahead finds names that begin with the text, then names that contain it, then uids and stacks', () => {
  const offered = [
    token('x', 'prod-1'),
    token('my-prod'),
    token('production'),
    token('y', 'u9', 'prod-stack'),
    token('z'),
  ]
  expect(names(suggest(offered, 'prod', 100))).toEqual(['production', 'my-prod', 'x', 'y'])
})

test('before anything is typed, every token is offered by name', () => {
  expect(names(suggest(tokens, '', 100))).toEqual(['Analytics', 'ci-deploy', 'deploy-bot', 'importer', 'preview'])
})

test('a name that begins with the text comes before one that only contains it, whatever the alphabet says', () => {
  expect(names(suggest([token('a-prod'), token('prod-z')], 'prod', 100))).toEqual(['prod-z', 'a-prod'])
  expect(names(suggest([token('zz-prod', 'u1'), token('aa', 'prod-1')], 'prod', 100))).toEqual(['zz-prod', 'aa'])
})

test('spaces around a uid that is typed ahead mean nothing', () => {
  expect(names(suggest([token('x', 'blt123')], ' blt1 ', 100))).toEqual(['x'])
})

test('the longer a name, the more typos still lead to it', () => {
  const long = token('production-deployments')
  const found = findToken([long], 'produktionn-deplyments')
  expect(found.kind === 'near' && names(found.tokens)).toEqual(['production-deployments'])
  expect(findToken([token('abc')], 'xyz')).toEqual({ kind: 'near', tokens: [] })
})

test('a text is known to be a name in any letter case, or a uid, with spaces around it', () => {
  const isToken = namesOf(tokens)
  expect([' CI-Deploy ', ' uid-preview ', 'ci', 'UID-preview', ''].map(isToken)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

test('no more are suggested than wanted: the first by name, and those that begin with the text before the others', () => {
  const numbered = Array.from({ length: 300 }, (_, i) => token(`prod-${String((i * 7) % 300).padStart(3, '0')}`))
  expect(names(suggest([token('a-prod'), ...numbered], 'prod', 3))).toEqual(['prod-000', 'prod-001', 'prod-002'])
  expect(names(suggest([token('a-prod'), ...numbered.slice(0, 2)], 'prod', 3))).toEqual([
    'prod-000',
    'prod-007',
    'a-prod',
  ])
})

test('a list of tokens is read through once, however many names and uids are looked up in it', () => {
  let reads = 0
  const counted = tokens.map(
    (each) =>
      new Proxy(each, {
        get: (target, key) => Reflect.get(target, key, key === 'settings' ? void reads++ : undefined),
      }),
  )
  for (const { settings, uid } of tokens) {
    expect(findToken(counted, settings.name).kind).toBe('one')
    expect(findToken(counted, uid).kind).toBe('one')
  }
  expect(reads).toBeLessThan(2 * tokens.length)
})

test('a token is found after the name of its stack, or its title, unless another has that whole name', () => {
  const twins = [token('ci-deploy', 'u1', 'website'), token('ci-deploy', 'u2', 'shop'), token('shop/ci', 'u3')]
  titleStacks(twins, new Map([['shop', 'Acme Shop (EU)']]))
  const found = (text: string) => {
    const by = findToken(twins, text)
    return by.kind === 'one' ? by.token.uid : by.kind
  }
  const typed = [' Website/CI-deploy', 'shop/u2', 'acme shop (eu)/ci-deploy', 'shop/ci', 'shop/u1', 'sho/ci-deploy']
  expect(typed.map(found)).toEqual(['u1', 'u2', 'u2', 'u3', 'near', 'near'])
  expect(typed.map(namesOf(twins))).toEqual([true, true, true, true, false, false])
  expect(names(allCalled([{ ...twins[1]!, stackName: 'store' }], 'store/ci-deploy'))).toEqual(['ci-deploy'])
})

test('a typo after the name of a stack leads to the name that was meant', () => {
  const found = findToken(tokens, 'website/ci-delpoy')
  expect(found.kind === 'near' && names(found.tokens)).toEqual(['ci-deploy'])
})

test('a token whose name begins what was typed is near, before others', () => {
  const tokens = [token('twin'), token('twin a'), token('twin a pleased')]
  const near = (typed: string) => names((findToken(tokens, typed) as { tokens: readonly Token[] }).tokens)
  expect(near('twin a  please')).toEqual(['twin a', 'twin a pleased'])
  expect(near('Twin a, or whatever it is called here')).toEqual(['twin a'])
})

test.each([
  ['me the secret of ci-deploy', ['ci-deploy']],
  ['preview, importer', ['preview', 'importer']],
  ['the one called uid-analytics, please', ['Analytics']],
  ['my deploy-bot!', ['deploy-bot']],
  ['whatever deploy-botany may write here', []],
])('the tokens that stand whole in a longer text are near: %s', (typed, near) => {
  const known = [...tokens.slice(0, 4), token('Analytics', 'uid-analytics')]
  expect(findToken(known, typed)).toEqual({
    kind: 'near',
    tokens: near.map((name) => known.find(({ settings }) => settings.name === name)),
  })
})
