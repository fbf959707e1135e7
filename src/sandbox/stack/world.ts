import { copied } from '../copy.ts'
import { type Behaviour, usual } from './behaviour.ts'
import { exampleTokens } from './example-tokens.ts'
import type { OAuthApp } from './oauth-app.ts'
import type { Stack } from './validate.ts'
import type { WireToken } from './wire-token.ts'

export type StackOptions = {
  port?: number
  title?: string
  apiKey?: string
  authtoken?: string
  organisation?: string
  branchesEnabled?: boolean
  branches?: string[]
  aliases?: { alias: string; target: string }[]
  tokens?: WireToken[]
  /** The organisation's requests a second; null if this authtoken may not read its plan. */
  organisationLimits?: { read: number; write: number } | null
  behaviour?: Partial<Behaviour>
  /** The OAuth app that this stack's people may let in. */
  app?: Partial<OAuthApp>
  /** Milliseconds since 1970: what tokens are said to be edited by. */
  now?: () => number
  /** If given, more requests in one second are answered with 429, with reads and writes counted separately. */
  requestsPerSecond?: number
}

export type World = Stack & {
  title: string
  apiKey: string
  authtoken: string
  organisation: string
  tokens: Map<string, WireToken>
  behaviour: Behaviour
  now: () => number
}

/** The state of the stack at the start. */
export function createWorld(options: StackOptions): World {
  const tokens = copied(options.tokens ?? exampleTokens()).map(complete)
  return {
    title: options.title ?? 'Website',
    apiKey: options.apiKey ?? 'blt5c1de00000a91ca7',
    authtoken: options.authtoken ?? 'blt5c1de000a07702e0',
    organisation: options.organisation ?? 'blt5c1de000000002a9',
    branchesEnabled: options.branchesEnabled ?? true,
    branches: options.branches ?? ['main', 'development', 'feature-x'],
    aliases: options.aliases ?? [
      { alias: 'live', target: 'main' },
      { alias: 'preview', target: 'development' },
    ],
    organisationLimits:
      options.organisationLimits === undefined ? { read: 100, write: 50 } : options.organisationLimits,
    tokens: new Map(tokens.map((token) => [token.uid, token])),
    behaviour: { ...usual, ...options.behaviour },
    now: options.now ?? Date.now,
  }
}

/** With the fields that every answer has, and without a secret value, which no answer has. */
function complete({ token: _, ...given }: WireToken): WireToken {
  const at = '2026-01-05T09:00:00.000Z'
  const by = 'blt5c1de00000c0ffee'
  return { created_by: by, updated_by: by, created_at: at, updated_at: at, ...given } as WireToken
}
