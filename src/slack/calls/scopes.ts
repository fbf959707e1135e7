/** The bot scopes that the app needs. A test keeps them equal to manifest.yml. */
export const neededScopes = ['channels:read', 'chat:write', 'commands', 'groups:read', 'usergroups:read', 'users:read']

/** Used if an operator grants them: with these, a card in doubt is looked for before it is posted again. */
export const optionalScopes = ['channels:history', 'groups:history']
