import { readFileSync } from 'node:fs'

/**
 * Preloaded into a program: says at its end how much memory it had at most, in kB of 1024 bytes. Linux only: of this program
 * itself, where `process.resourceUsage` counts what the process that started it had by then, too.
 */
process.once('exit', () => {
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  process.stderr.write(`peak ${peak}\n`)
})
