import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import type { Ask } from '../../../src/cli/asker.ts'
import { init } from '../../../src/cli/init/init.ts'
import { tellManifest } from '../../../src/cli/init/manifest.ts'
import { checkPolicies } from '../../../src/cli/policy/check.ts'
import { countersign } from '../../../src/cli/program.ts'
import { surveySettings } from '../../../src/config/config.ts'

type Options = Parameters<typeof init>[0]

const given: Options = {
  stack: 'website',
  apiKey: 'blt0123456789abcdef',
  region: 'eu',
  channel: 'C0APPROVALS',
  approvers: 'S0OWNERS, U0BOB',
}
const manifest = readFileSync('manifest.yml', 'utf8')

function emptyFolder(name = 'countersign-init-'): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

async function run(options: Options, { folder = emptyFolder(), ask = null as Ask | null } = {}) {
  const [out, err]: string[][] = [[], []]
  const tell = (line: string) => void out!.push(line)
  const complain = (line: string) => void err!.push(line)
  const code = await init(options, { tell, complain, ask, folder })
  const [settings, environment] = [join(folder, 'countersign.yaml'), join(folder, '.env')]
  return { code, out: out!.join('\n'), err: err!, folder, settings, environment }
}

/** Answers in turn, and keeps each question with its answer. */
function answering(...answers: string[]) {
  const asked: { question: string; hidden: boolean }[] = []
  const ask: Ask = async (question, { hidden } = { hidden: false }) => {
    asked.push({ question, hidden })
    return answers.shift() ?? expect.unreachable(question)
  }
  return { ask, asked }
}

async function policyCheck(env: Record<string, string | undefined>): Promise<unknown> {
  const said: string[] = []
  const code = await checkPolicies({}, { tell: (line) => said.push(line), complain: (line) => said.push(line), env })
  return [code, said]
}

describe('without a terminal', () => {
  test('settings come from options, and the policy check takes them; only the secrets are still to be filled in', async () => {
    const { code, err, settings, environment } = await run(given)
    expect([code, err]).toEqual([0, []])
    const env = parseEnv(readFileSync(environment, 'utf8'))
    expect(await policyCheck(env)).toEqual([
      0,
      [
        'website: wider (1 of S0OWNERS, U0BOB); anything else (1 of S0OWNERS, U0BOB)',
        expect.stringContaining('were not looked up in Slack'),
      ],
    ])
    const survey = surveySettings(undefined, env)
    expect(survey.problems.map((problem) => problem.split(':')[0])).toEqual([
      'SLACK_BOT_TOKEN still has a placeholder',
      'SLACK_APP_TOKEN still has a placeholder',
      'CONTENTSTACK_AUTHTOKEN is missing',
    ])
    expect(survey).toMatchObject({
      path: settings,
      stacks: [
        { name: 'website', apiKey: given.apiKey, baseUrl: 'https://eu-api.contentstack.com', channel: given.channel },
      ],
    })
  })

  test('only its owner can read the secrets, and each time the key of the log is a new one', async () => {
    const runs = [await run(given), await run(given)]
    const keys = runs.map(({ environment }) => parseEnv(readFileSync(environment, 'utf8')).AUDIT_KEY)
    expect(runs.map(({ environment }) => statSync(environment).mode & 0o777)).toEqual([0o600, 0o600])
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(keys[0]).not.toBe(keys[1])
    for (const { out } of runs) for (const key of keys) expect(out).not.toContain(key)
  })

  test('a shell reads from the file what Node does, also in a folder with an odd name', async () => {
    const { environment } = await run(given, { folder: emptyFolder('countersign $HOME "init" #1 ') })
    const env = parseEnv(readFileSync(environment, 'utf8'))
    const inShell = execFileSync('sh', ['-c', 'set -a; . "$0"; env', environment], { encoding: 'utf8', env: {} })
    const names = Object.keys(env)
    expect(names).toContain('COUNTERSIGN_DB')
    for (const name of names) expect(inShell.split('\n')).toContain(`${name}=${env[name]}`)
  })

  test('no variable is set twice', async () => {
    const text = readFileSync((await run(given)).environment, 'utf8')
    const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(names).toEqual([...new Set(names)])
    expect(text).toContain('\n# COUNTERSIGN_DB=postgres://')
  })

  test('everything missing or wrong is told at once, and nothing is written', async () => {
    const none = await run({})
    expect([none.code, none.out, readdirSync(none.folder)]).toEqual([1, '', []])
    expect(none.err.map((line) => line.split(':')[0])).toEqual([
      ...['--stack', '--api-key', '--channel', '--approvers'].map((option) => `${option} is missing`),
      'Nothing was written. Nobody can be asked here, since this is not a terminal',
    ])
    const wrong = {
      stack: 'Web',
      apiKey: 'a b',
      region: 'moon',
      channel: '#a',
      approvers: 'U0BOB,bob',
      url: 'http://a',
      port: 'x',
    }
    const { code, err, folder } = await run(wrong)
    expect([code, readdirSync(folder)]).toEqual([1, []])
    expect(err).toEqual([
      '--stack: use a short name of lower-case letters, digits and hyphens.',
      '--api-key: copy it again: it is empty, or has a character that no API key has.',
      '--region: use na, eu, au, azure-na, azure-eu, gcp-na or gcp-eu.',
      '--channel: use the id of a Slack channel (C… or G…).',
      '--approvers: use a Slack member id (U…) or a user group id (S…).',
      '--url: use an address such as https://countersign.example.com.',
      '--port: use a port number from 1 to 65535, such as 3000.',
      expect.stringMatching(/^Nothing was written/),
    ])
  })

  test.each(['0', '', '0x1F', '1e3', '65536', '-1', '3000.0', ' 3000', '03000'])(
    'a port is written in digits, from 1 to 65535, and %j is none',
    async (port) => {
      const { code, err, folder } = await run({ ...given, url: 'https://cs.example.com', port })
      expect([code, err[0], readdirSync(folder)]).toEqual([
        1,
        '--port: use a port number from 1 to 65535, such as 3000.',
        [],
      ])
    },
  )

  test.each(['xoxb-1-2-hunter2', 'xapp-1-A-hunter2', 'xoxp-1-hunter2', 'cs0123456789abcdef01234567'])(
    'a token is not taken for the API key of a stack, and not quoted: %s',
    async (apiKey) => {
      const { code, err, folder } = await run({ ...given, apiKey })
      expect([code, readdirSync(folder)]).toEqual([1, []])
      expect(err[0]).toMatch(/^--api-key: this looks like a token, which is a secret .*: copy the API key of the stack/)
      expect(err.join()).not.toContain(apiKey)
    },
  )

  test('a folder that the env file cannot name is refused before anything is asked', async () => {
    const { code, err, folder } = await run({}, { folder: emptyFolder("countersign it's "), ask: answering().ask })
    expect([code, readdirSync(folder)]).toEqual([1, []])
    expect(err).toEqual([
      expect.stringMatching(/^The path for COUNTERSIGN_CONFIG has a single quote or a line break in it/),
      expect.stringMatching(/^The path for COUNTERSIGN_DB has a single quote/),
      'Nothing was written.',
    ])
  })

  test('commands can be pasted as they are printed, also for an env file with an odd name', async () => {
    const envFile = "it's $HOME.env"
    const { out, err, settings } = await run({ ...given, envFile })
    expect(err).toEqual([])
    const told = /npm run doctor -- (--env-file .*)", which/.exec(out)![1]!
    const argument = execFileSync('sh', ['-c', `printf %s ${told.replace('--env-file ', '')}`], { encoding: 'utf8' })
    expect(argument).toBe(envFile)
    expect(readFileSync(settings, 'utf8')).toContain(`# After each edit of it: npm run policy:check -- ${told}\n`)
  })

  test('the settings name the example that has all of them where it is, and the steps end with how to watch the app', async () => {
    const { out, settings } = await run(given)
    const example = /^# All that it can say: (.*)$/m.exec(readFileSync(settings, 'utf8'))![1]!
    expect(readFileSync(example, 'utf8')).toBe(readFileSync('countersign.example.yaml', 'utf8'))
    expect(out.split('\n').at(-1)).toMatch(
      /set HEALTH_PORT in \.env .*"npm run health -- --env-file \.env" says whether it can do its work/,
    )
  })

  test('no option takes a secret, which others on the machine could see', () => {
    const options = countersign().commands.find((command) => command.name() === 'init')!.options
    expect(options.map(({ long }) => long).filter((name) => /token|secret|key/.test(name!))).toEqual(['--api-key'])
  })
})

describe('the manifest and what to do next', () => {
  test('for Socket Mode the manifest is printed as it is shipped, and then each step, in order', async () => {
    const { out } = await run(given)
    expect(out).toContain(manifest)
    const after = out.slice(out.indexOf('Next:'))
    const steps = [
      'paste the manifest',
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      '/invite',
      'CONTENTSTACK_AUTHTOKEN',
      'doctor',
      'start',
    ]
    const places = steps.map((step) => after.indexOf(step))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(after).toContain('"npm run doctor -- --env-file .env"')
  })

  test.each(['https://cs.example.com', 'https://cs.example.com/', 'https://cs.example.com/slack/events'])(
    'over HTTP Slack is told the one address that it calls, and nothing else in the manifest differs: %s',
    async (url) => {
      const { out, environment } = await run({ ...given, url, port: '8443' })
      const text = out.slice(out.indexOf('_metadata:'), out.indexOf('\nNext:'))
      const events = 'https://cs.example.com/slack/events'
      const expected = parse(manifest)
      expected.settings.socket_mode_enabled = false
      expected.settings.interactivity = { is_enabled: true, request_url: events, message_menu_options_url: events }
      expected.settings.event_subscriptions.request_url = events
      for (const command of expected.features.slash_commands) command.url = events
      expect(parse(text)).toEqual(expected)
      const env = parseEnv(readFileSync(environment, 'utf8'))
      expect(env).toMatchObject({ PORT: '8443', SLACK_SIGNING_SECRET: 'change-me' })
      expect(env.SLACK_APP_TOKEN).toBeUndefined()
      expect(surveySettings(undefined, env).problems).toContainEqual(
        expect.stringMatching(/^SLACK_SIGNING_SECRET still has a placeholder/),
      )
      expect(out).toContain(`Point ${events} at port 8443`)
    },
  )

  const schemaPath = new URL('../../../../shared/fixtures/slack/manifest.schema.2.0.0.json', import.meta.url)
  test.skipIf(!existsSync(schemaPath))(
    "the manifest for HTTP is valid by Slack's own schema, if that is at hand",
    async () => {
      const { out } = await run({ ...given, url: 'https://cs.example.com' })
      const ajv = new Ajv({ strict: false, allErrors: true })
      addFormats.default(ajv)
      const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, 'utf8')))
      validate(parse(out.slice(out.indexOf('_metadata:'), out.indexOf('\nNext:'))))
      expect(validate.errors ?? []).toEqual([])
    },
  )
})

describe('init --manifest', () => {
  async function prints(url?: string) {
    const said: string[] = []
    const around = {
      tell: (line: string) => void said.push(line),
      complain: (line: string) => void said.push(line),
      env: {},
    }
    return { code: await tellManifest({ ...(url !== undefined && { url }) }, around), said: said.join('\n') }
  }

  test('prints the manifest once more, for either way, and needs nothing else', async () => {
    expect(await prints()).toEqual({ code: 0, said: manifest.trimEnd() })
    const { code, said } = await prints('https://cs.example.com')
    expect([code, parse(said).settings.event_subscriptions.request_url]).toEqual([
      0,
      'https://cs.example.com/slack/events',
    ])
  })

  test.each(['http://cs.example.com', 'https://localhost', 'https://127.0.0.1:1', 'https://[::1]'])(
    'refuses %s, where Slack reaches nobody',
    async (url) => {
      expect(await prints(url)).toEqual({
        code: 1,
        said: '--url: use an address such as https://countersign.example.com.',
      })
    },
  )
})

describe('overwrites nothing', () => {
  test.each([[['countersign.yaml']], [['.env']], [['countersign.yaml', '.env']]])('%j', async (names) => {
    const folder = emptyFolder()
    for (const name of names) writeFileSync(join(folder, name), 'mine')
    const { code, out, err } = await run(given, { folder, ask: answering().ask })
    expect([code, out]).toEqual([1, ''])
    expect(err).toEqual(
      names.map(
        (name) =>
          `${join(folder, name)} is there already, and is not overwritten: nothing was written. Move it away, or give another name.`,
      ),
    )
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted())
    for (const name of names) expect(readFileSync(join(folder, name), 'utf8')).toBe('mine')
  })

  test('a file that comes while questions are asked is left alone, and the other is taken away again', async () => {
    const folder = emptyFolder()
    const { apiKey: _, ...others } = given
    const { ask: answer } = answering('blt1', '', '', '')
    const ask: Ask = (question) => {
      if (question.includes('API key')) writeFileSync(join(folder, '.env'), 'mine')
      return answer(question)
    }
    const { code, err } = await run({ ...others, url: '' }, { folder, ask })
    expect([code, err]).toEqual([1, [expect.stringMatching(/\.env is there already/)]])
    expect(readdirSync(folder)).toEqual(['.env'])
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe('mine')
  })

  test('a file has its name only once it is whole, and nothing is left beside it', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, '.env.unfinished'), 'AUDIT_KEY=4eed540b, when it was killed')
    const { code } = await run(given, { folder })
    expect([code, readdirSync(folder).toSorted()]).toEqual([0, ['.env', 'countersign.yaml']])
    expect(readFileSync(join(folder, '.env'), 'utf8')).toMatch(/^AUDIT_KEY=[0-9a-f]{64}$/m)
  })

  test('if the second file cannot be written, there is none', async () => {
    const { code, err, folder } = await run({ ...given, envFile: 'nowhere/.env' })
    expect([code, readdirSync(folder)]).toEqual([1, []])
    expect(err).toEqual([expect.stringMatching(/^The files can't be written \(ENOENT.*nowhere.*\), so nothing was\.$/)])
  })

  test('other names can be given to both', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'etc'))
    const { code, out } = await run({ ...given, config: 'etc/cs.yaml', envFile: 'etc/cs.env' }, { folder })
    expect([code, readdirSync(join(folder, 'etc')).toSorted()]).toEqual([0, ['cs.env', 'cs.yaml']])
    expect(out).toContain('"npm start -- --env-file etc/cs.env"')
  })
})

describe('at a terminal', () => {
  test('what is not given is asked for, again until it can be used; secrets are hidden, checked and never printed', async () => {
    const answers = ['Web', 'website', 'blt1', '', 'C0APPROVALS', 'S0OWNERS', '']
    const { ask, asked } = answering(
      ...answers,
      'xapp-1-hunter2',
      "xoxb-1-hunter2'",
      'two words',
      'xoxb-1-hunter2',
      '',
      '',
    )
    const { code, out, err, environment } = await run({}, { ask })
    expect(code).toBe(0)
    expect(asked.map(({ question }) => question.split(/[:,(]/)[0]!.trim())).toEqual([
      ...['A short name for the stack', 'A short name for the stack', 'Its API key', 'Its region'],
      ...['The id of the channel for cards', 'Who approves changes', 'Where Slack can reach this machine'],
      ...[
        'SLACK_BOT_TOKEN',
        'SLACK_BOT_TOKEN',
        'SLACK_BOT_TOKEN',
        'SLACK_BOT_TOKEN',
        'SLACK_APP_TOKEN',
        'CONTENTSTACK_AUTHTOKEN',
      ],
    ])
    expect(asked.map(({ hidden }) => hidden)).toEqual([...answers.map(() => false), ...Array(6).fill(true)])
    expect(err).toEqual([
      "This can't be used: use a short name of lower-case letters, digits and hyphens.",
      expect.stringMatching(/^What you typed holds an app-level token \(xapp-…\), which belongs in SLACK_APP_TOKEN/),
      expect.stringMatching(/^What you typed has a character in it that can't be part of it/),
      expect.stringMatching(/^What you typed has a character in it that can't be part of it/),
    ])
    expect(parseEnv(readFileSync(environment, 'utf8'))).toMatchObject({
      SLACK_BOT_TOKEN: 'xoxb-1-hunter2',
      SLACK_APP_TOKEN: 'xapp-',
    })
    expect(`${out}${err.join()}`).not.toContain('hunter2')
    expect(out).not.toContain('as SLACK_BOT_TOKEN')
    expect(out).toContain('as SLACK_APP_TOKEN')
  })
})
