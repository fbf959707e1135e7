/** Preloaded into a program: says at its end how much memory it had at most, in kB of 1024 bytes. */
process.once('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\n`))
