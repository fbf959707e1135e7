import { defineConfig, type Plugin } from 'rolldown'

/**
 * What is started. Node keeps the compiled program beside it, so that a restart need not compile it all again: a file of
 * its own, since the cache serves only what is loaded after it is enabled, and in one file Node would compile all of it first.
 */
const launcher = `#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
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
  // Bolt loads these for its Express receiver and for OAuth, which this app does not use: a seventh of its start.
  resolve: { alias: { express: false, jsonwebtoken: false } },
  plugins: [withLauncher],
  output: { file: 'dist/app.js', format: 'esm', codeSplitting: false },
})
