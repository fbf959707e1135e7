import { readFileSync } from 'node:fs'
import { shipped } from '../../shipped.ts'
import { command } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { addressIn, type Given } from './answers.ts'
import { manifestText } from './manifest-text.ts'

/** Prints the manifest of the Slack app alone, once more. Resolves to the exit code: 0, or 1 for a `--url` that can't be used. */
export function tellManifest(given: Given, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ tell }) => {
    for (const line of manifestLines(addressIn(given))) tell(line)
  })
}

export function manifestLines(url: string | null): string[] {
  return manifestText(readFileSync(shipped('manifest.yml'), 'utf8'), url)
    .trimEnd()
    .split('\n')
}
