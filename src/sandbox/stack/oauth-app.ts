/** The app in the Developer Hub, which people let in. */
export type OAuthApp = { appUid: string; clientId: string; clientSecret: string | null; redirectUri: string }
