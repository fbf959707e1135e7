import { defineConfig, type Plugin } from 'rolldown'

/**
 * What is started. Node keeps the compiled program beside it, so that a restart need not compile it all again: a file of
 * its own, since the cache serves only what is loaded after it is enabled, and in one file Node would compile all of it first.
 *
 * A long log is read with little room for what is needed for a moment only, and what is not needed any more is thrown away
 * before it is half of all there is: left to itself, Node takes more room the longer the log is. The first is fixed when
 * Node starts, so it starts once more in this process, where it can.
 *
 * Whoever stops the app while its program is still being read has nothing to wait for.
 */
export const launcher = `#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
const room = '--max-semi-space-size=8'
const { argv, execArgv, execPath, execve, platform } = process
if (argv[2] === 'audit') {
  if (execve && platform !== 'win32' && !execArgv.includes(room))
    execve(execPath, [execPath, room, ...execArgv, ...argv.slice(1)])
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--heap-growing-percent=50')
}
if (argv[2] === 'start') for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0))
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
 * Bolt loads these for its Express receiver, for OAuth and for requests in old encodings, and its HTTP client for tests,
 * caches, cookies and HTTP/2. This app uses none of it, and would read it at each start.
 */
const neverUsed = [
  /\/node_modules\/(express|iconv-lite|jsonwebtoken|@slack\/oauth)\//,
  /\/node_modules\/undici\/lib\/(cache|interceptor|mock|web\/(cookies|eventsource))\//,
  /\/node_modules\/undici\/lib\/dispatcher\/(h2c-client|client-h2)\.js$/,
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

// One file starts faster and in less memory than a tree of modules; better-sqlite3 finds its binary beside itself.
export default defineConfig({
  input: 'src/cli.ts',
  platform: 'node',
  external: ['better-sqlite3', './demo/demo.ts'],
  plugins: [withLauncher, withoutUnused, oneByteALetter],
  output: { file: 'dist/app.js', format: 'esm', codeSplitting: false, comments: false },
})
