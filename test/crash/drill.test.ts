import { execFile, execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freePort } from '../support/port.ts'
import { bundled, runCommand, startProcess } from '../support/process.ts'
import { approve, ask, cards, untilApplied } from './people.ts'
import { createWorld, slow, type World } from './world.ts'

/** The blocks of commands of the page, in their order. */
function blocks(): string[] {
  const page = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8')
  const [, section = ''] = /\n## When the machine is lost\n(.*?)\n## /s.exec(page) ?? []
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands!)
}

test('the drill of the page leads from a running app to a verified one in an empty folder', slow, async (context) => {
  const [key, daily, drill, last] = blocks()
  const world = await createWorld(context)
  const folder = mkdtempSync('/tmp/countersign-drill-')
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [own, lost, found, media] = ['own', 'lost', 'found', 'media'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  for (const one of [own, lost, found, media]) mkdirSync(join(one, '.gnupg'), { recursive: true, mode: 0o700 })
  const bin = await withPrograms(folder)
  const walk = (at: string, commands: string) => walked(at, commands.replaceAll('/media/copies', media), bin)

  const env = settledIn(lost, world, await freePort())
  const app = await startProcess({ env, cwd: lost })
  context.onTestFinished(() => void app.kill())
  await app.ready
  await ask(world)
  await world.until(() => cards(world).length > 0, 'the card')
  await approve(world)
  await untilApplied(world)

  await walk(own, key!)
  await walk(lost, `gpg --import ${own}/copies.pub\nexport COUNTERSIGN_DB=${folder}/nowhere.db\n${daily}`)
  expect(readdirSync(lost).filter((name) => /\.tar\.gpg$|^copy$/.test(name))).toEqual([])
  cutOff(lost)
  await walk(lost, daily!)
  await app.kill()
  const copy = readdirSync(lost).find((name) => name.endsWith('.tar.gpg'))!
  expect(readFileSync(join(lost, copy), 'latin1')).not.toContain(env.AUDIT_KEY)
  copyFileSync(join(lost, copy), join(media, copy))
  copyFileSync(join(own, 'copies.key'), join(media, 'copies.key'))
  rmSync(lost, { recursive: true })

  const said = await walk(found, drill!.replace('countersign-2026-06-01.tar.gpg', copy))
  expect(readdirSync(found).filter((name) => name === 'keys')).toEqual([])
  expect(existsSync(join(found, '.gnupg', 'private-keys-v1.d'))).toBe(false)
  expect(said).toContain('There was no database before.')
  expect(said).toContain('intact: yes\ncomplete: yes')
  expect(last).toBe('countersign start --env-file .env\n')
  const paths = { COUNTERSIGN_CONFIG: join(found, 'countersign.yaml'), COUNTERSIGN_DB: join(found, 'countersign.db') }
  const again = await startProcess({ env: paths, args: ['--env-file', '.env'], cwd: found })
  context.onTestFinished(() => void again.kill())
  await again.ready
  expect(await runCommand(['health', '--env-file', join(found, '.env')], {})).toMatchObject({ code: 0 })
  const { out } = await runCommand(['change', 'list', '--all', '--env-file', join(found, '.env')], paths)
  expect(out).toContain('#1')
})

/** Makes the folder of the app as an operator has it; returns the variables. */
function settledIn(folder: string, { env }: World, port: number): Record<string, string> {
  const all = {
    ...env,
    AUDIT_KEY: 'a key of this test, and used for nothing else',
    HEALTH_PORT: String(port),
    COUNTERSIGN_CONFIG: join(folder, 'countersign.yaml'),
    COUNTERSIGN_DB: join(folder, 'countersign.db'),
  }
  copyFileSync(env.COUNTERSIGN_CONFIG!, all.COUNTERSIGN_CONFIG)
  appendFileSync(all.COUNTERSIGN_CONFIG, 'anchors:\n  file: anchors.ndjson\n')
  const lines = Object.entries(all).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 })
  return all
}

/** The folder of the daily copy as a day leaves it on which the machine went down in the middle. */
function cutOff(folder: string): void {
  mkdirSync(join(folder, 'copy'))
  writeFileSync(join(folder, 'copy', 'backup.db'), 'of another day')
}

/** A folder with the program, as an installed package puts it on the path, and a gpg that asks for no passphrase. */
async function withPrograms(folder: string): Promise<string> {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const gpg = execFileSync('sh', ['-c', 'command -v gpg'], { encoding: 'utf8' }).trim()
  const programs = {
    countersign: `'${process.execPath}' '${await bundled()}'`,
    gpg: `'${gpg}' --batch --pinentry-mode loopback --passphrase ''`,
  }
  for (const [name, command] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 })
  return bin
}

/** Types the commands at a terminal in that folder, of somebody whose keys are there. */
async function walked(folder: string, commands: string, bin: string): Promise<string> {
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: folder, GNUPGHOME: join(folder, '.gnupg') }
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-e', '-o', 'pipefail', '-c', `trap 'gpgconf --kill all' EXIT\n${commands}`],
    { cwd: folder, env },
  )
  return stdout
}
