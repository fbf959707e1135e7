import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import { sameAsk } from '../../../src/domain/change/ask.ts'
import { revertTo } from '../../../src/domain/change/revert.ts'
import { fateOf, madeOf } from '../../../src/domain/looks/in-force.ts'
import { reasonsOf } from '../../../src/domain/policy/reasons.ts'
import { effectsOf, verdictOf } from '../../../src/domain/policy/widening.ts'
import { diff, describe as inWords, same } from '../../../src/domain/token/diff.ts'
import { rebase } from '../../../src/domain/token/rebase.ts'
import { pointing, repointed, withTargets } from '../../../src/domain/token/targets.ts'
import { settings as parsed } from '../../../src/domain/token/token.ts'
import { settings } from '../../support/world.ts'

const live = (target?: string) => settings({ aliases: ['live'], ...(target && { aliasTargets: { live: target } }) })
const none = settings({ aliases: [] })

describe('an alias that points to another branch', () => {
  test('is a difference if both sides say where it points', () => {
    expect(diff(live('main'), live('release'))).toEqual([
      { key: 'aliases', label: 'Branch aliases', before: 'live (→ main)', after: 'live (→ release)' },
    ])
    expect(same(live('main'), live('main'))).toBe(true)
  })

  test('is none if one side does not', () => {
    expect(same(live(), live('release'))).toBe(true)
    expect(same(live('main'), live())).toBe(true)
  })

  test('is one even if the token does not name it yet', () => {
    const { before } = pointing({ before: none, after: live() }, { aliasTargets: { live: 'main', preview: 'dev' } })
    expect(repointed(before, { aliasTargets: { live: 'release', preview: 'x' } })).toEqual([
      { alias: 'live', was: 'main', is: 'release' },
    ])
    expect(same(before, { ...none, aliasTargets: { live: 'release' } })).toBe(false)
  })

  test('widens and narrows', () => {
    const effects = effectsOf(live('main'), live('release'))
    expect(verdictOf(effects)).toBe('both')
    expect(reasonsOf(effects)).toEqual(['reaches alias live (→ release)', 'no longer reaches alias live (→ main)'])
  })
})

describe('the branch that an alias points to', () => {
  test('is shown with its name', () => {
    expect(inWords(live('main')).find(({ key }) => key === 'aliases')?.value).toBe('live (→ main)')
    const only = { branches: ['development'], aliases: ['x'] }
    expect(reasonsOf(effectsOf(settings(only), { ...live('main'), ...only, aliases: ['x', 'live'] }))).toEqual([
      'reaches alias live (→ main)',
    ])
  })

  test('is kept for the aliases of both sides of an edit, and for no others', () => {
    const facts = { aliasTargets: { live: 'main', preview: 'development', other: 'x' } }
    const asked = pointing({ before: live(), after: settings({ aliases: ['preview'] }) }, facts)
    const targets = { live: 'main', preview: 'development' }
    expect(asked.before.aliasTargets).toEqual(targets)
    expect(asked.after.aliasTargets).toEqual(targets)
  })

  test('stays as an edit says it, whatever is known by now', () => {
    const facts = { aliasTargets: { live: 'release' } }
    expect(pointing({ before: live('main'), after: live() }, facts).after.aliasTargets).toEqual({ live: 'main' })
    expect(pointing({ before: none, after: live('main') }, facts).before.aliasTargets).toEqual({ live: 'main' })
  })

  test('leaves no trace if it is unknown, so that such settings read as they always did', () => {
    const asked = pointing({ before: live(), after: none }, null)
    expect(canonicalJson(asked)).toBe(canonicalJson({ before: live(), after: none }))
    expect('aliasTargets' in asked.before).toBe(false)
  })

  test('is read back as it was kept, whatever the alias is called', () => {
    const names = ['constructor', '__proto__', '10', '9', 'toString']
    const known = { aliasTargets: Object.fromEntries(names.map((name) => [name, 'main'])) }
    const kept = withTargets(settings({ aliases: names }), names, [known])
    expect(canonicalJson(parsed.parse(JSON.parse(canonicalJson(kept))))).toBe(canonicalJson(kept))
    expect(kept.aliasTargets).toMatchObject({ constructor: 'main' })
    expect(inWords(settings({ aliases: names })).find(({ key }) => key === 'aliases')?.value).not.toContain('→')
  })

  test('is never asked for, written or brought back', () => {
    const asked = { after: live('main'), reason: 'x' }
    expect(sameAsk(asked, { after: live('release'), reason: 'x' })).toBe(true)
    const edit = { before: none, after: live('main') }
    expect(fateOf(edit, live('release'))).toEqual({ taken: ['aliases'], kept: [], neither: [] })
    expect(madeOf(edit, live('release'))).toEqual(live('main'))
    expect(revertTo(live('main'), live('release'))).toEqual(live('release'))
  })

  test('is the current one after a rebase', () => {
    const edit = pointing({ before: live('main'), after: settings({ aliases: ['live', 'preview'] }) }, null)
    const found = settings({ description: 'by hand', aliasTargets: { live: 'release', preview: 'development' } })
    expect(rebase(edit, found)).toMatchObject({
      description: 'by hand',
      aliases: ['live', 'preview'],
      aliasTargets: { live: 'release', preview: 'development' },
    })
  })
})
