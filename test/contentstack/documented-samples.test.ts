import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readToken } from '../../src/contentstack/read-token.ts'
import { writeToken } from '../../src/contentstack/write-token.ts'
import { connectTo } from './connect.ts'

const samples = new URL('../../../shared/fixtures/contentstack/', import.meta.url)
const there = existsSync(samples)

function sample(name: string) {
  return JSON.parse(readFileSync(new URL(name, samples), 'utf8'))
}

type Failure = { status: number | number[]; body: unknown; provenance: string }

describe.skipIf(!there)(`the documented samples${there ? '' : ' (skipped: ../shared/fixtures is not here)'}`, () => {
  test('of a list give its tokens, both per module and for the whole stack', async () => {
    const client = connectTo(() => Response.json(sample('docs-2026-06/list.response.200.json')))
    expect((await client.tokens()).map(({ settings }) => settings)).toMatchObject([
      {
        name: 'Test Token',
        branches: ['main', 'development'],
        aliases: ['deploy'],
        permissions: { everything: 'none', modules: { content_type: 'write' } },
        expiresOn: '2020-12-10',
        emailNotice: true,
        otherScope: [],
      },
      { name: 'Sample Token', permissions: { everything: 'write', modules: {} }, otherScope: [] },
    ])
  })

  test('of one token give its settings', async () => {
    const client = connectTo(() => Response.json(sample('docs-2026-06/get.response.200.json')))
    const { settings } = await client.token('bltda613c24d4e12c28')
    expect(settings).toMatchObject({ name: 'Test Token', description: 'This is a sample management token.' })
  })

  test('of a creation have a secret value, which is not kept', () => {
    const { token } = sample('docs-2026-06/create.response.201.json')
    expect(token.token).toMatch(/^cs/)
    expect(JSON.stringify(readToken(token, null))).not.toContain(token.token)
  })

  test('of an update are what the app sends for the same edit', () => {
    const { raw, settings } = readToken(sample('docs-2026-06/create.response.201.json').token, null)
    const asked = sample('docs-2026-06/update.request.json').token
    const body = writeToken(
      raw,
      {
        ...settings,
        name: asked.name,
        description: asked.description,
        aliases: ['deploy'],
        permissions: { everything: 'none', modules: { content_type: 'write', entry: 'write' } },
        expiresOn: '2020-12-31',
      },
      null,
    )
    const byModule = (scope: { module: string }[]) => scope.toSorted((a, b) => a.module.localeCompare(b.module))
    expect({ ...body, scope: byModule(body.scope as { module: string }[]) }).toEqual({
      ...asked,
      scope: byModule(asked.scope),
    })
    const answer = readToken(sample('docs-2026-06/update.response.200.json').token, null)
    expect(answer.settings).toMatchObject({ name: asked.name, expiresOn: '2020-12-31', otherScope: [] })
  })

  test('of the stack, its branches and aliases give the facts', async () => {
    const answers = { branch_aliases: 'branch_aliases.list', branches: 'branches.list', stacks: 'stack.get' }
    const client = connectTo(({ url }) => {
      const name = Object.entries(answers).find(([path]) => new URL(url).pathname.endsWith(path))?.[1]
      return name ? Response.json(sample(`pickers/${name}.docs.json`)) : new Response('{}', { status: 403 })
    })
    expect(await client.facts()).toEqual({
      title: 'Product Catalog - 2019',
      branchesEnabled: true,
      branches: ['development', 'main'],
      aliases: ['release', 'dev', 'sample_alias'],
      aliasTargets: { release: 'development', dev: 'development', sample_alias: 'main' },
      organisationLimits: null,
      rateLimitsGoverned: false,
    })
  })

  const failures: Failure[] = there ? sample('errors.json') : []
  test.each(failures.map(({ status, body }) => [[status].flat()[0]!, body] as const))(
    'of a refusal (%i %j) are told in words, for a read and for an update',
    async (status, body) => {
      const client = connectTo(() => Response.json(body, { status }))
      const read = await client.token('blt1').catch((error: Error) => error)
      expect(read).toMatchObject(status === 429 || body === null ? { endedBy: 'itself' } : { name: 'Refusal' })
      const settings = readToken({ uid: 'blt1', name: 'ci' }, null).settings
      const live = { stack: 'site', uid: 'blt1', settings, raw: { name: 'ci' } }
      const answer = await client.update(live, settings)
      const isLoggedOut = status === 401 && !JSON.stringify(body).includes('"error_code":161')
      expect(answer).toMatchObject({
        kind: body === null ? 'unknown' : status === 429 || isLoggedOut ? 'busy' : 'refused',
        why: expect.stringMatching(new RegExp(`status ${status}`)),
      })
    },
  )
})
