import { readFileSync } from 'node:fs'

/**
 * Preloaded into a program: reports at its end the most memory it had, in kB of 1024 bytes. Linux only. Counts only
 * this program, whereas `process.resourceUsage` includes what the process that started it had by then.
 */
process.once('exit', () => {
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  process.stderr.write(`peak ${peak}\n`)
})
