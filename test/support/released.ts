import { readdirSync } from 'node:fs'
import type { Message } from '../../src/sandbox/slack/protocol.ts'
import type { WireToken } from '../../src/sandbox/stack/wire-token.ts'

/** With which the logs in `test/fixtures` are written, and nothing else is. */
export const releasedKey = 'made up for the files in test/fixtures, and used for nothing else'

/** Who may approve what: a token that is shared asks for two people. */
export const website = {
  policy: {
    rules: [
      { name: 'shared', when: { token: ['shared-*'] }, all_of: [{ from: 'U0BOB' }, { from: 'U0CAROL' }] },
      { name: 'approvers', approvers: ['U0BOB', 'U0CAROL'] },
    ],
  },
}

/** What lay around a database when it was left: it goes on between the same. */
export type Around = {
  /** An ISO instant. */
  readonly at: string
  readonly tokens: readonly WireToken[]
  readonly cards: readonly Pick<Message, 'ts' | 'text' | 'blocks' | 'metadata'>[]
}

const folder = new URL('../fixtures/', import.meta.url)

/** Where the file of a release is, and what lay around it. */
export function filesOf(release: string): { database: URL; around: URL } {
  return { database: new URL(`${release}.db`, folder), around: new URL(`${release}.json`, folder) }
}

/** Those of which there is a file, the oldest first. */
export function releases(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.db'))
  return files.map((name) => name.slice(0, -'.db'.length)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}
