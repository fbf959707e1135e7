import { z } from 'zod'
import { isToken } from './mistaken-values.ts'
import { nameOfVariable } from './name-of-variable.ts'
import { isLoopback, isSafeAddress, isWithoutPassword } from './safe-address.ts'

const ofApp = (what: string) =>
  z
    .string()
    .refine((id) => /^[\w.~-]{1,200}$/.test(id), `copy it again from the app in Contentstack's Developer Hub`)
    .refine((id) => !isToken(id), `this looks like a token, which is a secret and does not belong here: it is ${what}`)
const address = z
  .string()
  .refine(isSafeAddress, 'give it as https://…: over anything else, secrets could be read in transit')
  .refine(isWithoutPassword, 'leave the user and password out: no request can be made with them')

/** Where browsers are sent back to, on the machine on which `connect` runs. */
const defaultRedirect = 'http://127.0.0.1:8184/countersign'

/** The OAuth app of a stack, from Contentstack's Developer Hub. */
export const oauthFile = z.strictObject({
  app_uid: ofApp('the uid of the OAuth app'),
  client_id: ofApp('the client id of the OAuth app'),
  client_secret_env: nameOfVariable('SHOP_CLIENT_SECRET').optional(),
  redirect_uri: z
    .string()
    .refine(isLoopback, `give it with a port on this machine, such as ${defaultRedirect}`)
    .default(defaultRedirect),
  app_url: address.optional(),
  token_url: address.optional(),
})
export type OAuthFile = z.infer<typeof oauthFile>
