#!/usr/bin/env node
import { Command, type CommanderError } from 'commander'
import { surviveClosedPipes } from './cli/closed-pipe.ts'
import { stopAsked } from './stop-asked.ts'
import { version } from './version.ts'

surviveClosedPipes()

const program = new Command('countersign')
  .description('Change control in Slack for Contentstack management tokens')
  .version(version)
  // Node's own way through proxies does not know of one that hangs up.
  .hook('preAction', async () => {
    const proxies = (await import('./config.ts')).proxiesInUse()
    if (proxies) (await import('./slack/through-proxies.ts')).goThroughProxies(proxies)
  })

program
  .command('start')
  .description('run the app, with its settings from the environment and the file that COUNTERSIGN_CONFIG names')
  .action(async () => {
    const stop = stopAsked()
    await (await import('./main.ts')).main(stop)
  })

program
  .command('demo')
  .description(
    'run the app between an emulated Slack and an emulated stack, and print the address of a page to use them on',
  )
  .option('--port <port>', 'where the page is served', '3400')
  .action(async ({ port }) => {
    const { demo } = await import('./demo.ts').catch(() =>
      program.error('The demo is in the source checkout: npm run demo'),
    )
    await demo(port)
  })

/** 1 is an answer of some commands, so that what was mistyped ends with 2. */
const twoIfMistyped = ({ exitCode }: CommanderError) => process.exit(exitCode === 0 ? 0 : 2)

program
  .command('doctor')
  .description('look at everything that the app needs and say what to do; it changes nothing')
  .option('--json', 'for programs')
  .option('--config <file>', 'another file than COUNTERSIGN_CONFIG names')
  .exitOverride(twoIfMistyped)
  .action(async (options) => {
    try {
      const { doctor } = await import('./cli/doctor/doctor.ts')
      process.exitCode = await doctor(options, { tell: (line) => void process.stdout.write(`${line}\n`) })
    } catch (error) {
      process.stderr.write(`The doctor could not look: ${error instanceof Error ? error.message : error}\n`)
      process.exitCode = 2
    }
  })

const several = (value: string, earlier: string[] = []) => [...earlier, value]

/** The parts of an edit to a token. */
const withEdit = (command: Command) =>
  command
    .option('--name <name>', 'another name')
    .option('--description <text>', 'another description')
    .option('--expires <day>', 'a day such as 2027-01-31, or never')
    .option('--grant <access>', 'entry=write, asset=none, all=read …; may be repeated', several)
    .option('--branch <name>', '+main or -main; may be repeated', several)
    .option('--alias <name>', '+live or -live; may be repeated', several)
    .option('--rates <limits>', 'reads and writes a second such as 10/5, or organisation')
    .option('--notify <yes|no>', 'whether Contentstack sends an e-mail 7 days before expiry')

const policyCheck = program
  .command('policy')
  .description('about the policies in the file that COUNTERSIGN_CONFIG names')
  .command('check')
  .description('say whether the app would start with them, and with --explain which rule an edit would meet')
  .option('--config <file>', 'another file')
  .option('--explain <stack/token>', 'who would have to approve an edit to this token, by name or uid; then the edit:')
  .option('--as <member>', 'the Slack member id of who would ask')

withEdit(policyCheck).action(async (options) => {
  const { checkPolicies } = await import('./cli/policy/check.ts')
  if (!(await checkPolicies(options, here()))) process.exitCode = 1
})

const misused = ({ exitCode }: { exitCode: number }) => process.exit(exitCode === 0 ? 0 : 2)

const token = program
  .command('token')
  .description('what the tokens may do, and what became of them')
  .exitOverride(misused)

token
  .command('list')
  .description('every token, as the stacks have it now')
  .option('--stack <name>', 'of this stack only')
  .option('--json', 'for programs')
  .action(async (options) => ended((await import('./cli/token/history.ts')).listTokens(options, here())))

token
  .command('show <token>')
  .description('the settings of a token, by name, uid or stack/name, and its open changes')
  .option('--json', 'for programs')
  .action(async (name, options) => ended((await import('./cli/token/history.ts')).showToken(name, options, here())))

token
  .command('history <token>')
  .description('every change that was ever asked for it')
  .option('--json', 'for programs')
  .action(async (name, options) => ended((await import('./cli/token/history.ts')).tellHistory(name, options, here())))

const change = program
  .command('change')
  .description('what is asked for, and asking for it; decisions are made in Slack')
  .exitOverride(misused)

change
  .command('list')
  .description('the open changes')
  .option('--all', 'the newest ones, ended or not')
  .option('--token <token>', 'of this token only')
  .option('--json', 'for programs')
  .action(async (options) => ended((await import('./cli/change/list.ts')).listChanges(options, here())))

change
  .command('show <number>')
  .description('all that its card says, and what the log has of it')
  .option('--json', 'for programs')
  .action(async (id, options) => ended((await import('./cli/change/list.ts')).showChange(id, options, here())))

const propose = change
  .command('propose')
  .description('ask for an edit in the name of a Slack member, who is told and may not decide on it')
  .requiredOption('--token <stack/token>', 'by name or uid')
  .requiredOption('--as <member>', 'the Slack member id of who asks')
  .requiredOption('--reason <text>', 'why')
  .option('--origin <key>', 'a name for this proposal: it is made once, however often the command runs')
  .option('--dry-run', 'say what would come of it, and record nothing')
  .option('--json', 'for programs')

withEdit(propose).action(async (options) =>
  ended((await import('./cli/change/propose.ts')).proposeChange(options, here())),
)

change
  .command('cancel <number>')
  .description('withdraw a change that has not been applied, whoever asked for it')
  .option('--reason <text>', 'why: the card and the requester are told')
  .option('--json', 'for programs')
  .action(async (id, options) => ended((await import('./cli/change/list.ts')).cancelChange(id, options, here())))

const audit = program.command('audit').description('about the audit log in the file that COUNTERSIGN_DB names')

audit
  .command('verify')
  .description(
    'say whether it is intact and complete; ends with 0 when it is, 1 when not, 2 when that could not be told',
  )
  .option('--db <file>', 'another database, such as a copy')
  .option('--export <file>', 'an export in ndjson, instead of a database')
  .option('--anchors <file>', 'checkpoints that were kept elsewhere, one a line; may be repeated', several)
  .option('--slack', 'hold it against the checkpoints in the threads of cards, too')
  .option('--json', 'say it for a program')
  .exitOverride(twoIfMistyped)
  .action(async (options) => {
    const { verifyAudit } = await import('./cli/audit/verify.ts')
    process.exitCode = await verifyAudit(options, here())
  })

audit
  .command('export')
  .description('write it to standard output: ndjson can be verified, csv is for reading')
  .option('--format <format>', 'ndjson or csv', 'ndjson')
  .option('--since <time>', 'a day such as 2026-06-01, or an instant')
  .option('--token <token>', 'only what is about this token: <stack>/<uid or name>')
  .option('--db <file>', 'another database, such as a copy')
  .exitOverride(twoIfMistyped)
  .action(async (options) => {
    const { exportAudit } = await import('./cli/audit/export.ts')
    process.exitCode = await exportAudit(options, { ...here(), out: process.stdout })
  })

audit
  .command('leave-key')
  .description('record, with AUDIT_KEY, that the log goes on without a key: then the app starts without AUDIT_KEY')
  .option('--lost', 'nobody has the key any more: record that, without it, while the app is stopped')
  .exitOverride(twoIfMistyped)
  .action(async ({ lost }) => {
    const { leaveKey, loseKey } = await import('./cli/audit/leave-key.ts')
    process.exitCode = await (lost ? loseKey : leaveKey)(here())
  })

audit
  .command('put-back')
  .description('record, while the app is stopped, that a backup was put back: open changes are approved anew')
  .option('--anchors <file>', 'checkpoints that were kept elsewhere, to say what is gone; may be repeated', several)
  .option('--slack', 'also the checkpoints in the threads of cards (takes SLACK_BOT_TOKEN)')
  .exitOverride(twoIfMistyped)
  .action(async (options) => {
    const { putBack } = await import('./cli/audit/put-back.ts')
    process.exitCode = await putBack(options, here())
  })

await program.parseAsync()

/** This terminal: nothing is cut where the output goes to a file or another program. */
function here() {
  const line = (to: NodeJS.WriteStream) => (text: string) => void to.write(`${text}\n`)
  const columns = process.stdout.isTTY ? process.stdout.columns : null
  return { tell: line(process.stdout), complain: line(process.stderr), columns }
}

async function ended(command: Promise<boolean>): Promise<void> {
  if (!(await command)) process.exitCode = 1
}
