#!/usr/bin/env node
import { Command } from 'commander'
import { version } from './version.ts'

const program = new Command('countersign')
  .description('Change control in Slack for Contentstack management tokens')
  .version(version)

program
  .command('start')
  .description('run the app, with its settings from the environment and the file that COUNTERSIGN_CONFIG names')
  .action(async () => (await import('./main.ts')).main())

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
    await demo({ port: Number(port) })
  })

await program.parseAsync()
