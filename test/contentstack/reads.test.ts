import { describe, expect, test } from 'vitest'
import { StillListed } from '../../src/domain/looks/gone.ts'
import type { WireToken } from '../../src/sandbox/stack/wire-token.ts'
import { connect, connectTo, start } from './connect.ts'

describe('the list of tokens', () => {
  test('is read to the end, however many pages it has', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({ uid: `blt${i}`, name: `token ${i}` }))
    let turns = 0
    const pause = async () => void turns++
    const { stack, client } = await start({ tokens: many }, { pause })
    const tokens = await client.tokens()
    // Reading them takes long, so others get a turn after every twenty-five.
    expect(turns).toBe(9)
    expect(tokens.map((token) => token.uid)).toEqual(many.map(({ uid }) => uid))
    expect(stack.requests).toHaveLength(3)
    expect(tokens[0]).toEqual({
      stack: 'site',
      uid: 'blt0',
      settings: expect.objectContaining({ name: 'token 0' }),
      edited: { by: 'blt5c1de00000c0ffee', at: '2026-01-05T09:00:00.000Z' },
    })
  })

  test('is read to the end when the stack gives no count and smaller pages than asked for', async () => {
    const records = Array.from({ length: 5 }, (_, i) => ({ uid: `blt${i}`, name: `token ${i}` }))
    const client = connectTo(({ url }) => {
      const skip = Number(new URL(url).searchParams.get('skip'))
      return Response.json({ tokens: records.slice(skip, skip + 2) })
    })
    expect(await client.tokens()).toHaveLength(5)
  })

  test('is read to the end if the count is not a number', async () => {
    const client = connectTo(() => Response.json({ tokens: [{ uid: 'blt1', name: 'ci' }], count: 'one' }))
    expect(await client.tokens()).toHaveLength(1)
  })

  test('is read once when the stack gives everything at once and does not know of pages', async () => {
    const client = connectTo(() => Response.json({ tokens: [{ uid: 'blt1', name: 'ci' }] }))
    expect(await client.tokens()).toHaveLength(1)
  })

  test('shows the others if one of them cannot be read, and says which and why', async () => {
    const unreadable: [string, string][] = []
    const odd = { uid: 'blt2', name: 7 } as unknown as WireToken
    const { client } = await start(
      { tokens: [{ uid: 'blt1', name: 'one' }, odd, { uid: 'blt3', name: 'three' }] },
      { onUnreadable: (uid, why) => unreadable.push([uid, why]) },
    )
    expect((await client.tokens()).map(({ uid }) => uid)).toEqual(['blt1', 'blt3'])
    expect(unreadable).toEqual([['blt2', expect.stringMatching(/^name: .*expected string/)]])
    expect(client.unreadable?.()).toEqual([{ uid: 'blt2', name: null, why: unreadable[0]?.[1] }])
  })
})

describe('a look at one token', () => {
  test('gives its settings, and the answer to send back with the update', async () => {
    const { client } = await start({ tokens: [{ uid: 'blt1', name: 'ci', colour: 'green' }] })
    expect(await client.token('blt1')).toEqual({
      stack: 'site',
      uid: 'blt1',
      settings: expect.objectContaining({ name: 'ci' }),
      edited: { by: 'blt5c1de00000c0ffee', at: '2026-01-05T09:00:00.000Z' },
      raw: { name: 'ci', colour: 'green' },
    })
  })

  test.each([{}, { updated_by: 7, updated_at: null }, { updated_by: { uid: 'blt7' } }])(
    'says nobody edited it last where the stack does not say who: %j',
    async (record) => {
      const client = connectTo(() => Response.json({ token: { uid: 'blt1', name: 'ci', ...record } }))
      expect(await client.token('blt1')).toMatchObject({ edited: { by: null, at: null } })
    },
  )

  test('never keeps a secret value, even if the stack should show one', async () => {
    const record = { uid: 'blt1', name: 'ci', token: 'cs-EXAMPLE' }
    const client = connectTo(({ url }) => Response.json(url.includes('?') ? { tokens: [record] } : { token: record }))
    expect(JSON.stringify([await client.token('blt1'), await client.tokens()])).not.toContain('cs-EXAMPLE')
  })

  test.each([404, 422] as const)('at one that is not there is refused as such (%i)', async (unknownToken) => {
    const { client } = await start({ behaviour: { unknownToken } })
    await expect(client.token('blt9')).rejects.toMatchObject({
      name: 'Refusal',
      code: 'not_found',
      message: expect.stringMatching(/"site" has no token blt9.*Choose another token/),
    })
  })

  test('that the stack says is missing, but still lists, does not make it gone', async () => {
    const gone = { error_message: 'The token was not found.', error_code: 141 }
    const client = connectTo(({ url }) =>
      url.includes('blt1')
        ? Response.json(gone, { status: 404 })
        : Response.json({ tokens: [{ uid: 'blt1', name: 'ci' }] }),
    )
    const refused = await client.token('blt1').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(StillListed)
    expect(refused).toMatchObject({ code: 'unavailable', message: expect.stringContaining('but lists it') })
  })

  test.each([404, 422])(
    'at one that only another service says is not there is not refused as such (%i)',
    async (status) => {
      const client = connectTo(({ url }) =>
        url.includes('blt1') ? Response.json({ message: 'Not Found' }, { status }) : Response.json({ tokens: [] }),
      )
      await expect(client.token('blt1')).rejects.toMatchObject({ endedBy: 'itself' })
    },
  )

  test('at an invalid uid asks the stack nothing', async () => {
    const { stack, client } = await start()
    await expect(client.token('..')).rejects.toMatchObject({ code: 'not_found' })
    await expect(client.token('blt1/../../stacks')).rejects.toMatchObject({ code: 'not_found' })
    expect(stack.requests).toEqual([])
  })

  test('that cannot be read says why, and that the token has to be changed elsewhere', async () => {
    const { client } = await start({ tokens: [{ uid: 'blt1', name: 'ci', expires_on: 'soon' }] })
    await expect(client.token('blt1')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/expires_on: is not a date.*change it in Contentstack/),
    })
  })

  test('that returns another token is not believed', async () => {
    const client = connectTo(() => Response.json({ token: { uid: 'blt2', name: 'other' } }))
    await expect(client.token('blt1')).rejects.toThrow(/another token than blt1/)
  })
})

describe('the facts about a stack', () => {
  test('are its title, branches, aliases, the limits of its organisation, and whether rate limits are configured', async () => {
    const { client } = await start({ title: 'Shop', organisationLimits: { read: 43, write: 20 } })
    expect(await client.facts()).toEqual({
      title: 'Shop',
      branchesEnabled: true,
      branches: ['main', 'development', 'feature-x'],
      aliases: ['live', 'preview'],
      aliasTargets: { live: 'main', preview: 'development' },
      organisationLimits: { read: 43, write: 20 },
      rateLimitsGoverned: true,
    })
  })

  test('name all branches and aliases, however many pages they have', async () => {
    const branches = Array.from({ length: 130 }, (_, i) => `branch-${i}`)
    const aliases = branches.map((target) => ({ alias: `${target}-alias`, target }))
    const { client } = await start({ branches, aliases })
    expect(await client.facts()).toMatchObject({ branches, aliases: aliases.map(({ alias }) => alias) })
  })

  test('leave out where an alias points if the stack does not say', async () => {
    const answers: Record<string, unknown> = {
      '/v3/stacks': { stack: { name: 'Shop', settings: { branches: true } } },
      '/v3/stacks/branches': { branches: [{ uid: 'main' }] },
      '/v3/stacks/branch_aliases': { branch_aliases: [{ alias: 'live', uid: 'main' }, { alias: 'old' }] },
    }
    const client = connectTo(({ url }) => Response.json(answers[new URL(url).pathname] ?? {}))
    const { aliases, aliasTargets } = await client.facts()
    expect([aliases, Object.entries(aliasTargets ?? {})]).toEqual([['live', 'old'], [['live', 'main']]])
  })

  test('of a stack without branches name none, and ask for none', async () => {
    const { stack, client } = await start({ branchesEnabled: false })
    expect(await client.facts()).toMatchObject({ branchesEnabled: false, branches: [], aliases: [] })
    expect(stack.requests.filter(({ path }) => path.includes('branch'))).toEqual([])
  })

  test('come without limits if the plan may not be seen, or has another form', async () => {
    const { client } = await start({ organisationLimits: null })
    expect((await client.facts()).organisationLimits).toBeNull()
    const other = connectTo(({ url }) =>
      Response.json(
        url.includes('organizations') ? { organization: {} } : { stack: { name: 'Shop', org_uid: 'blt0' } },
      ),
    )
    expect(await other.facts()).toMatchObject({ title: 'Shop', organisationLimits: null, rateLimitsGoverned: false })
  })

  test('come without limits if the plan names none, and no organisation is asked that nobody named', async () => {
    const asked: string[] = []
    const stackOf = (organisation: object) =>
      connectTo(({ url }) => {
        asked.push(new URL(url).pathname)
        const plan = { plan: { features: [{ uid: 'getLimit', limit: 10 }] } }
        return Response.json(
          url.includes('organizations') ? { organization: plan } : { stack: { name: 'Shop', ...organisation } },
        )
      })
    expect((await stackOf({ org_uid: 'blt0' }).facts()).organisationLimits).toBeNull()
    expect(asked).toEqual(['/v3/stacks', '/v3/organizations/blt0'])
    expect((await stackOf({}).facts()).organisationLimits).toBeNull()
    expect(asked.slice(2)).toEqual(['/v3/stacks'])
  })

  test('ask for the plan without naming the stack, like every call about an organisation', async () => {
    const keys: (string | null)[] = []
    const client = connectTo((request) => {
      if (request.url.includes('/organizations/blt0?include_plan=true')) keys.push(request.headers.get('api_key'))
      return Response.json({ stack: { name: 'Shop', org_uid: 'blt0' } })
    })
    await client.facts()
    expect(keys).toEqual([null])
  })

  test('ask for the stack in the name of the configured organisation, as single sign-on wants it', async () => {
    const headers: (string | null)[] = []
    const client = connectTo(
      (request) => {
        if (request.url.endsWith('/stacks')) headers.push(request.headers.get('organization_uid'))
        return Response.json({ stack: { name: 'Shop' } })
      },
      { organisation: 'blt0' },
    )
    await client.facts()
    expect(headers).toEqual(['blt0'])
  })
})

test('the paths that look like rate limits are found on live tokens, for whoever configures them', async () => {
  const tokens = [
    { uid: 'blt1', name: 'one', rate_limit_enabled: true, rateLimit: { per: { read: 1 } } },
    { uid: 'blt2', name: 'two', rate_limit_enabled: false },
  ]
  const { client } = await start({ tokens })
  expect(await client.rateLimitPaths()).toEqual(['rateLimit.per.read', 'rate_limit_enabled'])
})

describe('a read that fails', () => {
  test('calls the stack by the name that people see everywhere else: its own, once that is known', async () => {
    const { client } = await start()
    const said = () => client.token('blt1').then(String, ({ message }: Error) => message)
    expect(await said()).toContain('The stack "site" has no token blt1')
    const { title } = await client.facts()
    expect(title).not.toBe('site')
    expect(await said()).toContain(`The stack "${title}" has no token blt1`)
  })

  test('uses that name in one line and without a secret, whatever it is', async () => {
    const { client } = await start({ title: 'Shop\nof xoxb-1-secret' })
    await client.facts()
    await expect(client.token('blt1')).rejects.toThrow('The stack "Shop of [secret]" has no token blt1')
  })

  test('is tried again after a 503, until the stack is back', async () => {
    const { stack, client } = await start({ tokens: [{ uid: 'blt1', name: 'ci' }] })
    stack.trouble.down = true
    stack.onChange(() => {
      stack.trouble.down = stack.requests.length < 2
    })
    expect(await client.token('blt1')).toMatchObject({ uid: 'blt1' })
    expect(stack.requests.map(({ status }) => status)).toEqual([503, 503, 200])
  })

  test('is tried again after a 429', async () => {
    const { stack, client } = await start({ tokens: [{ uid: 'blt1', name: 'ci' }] })
    stack.trouble.rateLimited = 2
    await client.token('blt1')
    expect(stack.requests.map(({ status }) => status)).toEqual([429, 429, 200])
  })

  test('is tried again when the connection broke', async () => {
    const { stack } = await start({ tokens: [{ uid: 'blt1', name: 'ci' }] })
    let broken = 0
    const client = connect(stack, {
      fetch: async (input, init) => {
        broken += 1
        if (broken === 1) throw new TypeError('fetch failed', { cause: new Error('other side closed') })
        return fetch(input, init)
      },
    })
    expect(await client.token('blt1')).toMatchObject({ uid: 'blt1' })
  })

  test('is given up after four tries, as an outage in words', async () => {
    const { stack, client } = await start()
    stack.trouble.down = true
    const error = await client.tokens().catch((error: Error) => error)
    expect(error).toMatchObject({
      name: 'Error',
      message: expect.stringMatching(/^The stack "site" can't be reached right now: .*status 503.*request id/),
    })
    expect(stack.requests).toHaveLength(4)
  })

  test('is an outage too if the stack says that it waited too long', async () => {
    const { stack, client } = await start()
    stack.trouble.refuseReads = { status: 408, body: {} }
    await expect(client.tokens()).rejects.toMatchObject({ name: 'Error', message: expect.stringMatching(/408/) })
  })

  test('is given up when it takes too long', async () => {
    const { stack, client } = await start({}, { readTimeoutMs: 20 })
    stack.trouble.slowMs = 3_600_000
    await expect(client.tokens()).rejects.toThrow(/did not answer in time/)
  })

  test('is not tried again if the stack said no', async () => {
    const { stack, client } = await start()
    stack.trouble.refuseReads = { status: 403, body: { error_message: 'No', error_code: 316 } }
    await expect(client.tokens()).rejects.toMatchObject({ code: 'unavailable' })
    expect(stack.requests).toHaveLength(1)
  })
})

const refused = { status: 422, body: { error_message: 'Your plan has no aliases.', error_code: 900 } }

describe("a stack's gaps", () => {
  test.each(['branches', 'branch_aliases'] as const)(
    'a refused list of %s leaves all else known, and is said',
    async (list) => {
      const { stack, client } = await start()
      stack.trouble.refuseLists = { [list]: refused }
      const facts = await client.facts()
      const [kind, other] =
        list === 'branches' ? (['branches', 'aliases'] as const) : (['aliases', 'branches'] as const)
      expect(facts.unlisted).toEqual({ [kind]: expect.stringContaining('Your plan has no aliases') })
      expect([facts[kind], facts[other].length > 0]).toEqual([[], true])
    },
  )

  test.each([401, 402, 403, 404, 405, 412])(
    'says nothing of the rest, whatever the status of its no (%i)',
    async (status) => {
      const { stack, client } = await start()
      stack.trouble.refuseLists = { branch_aliases: { status, body: { error_message: 'Not here', error_code: 21 } } }
      expect((await client.facts()).unlisted).toEqual({
        aliases: expect.stringContaining(`Not here (status ${status}`),
      })
      stack.trouble.refuseLists = { branches: { status, body: '<html><body>Blocked</body></html>' } }
      const { unlisted, aliases } = await client.facts()
      expect(unlisted).toEqual({ branches: expect.stringMatching(/^something between .* answered in its place/) })
      expect(aliases).not.toEqual([])
    },
  )

  test.each([
    [{ status: 200, body: { branches: null } }, /its answer can't be read \(branches: /],
    [{ status: 200, body: {} }, /its answer can't be read/],
    [{ status: 200, body: '<html><body>Blocked</body></html>' }, /its answer is not JSON/],
    [{ status: 200, body: { branches: ['x'.repeat(2 ** 22)] } }, /its answer is larger than 4 MB/],
    [
      { status: 200, body: { branches: Array.from({ length: 5001 }, (_, i) => ({ uid: `b${i}` })) } },
      /it lists more than 5000 branches/,
    ],
  ])('a success that is not a list counts as refused (%#)', async (answer, why) => {
    const { stack, client } = await start()
    stack.trouble.refuseLists = { branches: answer }
    const { unlisted, branches, aliases, unread } = await client.facts()
    expect([unlisted, branches, unread]).toEqual([{ branches: expect.stringMatching(why) }, [], undefined])
    expect(aliases).toEqual(['live', 'preview'])
  })

  test.each([{ name: 'odd' }, null, 'main', { uid: null }, { uid: '' }, { uid: 7 }, { uid: 'x'.repeat(201) }])(
    'a branch that cannot be read (%j) is left out and counted, and the others are there',
    async (odd) => {
      const { stack, client } = await start()
      stack.trouble.refuseLists = {
        branches: {
          status: 200,
          body: { branches: [{ uid: 'main' }, odd, { uid: 'release' }, { uid: 'main', a: 1 }] },
        },
      }
      expect(await client.facts()).toMatchObject({
        branches: ['main', 'release'],
        aliases: ['live', 'preview'],
        unread: { branches: { count: 1, why: expect.stringMatching(/^(uid|it): /) } },
      })
    },
  )

  test.each([{ uid: 'main' }, null, [], { alias: null, uid: 'main' }, { alias: '', uid: 'main' }])(
    'an alias that cannot be read (%j) is left out and counted, and the others are there',
    async (odd) => {
      const { stack, client } = await start()
      const deleted = { alias: null, deleted_at: '2026-05-01T09:00:00.000Z' }
      stack.trouble.refuseLists = {
        branch_aliases: { status: 200, body: { branch_aliases: [odd, { alias: 'live', uid: 'main' }, deleted] } },
      }
      expect(await client.facts()).toMatchObject({
        branches: ['main', 'development', 'feature-x'],
        aliases: ['live'],
        aliasTargets: { live: 'main' },
        unread: { aliases: { count: 1, why: expect.stringMatching(/^(alias|it): /) } },
      })
    },
  )

  test('an alias that is listed twice is left out only if the list gives two targets for it', async () => {
    const { stack, client } = await start()
    const records = [
      { alias: 'live', uid: 'main' },
      { alias: 'next', uid: 'main' },
      { alias: 'live', uid: 'main', seen: 2 },
      { alias: 'next', uid: 'release' },
    ]
    stack.trouble.refuseLists = { branch_aliases: { status: 200, body: { branch_aliases: records } } }
    const { aliases, aliasTargets, unread } = await client.facts()
    expect([aliases, aliasTargets, unread]).toEqual([
      ['live'],
      { live: 'main' },
      { aliases: { count: 1, why: expect.stringContaining('twice') } },
    ])
  })

  test('a list that is down is not ignored', async () => {
    const { stack, client } = await start()
    for (const status of [408, 429, 503]) {
      stack.trouble.refuseLists = { branch_aliases: { status, body: { error_message: 'no', error_code: 1 } } }
      await expect(client.facts()).rejects.toThrow()
    }
  })

  test.each([
    { org_uid: null },
    { settings: 'none' },
    { settings: null },
    { org_uid: 7, settings: { branches: 'yes' } },
  ])('a stack with %j is still known', async (odd) => {
    const { stack, client } = await start({ title: 'Odd' })
    stack.trouble.oddStack = odd
    expect((await client.facts()).title).toBe('Odd')
  })

  test.each([null, undefined, 7, ['Shop'], '', ' \u200B'])(
    'a stack whose name cannot be read (%j) is called what the configuration calls it',
    async (name) => {
      const { stack, client } = await start()
      stack.trouble.oddStack = { name }
      expect(await client.facts()).toMatchObject({ title: 'site', branches: ['main', 'development', 'feature-x'] })
    },
  )

  test('the limits of a plan are known whatever else in it is odd', async () => {
    const plan = { features: [null, { uid: 7 }, { uid: 'getLimit', limit: 10 }, 'x', { uid: 'limit', limit: 5 }] }
    const client = connectTo(
      ({ url }) =>
        Response.json(url.includes('blt0') ? { organization: { plan } } : { stack: { name: 'Shop', org_uid: '' } }),
      { organisation: 'blt0' },
    )
    expect((await client.facts()).organisationLimits).toEqual({ read: 10, write: 5 })
  })

  test.each(['none', { branches: 'yes' }])(
    'a stack that does not say plainly whether it has branches (%j) is asked for them',
    async (settings) => {
      const { stack, client } = await start()
      stack.trouble.oddStack = { settings }
      expect(await client.facts()).toMatchObject({
        branchesEnabled: true,
        branches: ['main', 'development', 'feature-x'],
      })
      const no = { status: 422, body: { error_message: 'no branches here', error_code: 1 } }
      stack.trouble.refuseLists = { branches: no, branch_aliases: no }
      const { unlisted } = await client.facts()
      expect(unlisted).toEqual({ branches: expect.stringContaining('no branches here'), aliases: expect.any(String) })
    },
  )

  test('a branch or an alias that was deleted is not offered, nor does the alias point anywhere', async () => {
    const { stack, client } = await start()
    stack.trouble.deleted = ['feature-x', 'preview']
    expect(await client.facts()).toMatchObject({
      branches: ['main', 'development'],
      aliases: ['live'],
      aliasTargets: { live: 'main' },
    })
    expect((await client.facts()).aliasTargets).not.toHaveProperty('preview')
  })
})
