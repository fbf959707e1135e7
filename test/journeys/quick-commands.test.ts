import { describe, expect, test } from 'vitest'
import { demoPolicy } from '../../src/cli/demo/workspace.ts'
import { buttonsIn } from '../slack/kit/drawn.ts'
import { failWrites } from '../support/engine.ts'
import { startWorld, transports, type World } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'
const transport = 'socket'

/** Types a quick command, and resolves with the preview's text. */
async function previews({ alice }: Pick<World, 'alice'>, line: string): Promise<string> {
  await alice.says(line)
  await alice.modalCalled('preview')
  return alice.reads()
}

/** The private message to Alice, if no modal opens. */
async function told({ alice }: Pick<World, 'alice'>, line: string): Promise<string> {
  const said = await alice.answerTo(line)
  expect(alice.modal()).toBeUndefined()
  expect(said).toContain(`Nothing was opened, and nothing was sent. What you typed:\n${line}`)
  return said
}

describe.each(transports)('an edit in one line over %s', (transport) => {
  test('opens the preview as the first view, says what it understood, and sends what it shows', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, stack, audit, whoSees } = world
    const line = '/token rename ci-deploy to CI Deploy because the pipeline moved'
    const said = await previews(world, line)
    expect(said).toBe(
      [
        `You typed ${line}, understood as: rename token ci-deploy to "CI Deploy".`,
        'Edit in the form',
        'Neutral: what the token may do stays the same.',
        'Token: ci-deploy',
        'Stack: Website',
        'What will be written once it is approved',
        'Name: ci-deploy → CI Deploy',
        'Reason',
        'the pipeline moved',
        'Approvals. Rule: approvers',
        '○ @U0BOB, @U0CAROL: needs 1 approval',
      ].join('\n'),
    )
    expect(alice.modal()?.view.close?.text).toBe('Close')
    expect(whoSees('CI Deploy')).toEqual([alice.id])
    expect(await audit()).toEqual(['app started'])

    expect(await alice.submits()).toBeUndefined()
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    expect(await audit()).toEqual(['app started', `${alice.id} proposed`])
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(ciDeploy)?.name).toBe('CI Deploy')
  })

  test("reads Slack's own marks as they were typed, names people mentioned in a reason, and calls nobody", async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, store } = world
    const said = await previews(
      world,
      '/token rename ci-deploy to ci.example.com because @bob asked in #approvals, see https://example.com/a?b=1&c=2',
    )
    expect(said).toContain('Name: ci-deploy → ci.example.com')
    await alice.submits()
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    const reason = '@Bob Brandt asked in #approvals, see https://example.com/a?b=1&c=2'
    expect((await store.get(1)).change).toMatchObject({ after: { name: 'ci.example.com' }, reason })
    expect(card.text).toContain(reason.replace('&', '&amp;'))
    expect(JSON.stringify(slack.calls.map(({ args }) => args))).not.toContain('<@U0BOB> asked')
    await alice.says('/token show nothing.example.com')
    await alice.modalCalled('pick_page')
    expect(alice.reads()).toMatch(/(?<![/|])\bnothing\.example\.com\b(?!\|)/)
  })

  test('leads to the form with everything that it said, and back to the preview', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, store } = world
    await previews(world, '/token grant ci-deploy write on asset because the images')
    const { id, hash } = alice.modal()!
    await alice.press({ id }, 'edit_in_form')
    await slack.waitFor(() => alice.modal()?.hash !== hash, 'the form')
    expect(alice.modal()).toMatchObject({ id, view: { callback_id: 'edit_form' } })
    expect(await alice.form()).toMatchObject({ name: 'ci-deploy', 'module.asset': 'write', reason: 'the images' })
    await alice.fillsIn({ name: 'ci-images' })
    await alice.submits()
    expect(alice.modal()?.view).toMatchObject({ callback_id: 'preview', close: { text: 'Back' } })
    expect(alice.reads()).toMatch(/^Widens: gains read and write on assets\./)
    await alice.closeModal()
    expect(await alice.form()).toMatchObject({ name: 'ci-images', 'module.asset': 'write' })
    await alice.submits()
    expect(await alice.submits()).toBeUndefined()
    await slack.waitFor(() => bob.cards()[0], 'the card')
    const { change } = await store.get(1)
    expect(change).toMatchObject({ reason: 'the images', after: { name: 'ci-images' } })
    expect(change.after.permissions.modules).toEqual({ content_type: 'read', entry: 'write', asset: 'write' })
  })

  test('without a reason opens a modal of two things: what was understood, and the reason', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack } = world
    await alice.says('/token scope ci-deploy +feature-x -main')
    const form = await alice.modalCalled('edit_form')
    expect(alice.reads()).toMatch(
      /^You typed \/token scope ci-deploy \+feature-x -main, understood as: let token ci-deploy name feature-x, and let token ci-deploy no longer name main\.\nSay why below; then you can check the change\./,
    )
    expect(await alice.form()).toEqual({ reason: null })
    expect(JSON.stringify(form.view.blocks).match(/"focus_on_load":true/g)).toHaveLength(1)
    expect(JSON.stringify(form.view.blocks.at(-1))).toContain('"focus_on_load":true')
    await alice.submits()
    expect(Object.keys(alice.errors())).toEqual(['reason'])
    await alice.fillsIn({ reason: 'main is frozen' })
    await alice.submits()
    expect(alice.reads()).toContain('Branches: development, main → development, feature-x')
    expect(await alice.submits()).toBeUndefined()
    await slack.waitFor(() => bob.cards()[0], 'the card')
  })
})

describe('each quick command', () => {
  test('previews what it asks for', async () => {
    const world = await startWorld({ transport })
    const { alice, stack, bob, audit } = world
    const expiry = stack.token(ciDeploy)!.expires_on!
    const later = new Date(Date.parse(expiry) + 90 * 86_400_000).toISOString().slice(0, 10)
    for (const [line, ...sayings] of [
      [
        '/token extend ci-deploy 90d',
        `expire on ${later}, 90 days after its current expiry, ${expiry}.`,
        `${expiry} → ${later}`,
      ],
      ['/token extend ci-deploy 2099-01-31', 'let token ci-deploy expire on 2099-01-31.', '→ 2099-01-31'],
      ['/token EXTEND CI-Deploy never', 'let token ci-deploy never expire.', 'Widens: no longer expires.'],
      ['/token extend “ci-deploy” 1y', '1 year after', 'Widens: expires 36'],
      [
        '/token grant ci-deploy write on entry, asset',
        'give token ci-deploy write on entries, assets.',
        'Assets: no access → read and write',
      ],
      ['/token revoke ci-deploy write', 'take write everywhere from', 'Entries: read and write → read'],
      ['/token limit ci-deploy read 50 write 10', '50 reads and 10 writes a second', "the organisation's → 50 reads"],
      [
        '/token limit migration-2024 organisation',
        "the organisation's rate limits",
        '20 reads and 10 writes a second →',
      ],
      [
        `/token rename ${ciDeploy} to "x because y"`,
        'rename token ci-deploy to "x because y".',
        'ci-deploy → x because y',
      ],
    ] as const) {
      const said = await previews(world, `${line} because it must be`)
      for (const saying of sayings) expect(said).toContain(saying)
      expect(said).toContain('Reason\nit must be')
      await alice.closeModal()
    }
    expect(bob.cards()).toEqual([])
    expect(await audit()).toEqual(['app started'])
  })

  test('is drawn from the token as it is now, not as it was last seen', async () => {
    const world = await startWorld({ transport })
    const { alice, stack, store } = world
    stack.edit(ciDeploy, { description: 'By hand', expires_on: '2098-12-31' })
    const said = await previews(world, '/token extend ci-deploy 1d because it is late')
    expect(said).toContain('Expires: 2098-12-31 → 2099-01-01')
    expect(await alice.submits()).toBeUndefined()
    expect((await store.get(1)).change.before).toMatchObject({ description: 'By hand', expiresOn: '2098-12-31' })
  })

  test('finds a token that was made since the last look, whatever is in its name', async () => {
    const tokens = [{ uid: 'blt5c1de0000000d001', name: 'old', scope: [{ module: '$all', acl: { read: true } }] }]
    const world = await startWorld({ transport, stack: { tokens, branchesEnabled: false } })
    world.stack.edit('blt5c1de0000000d001', { name: 'next to last' })
    const said = await previews(world, '/token rename next to last to last because order')
    expect(said).toContain('Name: next to last → last')
  })

  test('opens from the last look while Contentstack is out of reach', async () => {
    const world = await startWorld({ transport })
    world.stack.trouble.refuseReads = { status: 403, body: { error_message: 'no', error_code: 161 } }
    expect(await previews(world, '/token rename ci-deploy to x because y')).toContain('Name: ci-deploy → x')
  })

  test('says that it shows the last look while the stack does not let Countersign in, and why', async () => {
    const world = await startWorld({ transport })
    const expiry = world.stack.token(ciDeploy)!.expires_on!
    world.stack.trouble.refuseReads = {
      status: 401,
      body: { error_message: 'You are not logged in.', error_code: 105 },
    }
    const said = await previews(world, '/token extend ci-deploy 30d because of it')
    expect(said).toContain(`, 30 days after the expiry that was last seen, ${expiry}.`)
    expect(said).toMatch(
      /Contentstack does not let Countersign in \(the authtoken .*\): whoever runs Countersign has to fix that\. This is the token as it was last seen \(.* or later\)\. You can send it all the same: nothing is written before the token has been looked at again\.\nEdit in the form/,
    )
    await world.alice.closeModal()
    await world.alice.says('/token extend ci-deploy 30d')
    await world.alice.modalCalled('edit_form')
    expect(world.alice.reads().match(/This is the token as it was last seen/g)).toHaveLength(1)
  })

  test('opens from the last look while Contentstack keeps people waiting', async () => {
    const world = await startWorld({ transport })
    world.stack.trouble.slowMs = 15_000
    const said = await previews(world, '/token rename ci-deploy to x because y')
    expect(said).toContain('Name: ci-deploy → x')
    expect(said).toContain('This token was not looked at again just now. This is the token as it was last seen (')
    world.stack.trouble.slowMs = 0
  })

  test('a token with a verb as its name can still be edited', async () => {
    const scope = [{ module: '$all', acl: { read: true } }]
    const tokens = [{ uid: 'blt5c1de0000000d001', name: 'rename', scope }]
    const world = await startWorld({ transport, stack: { tokens, branchesEnabled: false } })
    await world.alice.opens('rename')
    await world.alice.closeModal()
    expect(await previews(world, '/token rename rename to mine because y')).toContain('Name: rename → mine')
  })
})

describe("a line that can't be read", () => {
  test('is given back with the nearest right word and an example', async () => {
    const world = await startWorld({ transport })
    const { alice, whoSees, stack } = world
    expect(await told(world, '/token grant ci-deploy wirte on entry because <y>')).toContain(
      'wirte is not a kind of access: say read or write. Did you mean write? For example: /token grant ci-deploy write on entry, asset',
    )
    expect(await told(world, '/token grant ci-deploy write on entrys')).toContain('Did you mean entry?')
    expect(await told(world, '/token extend ci-deploy tomorrow')).toMatch(/Did you mean .*ci-deploy \d{4}-\d\d-\d\d\?/)
    expect(await told(world, '/token extend ci-deploy soon')).toContain('For example: /token extend ci-deploy 90d')
    expect(await told(world, '/token scope ci-deploy +featur-x because y')).toContain('Did you mean +feature-x?')
    expect(await told(world, '/token extend ci-deploy 2020-01-01 because y')).toContain('would have expired already')
    expect(await told(world, '/token rename ci-deploy to ci-deploy because y')).toContain('Nothing would change')
    expect(await told(world, '/token revoke ci-deploy read because y')).toContain(
      'would leave token ci-deploy no access at all',
    )
    expect(whoSees('nothing was sent')).toEqual([alice.id])
    expect(stack.takenUpdates()).toBe(0)
  })

  test('is given back with buttons for the line that was meant, and for the token', async () => {
    const world = await startWorld({ transport })
    const { alice } = world
    await told(world, '/token grant ci-deploy wirte on asset because <y>')
    await alice.press(alice.messages('general')[0]!, 'say')
    await alice.modalCalled('preview')
    expect(alice.reads()).toContain('Assets: no access → read and write')
    await alice.closeModal()
    expect(await told(world, '/token scope ci-deploy +featur-x -main because y')).toMatch(
      /\nScope \+feature-x -main…\n/,
    )
    await alice.press(alice.messages('general')[1]!, 'say')
    await alice.modalCalled('preview')
    expect(alice.reads()).toContain('development, main → development, feature-x')
    await alice.closeModal()
    await told(world, '/token extend ci-deploy')
    await told(world, '/token extend ci-deploy 2020-01-01 because y')
    for (const [i, said] of alice.toldPrivately().entries()) {
      expect(said).toMatch(/\nShow\nEdit…$/)
      await alice.press(alice.messages('general')[i]!, 'edit_this_token')
      await alice.modalCalled('edit_form')
      await alice.closeModal()
    }
  })

  test('is asked about if it holds two wishes, and its form keeps the reason and opens what it is about', async () => {
    const world = await startWorld({ transport })
    const { alice } = world
    const said = await told(world, '/token rename ci-deploy to ci-prod and extend by 90d because x')
    expect(said).toMatch(
      /ask for only one\. .*quotes\. Did you mean one of these\?\nRename to ci-prod…\nExtend 90d…\nRename to "ci-prod and/s,
    )
    await alice.press(alice.messages('general')[0]!, 'say_2')
    await alice.modalCalled('preview')
    expect(alice.reads()).toContain('Reason\nx')
    await alice.closeModal()
    await told(world, '/token extend ci-deploy until whenever because the release is late')
    await alice.press(alice.messages('general')[1]!, 'edit_this_token')
    await alice.modalCalled('edit_form')
    expect(await alice.form()).toMatchObject({ reason: 'the release is late', expiry: 'date' })
  })

  test('is asked about if the end of a new name may be another wish, and each reading is one press away', async () => {
    const world = await startWorld({ transport })
    const { alice } = world
    const said = await told(world, '/token rename ci-deploy to ci-prod for 90 days because x')
    expect(said).toContain(
      'for 90 days may be the end of the new name, or another expiry. A line asks for one thing; the form takes several at once. Did you mean one of these?\nRename to ci-prod…\nExtend 90d…\nRename to "ci-prod for 90 days"…\n',
    )
    await alice.press(alice.messages('general')[0]!, 'say_3')
    await alice.modalCalled('preview')
    expect(alice.reads()).toMatch(/ci-deploy → ci-prod for 90 days.*\nReason\nx/s)
    await alice.closeModal()
    await told(world, '/token rename ci-deploy to ci-prod on website')
    await alice.press(alice.messages('general')[1]!, 'say')
    await alice.modalCalled('edit_form')
    expect(alice.reads()).toContain('rename token ci-deploy to "ci-prod".')
    await alice.closeModal()
    expect(await previews(world, '/token rename ci-deploy to ci-prod please because x')).toContain(
      'Name: ci-deploy → ci-prod\n',
    )
  })

  test.each([
    [
      'add branch feature-x to ci-deploy because x',
      'Did you mean /token scope ci-deploy +feature-x because x?\nScope +feature-x…',
    ],
    [
      'grant write on assets to ci-deploy',
      'Did you mean /token grant ci-deploy write on assets?\nGrant write on asset…',
    ],
    ['scope ci-deploy add feature-x and remove main', 'Did you mean /token scope ci-deploy +feature-x -main?\n'],
    ['extend ci-deploy 90d, release is late', 'Did you mean /token extend ci-deploy 90d because release is late?\n'],
    ['notify ci-deploy off', 'The e-mail before a token expires is set in the form: Edit… opens it there. This works:'],
  ])('/token %s is answered with what works', async (typed, says) => {
    const { alice } = await startWorld({ transport })
    await alice.says(`/token ${typed}`)
    const said = await Promise.race([
      alice.hears(1).then(([first]) => first!),
      alice.modalCalled('quick_answer').then(() => alice.reads()),
    ])
    expect(said).toContain(says)
  })

  test('a branch made since the last look is there when the command is repeated', async () => {
    const branches = ['main', 'development']
    const world = await startWorld({ transport, stack: { branches } })
    const { alice, passes, until, store } = world
    passes(120)
    branches.push('feature-y')
    await told(world, '/token scope ci-deploy +feature-y because y')
    await until('the look', async () => (await store.knownFacts('website'))?.branches.includes('feature-y'))
    expect(await previews(world, '/token scope ci-deploy +feature-y because y')).toContain('feature-y')
    await alice.submits()
  })

  test('a name near a token is answered with the same line about that token', async () => {
    const { alice, whoSees } = await startWorld({ transport })
    await alice.says('/token extend ci-deplyo 90d because it is late')
    await alice.modalCalled('quick_answer')
    expect(alice.reads()).toBe(
      [
        'No token is called ci-deplyo. Did you mean this one?',
        'ci-deploy · Website',
        'Extend…',
        'Nothing was opened, and nothing was sent. What you typed:',
        '/token extend ci-deplyo 90d because it is late',
        'Choose a token…',
      ].join('\n'),
    )
    expect(whoSees('ci-deplyo')).toEqual([alice.id])
    const { id } = alice.modal()!
    await alice.press({ id }, 'say')
    expect((await alice.modalCalled('preview')).id).toBe(id)
    expect(alice.reads()).toContain('Reason\nit is late')
    await alice.closeModal()
    await alice.says('/token extend zzzzzzzzzzzz 90d')
    await alice.modalCalled('quick_answer')
    expect(alice.reads()).toContain(
      'No token is called zzzzzzzzzzzz, and there are no similar names; /token finds any of them by part of its name.',
    )
  })

  test('a name that two tokens share is answered with the same line for each, by uid', async () => {
    const world = await startWorld({ transport })
    const { alice, stack, until, store } = world
    stack.edit('blt5c1de0000000a002', { name: 'CI-deploy' })
    await alice.says('/token list')
    await until('the look', async () =>
      (await store.knownTokens()).some(({ settings }) => settings.name === 'CI-deploy'),
    )
    await alice.hears()
    const said = await told(world, '/token extend ci-deploy 90d because it is late')
    expect(said).toContain(
      'ci-deploy · Website · …a001 · Deploys from CI\nExtend…\nCI-deploy · Website · …a002 · Reads entries for the preview site\nExtend…',
    )
    const answer = alice.messages('general')[1]!
    expect(answer.blocks.map((block) => JSON.stringify(block)).join()).toContain(
      'extend blt5c1de0000000a001 90d because',
    )
    await alice.press(answer, 'say', 'extend blt5c1de0000000a001 90d because it is late')
    await alice.modalCalled('preview')
    expect(alice.reads()).toContain('Token: ci-deploy')
  })

  test('an edit that the policy forbids is refused before anybody is asked, and the typed line is kept', async () => {
    const { alice, bob, audit } = await startWorld({ transport, config: { policy: demoPolicy } })
    await alice.says('/token extend ci-deploy never because it must be')
    await alice.modalCalled('quick_answer')
    expect(alice.reads()).toContain('The policy forbids it (every token expires): Every token here expires.')
    expect(alice.reads()).toContain('What you typed:\n/token extend ci-deploy never because it must be')
    expect(bob.cards()).toEqual([])
    expect(await audit()).toEqual(['app started', 'U0ALICE refused'])
  })

  test('a token that has gone meanwhile is refused in the modal', async () => {
    const { alice, stack } = await startWorld({ transport })
    stack.remove(ciDeploy)
    await alice.says('/token rename ci-deploy to x because y')
    await alice.modalCalled('quick_answer')
    expect(alice.reads()).toContain('What you typed:\n/token rename ci-deploy to x because y')
  })

  test('an unexpected failure is reported in the modal and where the command was typed, and logged once', async () => {
    const { alice, stack, logs } = await startWorld({ transport })
    stack.edit(ciDeploy, { name: 'made-just-now' })
    failWrites('insert into "drafts"')
    await alice.says('/token rename made-just-now to x because y')
    await alice.modalCalled('quick_answer')
    expect(alice.reads()).toContain('see the message where you typed')
    expect((await alice.hears())[0]).toContain('Something went wrong here; it is logged as')
    expect(logs.filter((line) => line.includes('"level":50'))).toHaveLength(1)
  })

  test('somebody who closes the modal before it has become the preview gets no more messages about it', async () => {
    const { alice, stack, slack, until, logs } = await startWorld({ transport })
    stack.trouble.slowMs = 100
    await alice.says('/token rename ci-deploy to x because y')
    await alice.modalCalled('loading')
    await alice.closeModal()
    await until('the preview to be late', () => slack.calls.some(({ method }) => method === 'views.update'))
    await alice.says('/token help')
    expect(await alice.hears()).toEqual([expect.stringContaining('What you can say')])
    expect(logs.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test('a command that came too slowly is given back', async () => {
    const world = await startWorld({ transport })
    world.slack.trouble.fail = { 'views.open': 'expired_trigger_id' }
    const said = await told(world, '/token rename ci-deploy to x because y')
    expect(said).toContain('This took too long, so Slack would no longer open the preview: try again.')
    world.slack.trouble.fail = {}
    await world.alice.press(world.alice.messages('general')[0]!, 'say')
    await world.alice.modalCalled('preview')
  })
})

describe('changes listed by command', () => {
  test('/token mine and /token pending list first those that the reader may decide', async () => {
    const { alice, bob, carol, mallory, whoSees } = await startWorld({ transport })
    expect(await alice.answerTo('/token mine')).toBe('You have no open changes.')
    expect(await alice.answerTo('/token pending')).toBe('Nothing is waiting for approval.')
    await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.asksFor('preview-reader', { name: 'reader' })

    await alice.says('/token mine')
    expect((await alice.hears(3))[2]).toMatch(
      /^You have 1 open change:\n#1 Renames ci-deploy to ci · Website\. It is waiting for 1 approval\. \[Open the card\]\(.*\/archives\/C0APPROVALS\/p\d+\)$/,
    )
    await bob.says('/token pending')
    expect((await bob.hears())[0]).toMatch(
      /^2 changes waiting for approval:\nWaiting for you\n#1 Renames ci-deploy .*\nWaiting for others\n#2 Renames preview-reader /,
    )
    await carol.says('/token pending')
    expect((await carol.hears())[0]).toMatch(
      /^2 changes .*:\nWaiting for you\n#2 Renames preview-reader .*\n#1 Renames ci-deploy [^\n]*$/,
    )
    await mallory.says('/token pending')
    expect((await mallory.hears())[0]).toMatch(/^2 changes .*:\nWaiting for others\n#2 .*\n#1 /)
    expect(whoSees('You have 1 open change')).toEqual([alice.id])
  })

  test('they take a stack or a part of a name as /token list does, and offer the whole list if nothing fits', async () => {
    const { alice } = await startWorld({ transport, stack: { title: 'Acme Site' } })
    await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.asksFor('preview-reader', { name: 'reader' })
    const said: string[] = []
    for (const line of [
      'mine website',
      'mine on Acme Site',
      'mine ci-dep',
      'pending preview',
      'list pending READER',
      'list my changes',
    ])
      said.push(await alice.answerTo(`/token ${line}`))
    expect(said[0]).toMatch(/^You have 2 open changes on Acme Site:\n#2 .*\n#1 /)
    expect(said[1]).toMatch(/^You have 2 open changes on Acme Site:\n/)
    expect(said[2]).toMatch(
      /^You have 1 open change about a token with ci-dep in the name, the uid or the stack:\n#1 [^\n]*$/,
    )
    expect(said[3]).toMatch(
      /^1 change waiting for approval about a token with preview in the name, the uid or the stack:\nWaiting for others\n#2 [^\n]*$/,
    )
    expect(said[4]).toMatch(/^1 change waiting for approval about a token with READER in .*\n#2 [^\n]*$/s)
    expect(said[5]).toMatch(/^You have 2 open changes:\n/)
    expect(await alice.answerTo('/token mine shop')).toBe(
      'None of your 2 open changes is about a token with shop in the name, the uid or the stack.\nShow my changes',
    )
    expect(await alice.answerTo('/token pending shop')).toBe(
      'None of the 2 changes that are open is about a token with shop in the name, the uid or the stack.\nShow pending',
    )
    const answers = alice.messages('general').filter(({ ephemeral }) => ephemeral)
    await alice.press(answers.at(-1)!, 'say')
    expect((await alice.hears(9)).at(-1)).toMatch(/^2 changes waiting for approval:/)
  })

  test.each(['/token 1', '/token #1'])('%s shows that change, and the way to its card', async (line) => {
    const { alice, mallory, bob, whoSees } = await startWorld({ transport })
    const card = await alice.asksFor('ci-deploy', { name: 'ci', reason: 'Shorter' })
    await mallory.says(line)
    const [said] = await mallory.hears()
    const body = bob.readsCard(card).split('\nApprove\n')[0]!
    expect(said).toContain(body)
    expect(said).toContain('Reason\nShorter\nWhat will be written\nName: ci-deploy → ci')
    expect(said).toMatch(/\[Open the card\]\(.*\/archives\/C0APPROVALS\/p\d+\)$/)
    const message = mallory.messages('general').find(({ ephemeral }) => ephemeral)
    expect(buttonsIn(message?.blocks)).toEqual([])
    expect(whoSees(message!.ts)).toEqual([mallory.id])
  })

  test('an unknown change is reported', async () => {
    const { alice } = await startWorld({ transport })
    await alice.says('/token #99')
    expect(await alice.hears()).toEqual(['There is no change #99.\nShow my changes\nShow pending'])
    await alice.press(alice.messages('general')[0]!, 'say')
    expect((await alice.hears(2))[1]).toBe('You have no open changes.')
  })
})
