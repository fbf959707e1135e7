/** What a quick command begins with. */
export const quickVerbs = ['rename', 'extend', 'grant', 'revoke', 'scope', 'limit'] as const
export type QuickVerb = (typeof quickVerbs)[number]
