import { defineConfig } from 'rolldown'

// One file starts faster and in less memory than a tree of modules; better-sqlite3 finds its binary beside itself.
export default defineConfig({
  input: 'src/cli.ts',
  platform: 'node',
  external: ['better-sqlite3', /sandbox/, /demo\.ts$/],
  output: { file: 'dist/countersign.js', format: 'esm', codeSplitting: false },
})
