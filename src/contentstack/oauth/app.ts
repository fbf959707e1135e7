/** An OAuth app as Contentstack's Developer Hub has it. */
export type OAuthApp = {
  readonly appUid: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly redirectUri: string
  readonly appUrl: string
  readonly tokenUrl: string
}

/** All that is asked for: tokens, and what the forms need to name branches and aliases. Source: contentstack.md §12. */
export const scopes = [
  'cm.stack.management-tokens:read',
  'cm.stack.management-tokens:write',
  'cm.stacks.management:read',
  'cm.branches.management:read',
  'cm.branch-aliases.management:read',
] as const
