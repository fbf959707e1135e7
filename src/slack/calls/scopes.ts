/** The bot scopes that the app needs: those of manifest.yml, which a test holds them to. */
export const neededScopes = ['channels:read', 'chat:write', 'commands', 'groups:read', 'usergroups:read', 'users:read']

/** Used where an operator grants them: with these, a card in doubt is looked for before it is posted again. */
export const optionalScopes = ['channels:history', 'groups:history']
