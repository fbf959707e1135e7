import { describe, expect, test } from 'vitest'
import { demoPolicy } from '../../src/cli/demo/workspace.ts'
import { startWorld } from '../support/journey.ts'

const manyTokens = Array.from({ length: 301 }, (_, i) => ({
  uid: `blt5c1de0000000b${String(i).padStart(3, '0')}`,
  name: `robot-${i}`,
  scope: [{ module: 'branch', acl: { read: true }, branches: ['main'] }],
}))

describe('finding a token', () => {
  test.each(['ci-deploy', 'CI-Deploy', 'blt5c1de0000000a001', ' ci-deploy  ', '“ci-deploy"'])(
    '/token edit %j opens the form of that token',
    async (typed) => {
      const { alice, audit, whoSees } = await startWorld()
      await alice.opens(typed)
      expect(alice.reads()).toContain('Token: ci-deploy on Website')
      expect(whoSees('Deploys from CI')).toEqual([alice.id])
      expect((await alice.form()).name).toBe('ci-deploy')
      expect(await audit()).toEqual(['app started'])
    },
  )

  test.each(['website/ci-deploy', 'Acme Site (EU)/ci-deploy'])(
    '%s is the same token for a page, a form, a history and a quick command',
    async (typed) => {
      const { alice } = await startWorld({ stack: { title: 'Acme Site (EU)' } })
      await alice.says(`/token show ${typed}`)
      await alice.modalCalled('token_page')
      await alice.says(`/token history ${typed}`)
      expect((await alice.hears())[0]).toContain('ci-deploy')
      await alice.says(`/token rename ${typed} to ci because it is short`)
      await alice.modalCalled('preview')
      await alice.opens(typed)
      expect(alice.reads()).toContain('Token: ci-deploy on Acme Site (EU)')
    },
  )

  test('a name that fits no token is answered with the nearest ones, which open the form in the same modal', async () => {
    const { alice, whoSees } = await startWorld()
    await alice.says('/token edit ci-deplyo')
    const { id } = await alice.modalCalled('pick_form')
    expect(alice.reads()).toBe(
      'No token is called ci-deplyo, so nothing was opened. Did you mean this one?\nci-deploy · Website\nEdit…\nOr another token\nType part of its name',
    )
    expect(whoSees('ci-deplyo')).toEqual([alice.id])
    await alice.press({ id }, 'edit_this_token')
    expect((await alice.modalCalled('edit_form')).id).toBe(id)
    expect((await alice.form()).name).toBe('ci-deploy')
  })

  test('a name with spaces may be in quotes for its form, its page and its history', async () => {
    const { alice, stack } = await startWorld()
    stack.edit('blt5c1de0000000a001', { name: 'old migration & co' })
    await alice.says('/token show "old migration & co"')
    await alice.modalCalled('token_page')
    await alice.says('/token history "old migration & co" 1')
    const [history] = await alice.hears()
    expect(history).toMatch(/old migration &(amp;)? co/)
    expect(history).not.toContain('It is not clear which token')
    await alice.opens('"old migration & co"')
    expect((await alice.form()).name).toBe('old migration & co')
  })

  test.each([
    ['edit', 'pick_form', 'edit_form'],
    ['show', 'pick_page', 'token_page'],
  ])("/token %s with a name like no token's says so, and offers all tokens", async (verb, picks, opens) => {
    const { alice, whoSees } = await startWorld()
    await alice.says(`/token ${verb} something-else-entirely`)
    const picker = await alice.modalCalled(picks)
    expect(alice.reads()).toContain('No token is called something-else-entirely, and there are no similar names.')
    expect(whoSees('something-else-entirely')).toEqual([alice.id])
    await alice.suggest(picker, 'pick_token', 'ci')
    await alice.fill('pick', 'pick_token', 'blt5c1de0000000a001:website')
    await alice.submits()
    await alice.modalCalled(opens)
  })

  test.each([
    ['edit ci-deploy, migration-2024', 'pick_form', ['ci-deploy · Website', 'migration-2024 · Website']],
    ['show me the secret of ci-deploy', 'pick_page', ['ci-deploy · Website']],
  ])('/token %s offers the tokens that are named in it', async (line, picks, offered) => {
    const { alice } = await startWorld()
    await alice.says(`/token ${line}`)
    await alice.modalCalled(picks)
    expect(alice.reads().match(/^\S+ · Website/gm)).toEqual(offered)
  })

  test('a name that two tokens share is answered privately with both, and opens the one pressed', async () => {
    const { alice, until, stack, whoSees } = await startWorld()
    stack.edit('blt5c1de0000000a002', { name: 'CI-deploy' })
    await alice.says('/token list')
    await alice.hears()
    await alice.says('/token edit ci-deploy')
    const answer = await until('the choice', () => alice.messages('general')[1])
    expect(answer.ephemeral).toBe(true)
    expect(alice.toldPrivately()[1]).toContain(
      'ci-deploy · Website · …a001 · Deploys from CI\nEdit…\nCI-deploy · Website · …a002 · Reads entries for the preview site\nEdit…',
    )
    expect(whoSees('It is not clear which token ci-deploy means')).toEqual([alice.id])
    await alice.press(answer, 'edit_this_token', 'blt5c1de0000000a002:website')
    await alice.modalCalled('edit_form')
    expect(await alice.form()).toMatchObject({ name: 'CI-deploy', description: 'Reads entries for the preview site' })
  })

  test('/token offers every one of 301 tokens to somebody who types part of its name', async () => {
    const { alice, store, until } = await startWorld({ stack: { tokens: manyTokens } })
    await until('the first listing', async () => (await store.knownTokens()).length === manyTokens.length)
    await alice.says('/token')
    const picker = await alice.modalCalled('pick_form')
    expect(await alice.suggest(picker, 'pick_token', '')).toHaveLength(100)
    const offered = await alice.suggest(picker, 'pick_token', 'bot-30')
    expect(offered.map((option) => 'text' in option && option.text.text)).toEqual(['robot-30', 'robot-300'])
    await alice.fill('pick', 'pick_token', 'blt5c1de0000000b300:website')
    await alice.submits()
    expect((await alice.form()).name).toBe('robot-300')
  })

  test('the shortcut and the button of App Home lead to the same choice', async () => {
    const { alice } = await startWorld()
    await alice.shortcut('edit_token')
    await alice.modalCalled('pick_form')
    await alice.closeModal()
    await alice.opensHome()
    await alice.press('home', 'edit_a_token')
    const picker = await alice.modalCalled('pick_form')
    await alice.suggest(picker, 'pick_token', 'ci')
    await alice.fill('pick', 'pick_token', 'blt5c1de0000000a001:website')
    await alice.submits()
    expect((await alice.form()).name).toBe('ci-deploy')
  })

  test.each(['show', 'history'])(
    '/token %s without a name lets people choose a token, and opens its page',
    async (verb) => {
      const { alice } = await startWorld()
      await alice.says(`/token ${verb}`)
      const picker = await alice.modalCalled('pick_page')
      await alice.suggest(picker, 'pick_token', 'ci')
      await alice.fill('pick', 'pick_token', 'blt5c1de0000000a001:website')
      await alice.submits()
      expect(alice.reads()).toContain('ci-deploy')
      expect(alice.toldPrivately()).toEqual([])
    },
  )

  test('/token list shows every token to the one who asked', async () => {
    const { alice, stack, whoSees } = await startWorld()
    stack.edit('blt5c1de0000000a002', { name: 'renamed-by-hand' })
    await alice.says('/token list')
    await alice.hears()
    expect(alice.toldPrivately()[0]).toMatch(
      /^3 tokens under governance:\nci-deploy on Website: .*\nrenamed-by-hand on Website: .*\nmigration-2024 on Website: /,
    )
    expect(whoSees('renamed-by-hand')).toEqual([alice.id])
  })

  test('/token list says that it may be out of date when the stack is out of reach', async () => {
    const { alice, stack } = await startWorld()
    stack.trouble.refuseReads = { status: 401, body: { error_message: 'logged out', error_code: 105 } }
    await alice.says('/token list')
    const [said] = await alice.hears()
    expect(said).toContain('ci-deploy')
    expect(said).toContain('This is what Countersign saw last, and may be out of date.')
    expect(said).toContain("Contentstack doesn't accept the authtoken")
  })

  test('/token help says everything that can be typed', async () => {
    const { alice, whoSees, audit } = await startWorld()
    await alice.says('/token HELP')
    const [help] = await alice.hears()
    for (const verb of ['/token edit', '/token list', '/token show', '/token help']) expect(help).toContain(verb)
    expect(help).not.toContain('Nothing was done')
    expect(whoSees('What you can say')).toEqual([alice.id])
    expect(await audit()).toEqual(['app started'])
  })

  test.each(['ci-deploy', 'blt5c1de0000000a001'])(
    '/token %s says in short what that token is, with its page and its form one press away',
    async (typed) => {
      const { alice, stack, until, whoSees } = await startWorld()
      await alice.asksFor('ci-deploy', { name: 'ci' })
      await alice.says(`/token ${typed}`)
      const [said] = await alice.hears()
      const day = stack.token('blt5c1de0000000a001')!.expires_on
      expect(said).toMatch(
        new RegExp(
          `^ci-deploy on Website: reads \\d modules, writes \\d, expires ${day}\\.\nDeploys from CI.*\nOpen change #1 by @U0ALICE: Name\\. It is waiting for 1 approval\\. .*\nShow\nEdit…$`,
        ),
      )
      expect(whoSees('Deploys from CI')).toEqual([alice.id])
      const answer = alice.messages('general')[0]!
      await alice.press(answer, 'show_token')
      await alice.modalCalled('token_page')
      await alice.closeModal()
      await alice.press(answer, 'edit_this_token')
      await alice.modalCalled('edit_form')
      expect((await alice.form()).name).toBe('ci-deploy')
      await until('no more messages', () => alice.toldPrivately().length === 1)
    },
  )

  test('a mistyped command is answered in one line, with a button that does what was meant', async () => {
    const { alice, audit } = await startWorld()
    await alice.says('/token edti ci-deploy')
    expect(await alice.hears()).toEqual([
      '/token edti is not a command, so nothing was done. Did you mean /token edit ci-deploy?\nEdit…',
    ])
    await alice.press(alice.messages('general')[0]!, 'say')
    await alice.modalCalled('edit_form')
    expect((await alice.form()).name).toBe('ci-deploy')
    await alice.closeModal()
    await alice.says('/token histroy ci-deploy')
    await alice.hears(2)
    await alice.press(alice.messages('general')[1]!, 'say')
    expect((await alice.hears(3))[2]).toMatch(/^History of token ci-deploy/)
    await alice.says('/token ci-deploy rename to ci because it is short')
    await alice.hears(4)
    await alice.press(alice.messages('general')[3]!, 'say')
    await alice.modalCalled('preview')
    expect(await audit()).toEqual(['app started'])
  })

  test('a line that names a token and no command says so, and offers that token', async () => {
    const { alice } = await startWorld()
    const lines = [
      'ci-deploy because it is late',
      'delete ci-deploy',
      'rotate ci-deploy please',
      'ci-deploy extend 90d',
    ]
    for (const [i, line] of lines.entries()) {
      await alice.says(`/token ${line}`)
      await alice.hears(i + 1)
    }
    const [because, gone, rotated, turned] = alice.toldPrivately()
    const ways = 'ci-deploy · Website\nShow\nEdit…\nThe whole line:\n'
    expect(because).toBe(
      `because it is late after the name of a token is not a command, so nothing was done. This works:\n${ways}/token ci-deploy because it is late\nAll commands`,
    )
    expect(gone).toContain(
      `/token delete is not a command, so nothing was done. Countersign never deletes a token: that is done in Contentstack, under Settings → Tokens. This works:\n${ways}`,
    )
    expect(rotated).toContain('For a new value, generate a new token in Contentstack, under Settings → Tokens')
    expect(turned).toBe(
      'The command comes before the name of the token, so nothing was done. Did you mean /token extend ci-deploy 90d?\nExtend…',
    )
    await alice.press(alice.messages('general')[1]!, 'edit_this_token')
    await alice.modalCalled('edit_form')
  })

  test('a number that is no change, and the name of a token, offers that token', async () => {
    const tokens = [{ uid: 'blt5c1de0000000b042', name: '42', scope: [{ module: 'entry', acl: { read: true } }] }]
    const { alice } = await startWorld({ stack: { tokens } })
    await alice.says('/token 42')
    const [none, token] = await alice.hears(2)
    expect(none).toContain('There is no change #42')
    expect(token).toBe('A token is called 42:\n42 · Website\nShow\nEdit…')
  })

  test('the form is offered only to those it can open for, and the others are told why not', async () => {
    const { alice, bob, audit } = await startWorld({
      config: { policy: { ...demoPolicy, may_ask: ['U0BOB'], protects: ['migration-*'] } },
    })
    const notAmong =
      'You are not among those who may ask for changes on this stack: ask whoever runs Countersign who may.'
    const shut = 'This token is protected: nobody can change it here.'
    for (const line of ['ci-deploy', 'edti ci-deploy', 'extnd ci-deploy 90d', 'ci-deploy 90d'])
      await alice.says(`/token ${line}`)
    for (const said of await alice.hears(4)) expect(said).toContain(`${notAmong}\nShow`)
    expect(alice.toldPrivately().join()).not.toContain('Edit…')
    expect(await bob.answerTo('/token ci-deploy')).toMatch(/Show\nEdit…$/)
    expect(await bob.answerTo('/token migration-2024')).toMatch(new RegExp(`${shut}\nShow$`))
    // Nobody has tried anything.
    expect(await audit()).toEqual(['app started'])
  })

  test('a line that is neither a command nor a token is answered with the nearest tokens, and with all commands', async () => {
    const { alice } = await startWorld()
    expect(await alice.answerTo('/token ci-deplyo')).toBe(
      '/token ci-deplyo is not a command here, and no token is called that. Did you mean one of these?\nci-deploy · Website\nShow\nChoose a token…\nAll commands',
    )
    expect(await alice.answerTo('/token frobnicate <everything>')).toBe(
      '/token frobnicate is not a command here, and no token is called that, so nothing was done.\nThe whole line:\n/token frobnicate <everything>\nChoose a token…\nAll commands',
    )
    await alice.press(alice.messages('general')[0]!, 'show_a_token')
    await alice.modalCalled('pick_page')
    await alice.closeModal()
    await alice.press(alice.messages('general')[1]!, 'say')
    expect((await alice.hears(3))[2]).toContain('What you can say')
  })

  test('/token list takes a stack, a part of a name, or what expires, and offers all tokens if none fits', async () => {
    const { alice } = await startWorld()
    expect(await alice.answerTo('/token list all tokens on website')).toMatch(/^3 tokens on Website:/)
    expect(await alice.answerTo('/token list the expired tokens')).toMatch(/^No token has expired\./)
    expect(await alice.answerTo('/token list website')).toMatch(/^3 tokens on Website:\n/)
    expect(await alice.answerTo('/token list preview')).toMatch(
      /^1 token with preview in the name, the uid or the stack:\npreview-reader on Website: .*$/,
    )
    expect(await alice.answerTo('/token list nothing-like-it')).toBe(
      'No token with nothing-like-it in the name, the uid or the stack is known here.\nList all tokens',
    )
    await alice.press(alice.messages('general')[4]!, 'say')
    expect((await alice.hears(6))[5]).toMatch(/^3 tokens under governance:/)
  })
})

test.each([
  ['/token edit brand-new', 'edit_form'],
  ['/token rename brand-new to newer because it is', 'preview'],
])('%j finds a token that got its name while a look from before that was under way', async (line, opens) => {
  const tokens = manyTokens.slice(0, 101)
  const { alice, bob, stack, until } = await startWorld({ transport: 'socket', stack: { tokens } })
  await bob.says('/token list')
  await until('the list', () => JSON.stringify(bob.toldPrivately()).includes('101 tokens'))
  stack.clear()
  const pages = () => stack.requests.filter(({ path }) => path.endsWith('/management_tokens')).length
  const listed = Promise.withResolvers<void>()
  stack.hooks.beforeReading = async () => {
    if (pages() >= 2) await listed.promise
  }
  await bob.says('/token list')
  await until('the second page to be asked for', () => pages() >= 2)
  stack.edit(manyTokens[3]!.uid, { name: 'brand-new' })
  await alice.says(line)
  await until('Alice to wait', () => alice.modal() !== undefined)
  listed.resolve()
  await until('what she typed', () => alice.modal()?.view.callback_id === opens)
})
