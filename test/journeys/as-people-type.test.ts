import { expect, test } from 'vitest'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { startWorld } from '../support/journey.ts'

const transport = 'socket'

test('lines in other words than those of a command are answered with what was meant', async () => {
  const { alice } = await startWorld({ transport })
  await alice.asksFor('ci-deploy', { name: 'ci' })
  const tokens = /^3 tokens under governance:/
  const mine = /^You have 1 open change:\n#1 /
  const change = /^Renames ci-deploy to ci · #1\n/
  const brief = /^ci-deploy on Website: reads \d modules/
  const help = /^Countersign edits Contentstack management tokens with approval\. What you can say:/
  for (const [line, says] of [
    ['ls', tokens],
    ['all tokens', tokens],
    ['show all tokens', tokens],
    ['list tokens expiring this month', /^1 token that expires within 30 days:/],
    ["what's expiring soon?", /^1 token that expires within 30 days:/],
    ['website', /^3 tokens on Website:/],
    ['show website', /^3 tokens on Website:/],
    ['my changes', mine],
    ['show my changes please', mine],
    ["what's pending?", /^1 change waiting for approval:/],
    ['what is pending', /^1 change waiting for approval:/],
    ['pending on website please', /^1 change waiting for approval on Website:/],
    ['show #1', change],
    ['show 1', change],
    ['edit 1', change],
    ['history 1', change],
    ['why #1', change],
    ["why can't I approve 1", change],
    ['who can approve #1?', change],
    ['why is 1 still waiting?', change],
    ['cancel my change to ci-deploy', /^You have 1 open change about a token .*\n#1 /],
    ['cancel my change', mine],
    ['review the change to ci-deploy', /^1 change waiting for approval.*\n/],
    ['change 1', /Did you mean \/token #1\?\nShow #1$/],
    ['reject 1 because it is late', /Did you mean \/token #1\?\nShow #1$/],
    ['find ci', /^1 token with ci in the name/],
    ['search for deploy', /^1 token with deploy in the name/],
    [
      'grant write on entries to ci-deploy',
      /^This can't be asked for\.\nNothing would change: .*What you typed:\n\/token grant write on/s,
    ],
    ['grant write on assets to ci-deploy', /Did you mean \/token grant ci-deploy write on assets\?\n/],
    ['when does ci-deploy expire?', brief],
    ['the token ci-deploy', brief],
    ['`ci-deploy`', brief],
    ['?', help],
    ['hello', help],
    ['help extend', /^\/token extend <name> .*\nFor example: \/token extend ci-deploy 90d because .*\nAll commands$/],
    ['how do I rename a token?', /^\/token rename <name> to <new name>: another name\n/],
    ['report', /The report on changes is on the Home tab/],
    ['export', /Whoever runs Countersign can export the log and verify it\./],
    ['policy', /The check before an edit is sent says which rule it meets, and who has to approve it\./],
    ['remove ci-deploy', /Countersign never deletes a token: .* This works:\nci-deploy · Website\nShow\nEdit…/s],
    ['disable ci-deploy', /delete it in Contentstack, under Settings → Tokens\. This works:/],
    ['revert ci-deploy', /Revert to before this\. This works:/],
    ['history of ci-deploy please', /^History of token ci-deploy on Website/],
    ['show history of ci-deploy', /^History of token ci-deploy on Website/],
    ['ci-deploy 90d', /Did you mean \/token extend ci-deploy 90d\?\nExtend 90d…$/],
    [
      'only allow ci-deploy read on entries',
      /Did you mean \/token restrict ci-deploy to read on entries\?\nRestrict to read on entry…$/,
    ],
    [
      'limit ci-deploy to branch main',
      /Did you mean \/token restrict ci-deploy to branch main\?\nRestrict to branch main…\n/,
    ],
    [
      'limit ci-deploy to branches main and feature-x',
      /^This can't be asked for\..*What you typed:\n\/token limit ci-deploy .*\nScope \+feature-x -development -live…\n/s,
    ],
    ['renew ci-deploy', /^Say until when: .*What you typed:\n\/token renew ci-deploy\nShow\nEdit…$/s],
    ['prolong ci-deploy by one year', /^by one year is not a length .*\nExtend 1y…\n/],
    ['expire ci-deploy tomorrow', /^tomorrow is not a length .*\nExtend \d{4}-\d\d-\d\d…\n/],
    ['rate limit ci-deploy to 5 per second', /\nLimit read 5 write 50…\nLimit read 100 write 5…\n/],
    ['give ci-deploy access to branch feature-x', /^branch is not a kind of access: .*\nScope \+feature-x…\n/],
    ['disallow ci-deploy writing entries', /\nRevoke write on entry…$/],
    [
      'renew ci-deploy and migration-2024 by 90d',
      /^This names several tokens, .*\nExtend ci-deploy 90d…\nExtend migration-2024 90d…\n/,
    ],
    ['extend all my tokens by 30d', /^Name the tokens: a line can't ask for all of them\. .*\nChoose a token…$/s],
    ['remove all branches except main from ci-deploy', /^remove has no sign: .*\nScope -development…\n/],
    ['remove everything but main from ci-deploy', /\nRestrict to branch main…$/],
    ['limit ci-deploy to 10 days', /organisation\. For example: \/token limit ci-deploy read 50 write 10\n/],
    ['limit ci-deploy until 2027-05-01', /\nExtend 2027-05-01…\n/],
    [
      'keep ci-deploy for 30 days',
      /^\/token keep is not a command, so nothing was done\. This works:\nci-deploy · Website\n/,
    ],
    ['only ci-deploy', /^\/token only is not a command, so nothing was done\. This works:\nci-deploy · Website\n/],
    ['restrict ci-deploy to all', /^all leaves nothing to take away: .* For example: /],
    ['add entries to ci-deploy', /^This can't be asked for\.\nNothing would change: /],
    ['remove entries from ci-deploy', /^entries is not a kind of access: .*\nRevoke write on entry…\n/s],
    ['add assets to ci-deploy', /^assets is not a kind of access: .*\nGrant read on asset…\nGrant write on asset…\n/s],
    ['add write to ci-deploy', /^Say on what: .*What you typed:\n\/token add write to ci-deploy\n/s],
    ['remove access to assets from ci-deploy', /^This can't be asked for\.\nNothing would change: /],
    ['give ci-deploy write on entries for the migration', /^This can't be asked for\.\nNothing would change: /],
    [
      'add a note to ci-deploy: for the web team',
      /The description is set in the form: Edit… opens it there\..*\nEdit…\n/s,
    ],
    ['add a note to ci-deploy', /^\/token add is not a command, .*\nEdit…\n/s],
    [
      'restrict ci-deploy to main and feature-x',
      /Restrict gives nothing\. This does: .*\nScope \+feature-x -development -live…\n/s,
    ],
    ['extend ci-deploy write on assets', /\nGrant write on asset…\n/],
    [
      'add branch feature-x and feature-y to ci-deploy',
      /^This can't be asked for\.\n.*called feature-y .*What you typed:\n\/token add branch .*\nScope \+feature-x…/s,
    ],
    [
      'extend ci-deploy and migration-2024 by 90d',
      /^This names several tokens, .*\nExtend ci-deploy 90d…\nExtend migration-2024 90d…\n/,
    ],
  ] as const) {
    const before = alice.toldPrivately().length
    await alice.says(`/token ${line}`)
    expect((await alice.hears(before + 1))[before], line).toMatch(says)
  }
  expect(alice.modal()).toBeUndefined()
})

test('a line about many tokens has a button for each, and says for which of them it would be refused', async () => {
  const [ciDeploy] = exampleTokens()
  const named = (name: string, i: number) => ({ ...ciDeploy!, uid: `blt5c1de0000000b${100 + i}`, name })
  const many = Array.from({ length: 10 }, (_, i) => named(`ci-${i}`, i))
  const { alice } = await startWorld({ transport, stack: { tokens: [...exampleTokens(), ...many] } })
  const said = await alice.answerTo('/token extend ci-0, ci-1, ci-2, ci-3 and preview-reader by 30d')
  expect(said).toContain(
    'This names several tokens, and a line is about one. Did you mean one of these? This would be refused for preview-reader.\n' +
      'Extend ci-0 30d…\nExtend ci-1 30d…\nExtend ci-2 30d…\nExtend ci-3 30d…\nNothing was opened',
  )
  const all = await alice.answerTo(`/token extend ${many.map(({ name }) => name).join(' ')} 30d`)
  expect(all).toMatch(/Did you mean one of these\? The first 9 have a button\.\nExtend ci-0 30d…\n/)
  expect(all).toContain('Extend ci-8 30d…\nNothing was opened')
})

test('a polite line opens what it asks for, and the form opens where it was asked to', async () => {
  const { alice, stack } = await startWorld({ transport })
  stack.edit('blt5c1de0000000a002', { name: 'access-bot' })
  await alice.says('/token list')
  await alice.hears()
  for (const line of [
    'can you please extend ci-deploy by 90 days? Thanks',
    '/token extend ci-deploy by 90 days',
    'just extend ci-deploy by 90 days',
  ]) {
    await alice.says(`/token ${line}`)
    await alice.modalCalled('edit_form')
    expect(alice.reads()).toContain('You typed /token extend ci-deploy by 90 days, understood as: let token ci-deploy')
    await alice.closeModal()
  }
  for (const [line, part] of [
    ['edit the description of ci-deploy', 'description'],
    ['edit ci-deploy branches', 'branches'],
    ['edit access-bot name', 'name'],
    ['edit ci-deploy name because it moved', 'name'],
  ] as const) {
    await alice.says(`/token ${line}`)
    await alice.modalCalled('edit_form')
    expect(alice.inSight(part), line).toBe(true)
    if (line.includes('because')) expect(await alice.form()).toMatchObject({ reason: 'it moved' })
    await alice.closeModal()
  }
  await alice.says('/token show me the ci-deploy token')
  await alice.modalCalled('token_page')
})
