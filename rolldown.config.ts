import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from 'rolldown'
import packageJson from './package.json' with { type: 'json' }

/**
 * What is started. Node keeps the compiled program beside it, so that a restart need not compile it all again: a file of
 * its own, since the cache serves only what is loaded after it is enabled, and in one file Node would compile all of it first.
 *
 * A long log is read with little room for what is needed for a moment only, and what is not needed any more is thrown away
 * before it is half of all there is: left to itself, Node takes more room the longer the log is. The first is fixed when
 * Node starts, so it starts once more in this process, where it can.
 *
 * Whoever stops the app while its program is still being read has nothing to wait for, and whoever wants it to read its
 * settings again, nothing to ask for: it has not read them yet.
 *
 * An older Node has to be able to read it, so that it can say what is needed.
 *
 * Node looks for --env-file among what is typed to a program, too, and ends in words of its own if there is no such file. It
 * stops looking at "--", which an interpreter line can't portably have: so a shell starts Node.
 */
export const launcher = `#!/bin/sh
':' //; exec node -- "$0" "$@"
const oldest = ${Number.parseInt(packageJson.engines.node.replace('>=', ''), 10)}
if (Number.parseInt(process.versions.node, 10) < oldest) {
  console.error('Countersign needs Node ' + oldest + ' or newer, and this is ' + process.versions.node + ', at ' + process.execPath + '. Nothing was started.')
  process.exit(1)
}
const { enableCompileCache } = await import('node:module')
const room = '--max-semi-space-size=8'
const { argv, execArgv, execPath, execve, platform } = process
const typed = argv.slice(2)
const command = typed[typed[0] === '--env-file' ? 2 : /^--env-file=/.test(typed[0]) ? 1 : 0]
if (command === 'audit' || command === 'move') {
  if (execve && platform !== 'win32' && !execArgv.includes(room))
    execve(execPath, [execPath, room, ...execArgv, '--', ...argv.slice(1)])
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--heap-growing-percent=50')
}
if (command === 'start') for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0))
if (command === 'start') process.on('SIGHUP', () => {})
enableCompileCache(import.meta.dirname + '/.compiled')
await import('./app.js')
`

const withLauncher: Plugin = {
  name: 'launcher',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'countersign.js', source: launcher })
  },
}

/**
 * Bolt loads these for its Express receiver, for OAuth and for requests in old encodings, its HTTP client for tests,
 * caches, cookies and HTTP/2, and the maker of metrics for others than the app's own. This app uses none of it, and would
 * read it at each start.
 */
const neverUsed = [
  /\/node_modules\/(express|iconv-lite|jsonwebtoken|@slack\/oauth)\//,
  /\/node_modules\/undici\/lib\/(cache|interceptor|mock|web\/(cookies|eventsource))\//,
  /\/node_modules\/undici\/lib\/dispatcher\/(h2c-client|client-h2)\.js$/,
  /\/node_modules\/prom-client\/lib\/(cluster|defaultMetrics|pushgateway|summary)\.js$/,
]

const withoutUnused: Plugin = {
  name: 'without-unused',
  load: { filter: { id: neverUsed }, handler: () => 'module.exports = {}' },
}

/**
 * One arrow in a label, and Node takes two bytes for every letter of the program: it then takes longer to read, and twice
 * the memory to keep.
 */
const oneByteALetter: Plugin = {
  name: 'one-byte-a-letter',
  generateBundle(_, files) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code)
  },
}

function escaped(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Nobody who runs the app needs the emulators: they are in a file of their own, beside it. */
const demoBeside: Plugin = {
  name: 'demo-beside',
  resolveId: (source) => (source === './demo/demo.ts' ? { id: './demo.js', external: 'relative' } : null),
}

// One file starts faster and in less memory than a tree of modules; better-sqlite3 finds its binary beside itself.
const oneFile: RolldownOptions = { platform: 'node', external: ['better-sqlite3'] }
const written: OutputOptions = { format: 'esm', codeSplitting: false, comments: false }

export const app = defineConfig({
  ...oneFile,
  input: 'src/cli.ts',
  plugins: [withLauncher, demoBeside, withoutUnused, oneByteALetter],
  output: { ...written, file: 'dist/app.js' },
})

const demo = defineConfig({
  ...oneFile,
  input: 'src/cli/demo/demo.ts',
  plugins: [withoutUnused],
  output: { ...written, file: 'dist/demo.js' },
})

export default [app, demo]
