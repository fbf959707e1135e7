import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { countersign } from '../src/cli/program.ts'
import { addressProblem } from '../src/config/database.ts'
import { secretVariables, variables } from '../src/config/variables.ts'
import { isPostgres } from '../src/domain/database-place.ts'
import { packed } from './support/packed.ts'

const run = promisify(execFile)
const read = (name: string) => readFileSync(join('deploy', name), 'utf8')
const unit = read('countersign.service')
const commands = countersign().commands.map((command) => command.name())
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-deploy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('the image', () => {
  const steps = read('Dockerfile').split('\n')
  const stepsOf = (word: string) =>
    steps.flatMap((step) => (step.startsWith(`${word} `) ? step.slice(word.length + 1) : []))

  test('is installed by steps that work in an empty folder, without what only building needs', async () => {
    const folder = emptyFolder()
    const prefix = join(folder, 'prefix')
    const env = { ...process.env, npm_config_prefer_offline: 'true' }
    const steps = [resolve('deploy/install.sh'), await packed(folder), prefix]
    const installed = await run('sh', steps, { cwd: folder, env })
    expect(installed.stdout.trim().split('\n').at(-1)).toBe(version)
    const packages = readdirSync(join(prefix, 'lib', 'node_modules', 'countersign', 'node_modules'))
    expect(packages).toContain('better-sqlite3')
    expect(packages).not.toContain('rolldown')
    expect(packages).not.toContain('@slack')
  })

  test('is installed by that script, and runs and checks the program as an ordinary user', () => {
    expect(stepsOf('RUN').some((step) => step.startsWith('sh /install/install.sh '))).toBe(true)
    expect(stepsOf('USER').at(-1)).toBe('node')
    for (const step of [...stepsOf('CMD'), ...stepsOf('HEALTHCHECK')])
      expect(commands).toContain(/countersign[", ]+(\w+)/.exec(step)?.[1])
  })

  test('copies only what is there, and leaves out what is secret', () => {
    for (const copied of stepsOf('COPY').filter((step) => !step.startsWith('--from')))
      expect([copied, existsSync(copied.split(' ')[0]!)]).toEqual([copied, true])
    const left = read('Dockerfile.dockerignore').split('\n')
    expect(left).toEqual(expect.arrayContaining(['.env', '.env.*', 'countersign.yaml', '*.db', '.git']))
  })
})

describe('what sets variables', () => {
  const compose = z.object({
    services: z.object({ countersign: z.looseObject({ environment: z.record(z.string(), z.unknown()) }) }),
  })
  const withServer = z.object({
    services: z.object({
      countersign: z.looseObject({ environment: z.object({ COUNTERSIGN_DB: z.string() }) }),
      database: z.looseObject({ environment: z.record(z.string(), z.string()) }),
    }),
  })
  const { countersign: service } = compose.parse(parse(read('compose.yaml'))).services
  const set: Readonly<Record<string, readonly string[]>> = {
    Dockerfile: [...read('Dockerfile').matchAll(/^ENV (\w+)=/gm)].map(([, name]) => name!),
    'compose.yaml': Object.keys(service.environment),
    'countersign.service': [...unit.matchAll(/^#\s+(COUNTERSIGN_\w+)=/gm)].map(([, name]) => name!),
  }

  test('one instance of the app and a server of PostgreSQL share the name of a database, and no secret is written down', () => {
    const { countersign: app, database } = withServer.parse(parse(read('compose.postgres.yaml'))).services
    const address = new URL(app.environment.COUNTERSIGN_DB)
    expect(isPostgres(address.href) && addressProblem(address.href)).toBeNull()
    expect(address.hostname).toBe('database')
    expect(database.environment).toEqual({
      POSTGRES_USER: address.username,
      POSTGRES_DB: address.pathname.slice(1),
      POSTGRES_PASSWORD: expect.stringMatching(/^\$\{PGPASSWORD:\?/),
    })
    expect(app).not.toHaveProperty('deploy')
    expect(Object.keys(app.environment)).toEqual(['COUNTERSIGN_DB'])
  })

  test.each(Object.entries(set))('%s sets only variables that the app has, and no secret', (_, names) => {
    expect(names).toContain('COUNTERSIGN_DB')
    for (const name of names) expect(variables).toContain(name)
    for (const name of names) expect(secretVariables as readonly string[]).not.toContain(name)
  })

  test('the container writes to its volume alone, and has no rights', () => {
    expect(service).toMatchObject({ read_only: true, user: 'node', cap_drop: ['ALL'] })
    expect(service.volumes).toContain('data:/data')
    expect(service.environment.COUNTERSIGN_DB).toMatch(/^\/data\//)
  })
})

describe('the unit for systemd', () => {
  test('starts the program with the settings that commands at a terminal read too, and has time for its stop', () => {
    expect(unit).not.toMatch(/^Environment/m)
    expect(unit).toContain('countersign start --env-file /etc/countersign/env\n')
    for (const doing of ['Start', 'Reload'])
      expect(commands).toContain(new RegExp(`^Exec${doing}=/usr/local/bin/countersign (\\w+)`, 'm').exec(unit)?.[1])
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10)
  })

  test.skipIf(spawnSync('systemd-analyze', ['--version']).error)(
    'is one that systemd takes, and is shut in well',
    async () => {
      const file = join(emptyFolder(), 'countersign.service')
      // Neither the program nor the user is on this machine.
      writeFileSync(
        file,
        unit.replaceAll('/usr/local/bin/countersign', '/bin/true').replace('User=countersign', 'User=daemon'),
      )
      const verified = await run('systemd-analyze', ['verify', file])
      expect([verified.stdout, verified.stderr]).toEqual(['', ''])
      await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', file])
    },
  )
})

test('the copy elsewhere is of the database that the unit names', () => {
  const [, database] = /^#\s+COUNTERSIGN_DB=(.*)$/m.exec(unit)!
  const { dbs } = parse(read('litestream.yml')) as { dbs: { path: string }[] }
  expect(dbs.map(({ path }) => path)).toEqual([database])
})

test('the proxy passes on the address that the manifest gives to Slack, and nothing else', () => {
  const passed = [...read('nginx.conf').matchAll(/location (.*) \{\n\s+(\S+)/g)].map(([, where, what]) => [where, what])
  expect(passed).toEqual([
    ['= /slack/events', 'proxy_pass'],
    ['/', 'return'],
  ])
})
