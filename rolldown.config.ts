import { defineConfig, type Plugin } from 'rolldown'

/**
 * What is started. Node keeps the compiled program beside it, so that a restart need not compile it all again: a file of
 * its own, since the cache serves only what is loaded after it is enabled, and in one file Node would compile all of it first.
 *
 * A long log is read with little room for what is needed for a moment only, and what is not needed any more is thrown away
 * before it is half of all there is: left to itself, Node takes more room the longer the log is. The first is fixed when
 * Node starts, so it starts once more in this process, where it can.
 */
export const launcher = `#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
const room = '--max-semi-space-size=8'
const { argv, execArgv, execPath, execve, platform } = process
if (argv[2] === 'audit') {
  if (execve && platform !== 'win32' && !execArgv.includes(room))
    execve(execPath, [execPath, room, ...execArgv, ...argv.slice(1)])
  setFlagsFromString('--heap-growing-percent=50')
}
enableCompileCache(import.meta.dirname + '/.compiled')
await import('./app.js')
`

const withLauncher: Plugin = {
  name: 'launcher',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'countersign.js', source: launcher })
  },
}

// One file starts faster and in less memory than a tree of modules; better-sqlite3 finds its binary beside itself.
export default defineConfig({
  input: 'src/cli.ts',
  platform: 'node',
  external: ['better-sqlite3', /sandbox/, /demo\.ts$/],
  // Bolt loads these for its Express receiver, for OAuth and for requests in old encodings, none of which this app uses: a
  // sixth of its start.
  resolve: { alias: { express: false, jsonwebtoken: false, 'iconv-lite': false } },
  plugins: [withLauncher],
  output: { file: 'dist/app.js', format: 'esm', codeSplitting: false },
})
