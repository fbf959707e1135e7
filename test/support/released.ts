import { readdirSync } from 'node:fs'
import type { Message } from '../../src/sandbox/slack/protocol.ts'
import type { WireToken } from '../../src/sandbox/stack/wire-token.ts'

/** The key of the logs in `test/fixtures`, and of nothing else. */
export const releasedKey = 'made up for the files in test/fixtures, and used for nothing else'

/** The policy: a shared token needs two people. */
export const website = {
  policy: {
    rules: [
      { name: 'shared', when: { token: ['shared-*'] }, all_of: [{ from: 'U0BOB' }, { from: 'U0CAROL' }] },
      { name: 'approvers', approvers: ['U0BOB', 'U0CAROL'] },
    ],
  },
}

/** The surroundings of a database when it was left: it goes on with the same ones. */
export type Around = {
  /** An ISO instant. */
  readonly at: string
  readonly tokens: readonly WireToken[]
  readonly cards: readonly Pick<Message, 'ts' | 'text' | 'blocks' | 'metadata'>[]
}

const folder = new URL('../fixtures/', import.meta.url)

/** The paths of a release's file, of its surroundings, and of the forms in which it writes: see forms.ts. */
export function filesOf(release: string): { database: URL; around: URL; forms: URL } {
  const named = (end: string) => new URL(`${release}${end}`, folder)
  return { database: named('.db'), around: named('.json'), forms: named('.forms.json') }
}

/** The releases that have a file, oldest first. */
export function releases(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.db'))
  return files.map((name) => name.slice(0, -'.db'.length)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}
