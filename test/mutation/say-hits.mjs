import { appendFileSync } from 'node:fs'

process.on('exit', () => {
  const hits = globalThis.__stryker__?.mutantCoverage?.static ?? {}
  appendFileSync(process.env.MUTATION_HITS, `${JSON.stringify(hits)}\n`)
})
