import { Command } from 'commander'
import { spellAs } from '../domain/as-typed.ts'
import { visible } from '../domain/text.ts'
import { isInstalled } from '../shipped.ts'
import { version } from '../version.ts'
import { addAudit } from './audit/typed.ts'
import { addBackup } from './backup/typed.ts'
import { addChange } from './change/typed.ts'
import { addConnect } from './connect/typed.ts'
import { addDoctor } from './doctor/typed.ts'
import { addHealth } from './health/typed.ts'
import { addInit } from './init/typed.ts'
import { keptByNpm } from './kept-by-npm.ts'
import { addMigrate } from './migrate/typed.ts'
import { addMove } from './move/typed.ts'
import { twoIfMistyped, withExamples } from './options.ts'
import { addPolicy } from './policy/typed.ts'
import { addReload } from './reload/typed.ts'
import { addReport } from './report/typed.ts'
import { reloadAsked } from './start/reload-asked.ts'
import { stopAsked } from './start/stop-asked.ts'
import { addToken } from './token/typed.ts'

/** Runs what was typed. `argv` begins with Node and the program. */
export async function run(argv: readonly string[]): Promise<void> {
  if (isInstalled()) spellAs('installed')
  const program = countersign()
  const npm = (await import('../config/config.ts')).npmRun()
  const problem = npm && keptByNpm(program, argv.slice(2), npm)
  if (problem) program.error(problem, { exitCode: 2 })
  await program.parseAsync(argv)
}

/** Everything that can be typed. Each command loads its own modules when it runs. */
export function countersign(): Command {
  const program = new Command('countersign')
    .description('Change control in Slack for Contentstack management tokens')
    .version(version)
    .option('--env-file <file>', 'a file with variables, for those that the environment does not have')
    .exitOverride(twoIfMistyped)
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', readEnvFile)
    .hook('preAction', goThroughProxies)
  withExamples(program, 'init', 'doctor --env-file .env', 'start --env-file .env')
  addInit(program)
  addStart(program)
  addDemo(program)
  addConnect(program)
  addDoctor(program)
  addReload(program)
  addHealth(program)
  addPolicy(program)
  addToken(program)
  addChange(program)
  addAudit(program)
  addReport(program)
  addBackup(program)
  addMove(program)
  addMigrate(program)
  return program
}

/** Ends with 2 if the file can't be used. */
async function readEnvFile(program: Command, command: Command): Promise<void> {
  const { envFile } = program.opts<{ envFile?: string }>()
  // It writes that file.
  if (envFile === undefined || command.name() === 'init') return
  const { problemsOf } = await import('./command.ts')
  try {
    const warning = (await import('../config/config.ts')).readEnvFile(envFile)
    if (warning !== null) process.stderr.write(`${visible(warning)}\n`)
  } catch (error) {
    program.error(problemsOf(error).map(visible).join('\n'), { exitCode: 2 })
  }
}

/** Node's own proxy support can't cope with a proxy that hangs up. Ends with 2 if the address of one can't be used. */
async function goThroughProxies(program: Command): Promise<void> {
  const proxies = (await import('../config/config.ts')).proxiesInUse()
  if (!proxies) return
  const { goThroughProxies } = await import('../slack/link/through-proxies.ts')
  try {
    goThroughProxies(proxies)
  } catch {
    // The error quotes the address, and a password with it.
    program.error(unusableProxy, { exitCode: 2 })
  }
}

const unusableProxy =
  "The address of a proxy (https_proxy, http_proxy) can't be used, so nothing was done. Give it as http://user:password@host:port, " +
  'with %2F for each / in the password, %23 for #, %3F for ?, %40 for @ and %25 for %.'

function addStart(program: Command): void {
  withExamples(program.command('start'), 'start --env-file .env')
    .description('run the app, with its settings from the environment and the file that COUNTERSIGN_CONFIG names')
    .action(async () => {
      const [stop, onReload] = [stopAsked(), reloadAsked()]
      await (await import('./start/main.ts')).main({ stop, onReload })
    })
}

function addDemo(program: Command): void {
  withExamples(program.command('demo'), 'demo --port 3401')
    .description(
      'run the app between an emulated Slack and an emulated stack, and print the address of a page to use them on',
    )
    .option('--port <port>', 'where the page is served', '3400')
    .action(async ({ port }) => {
      const { demo } = await import('./demo/demo.ts')
      await demo(port)
    })
}
