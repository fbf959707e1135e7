import type { Command } from 'commander'
import { withExamples } from '../options.ts'
import { atThisTerminal } from '../terminal.ts'

const example =
  'init --stack website --api-key blt0123456789abcdef --region eu --channel C0123ABCD --approvers S0OWNERS,U012AB3CD'

export function addInit(program: Command): void {
  withExamples(program.command('init'), 'init', example, 'init --manifest')
    .description(
      'write countersign.yaml, and .env or what --env-file names, and say what to do next; it asks for what is not given, and overwrites nothing',
    )
    .option('--stack <name>', 'a short name for the stack')
    .option('--api-key <key>', "the stack's API key, which is not a secret")
    .option('--region <region>', "the stack's region; na if there is no terminal to ask in")
    .option('--channel <id>', 'the channel for cards: C… or G…')
    .option('--approvers <ids>', 'who approves changes: people (U…) or user groups (S…), with commas between them')
    .option('--url <address>', 'HTTP instead of Socket Mode: where Slack reaches this machine, https://…')
    .option('--port <port>', 'with --url: where the app listens; 3000 if there is no terminal to ask in')
    .option('--config <file>', 'another name for countersign.yaml')
    .option('--manifest', 'only print the manifest of the Slack app again, with --url for HTTP; write nothing')
    .action((_, command: Command) =>
      atThisTerminal(async (terminal) => {
        const given = command.optsWithGlobals()
        if (given.manifest) return (await import('./manifest.ts')).tellManifest(given, terminal)
        const [{ init }, { openAsker }] = await Promise.all([import('./init.ts'), import('../asker.ts')])
        const asker = process.stdin.isTTY ? openAsker(process.stdin, process.stderr) : null
        const ended = await init(given, { ...terminal, ask: asker?.ask ?? null })
        asker?.close()
        return ended
      }),
    )
}
