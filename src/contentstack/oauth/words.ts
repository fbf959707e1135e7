import { asTyped } from '../../domain/as-typed.ts'
import { AccessRefused } from '../../domain/refusal.ts'
import type { GrantEnd } from '../../ports/grants.ts'
import { StackOutage } from '../errors.ts'
import { scopes } from './app.ts'

/** The way for an operator to let the app in again; completes "an operator must". */
function toConnect(stack: string): string {
  return `run ${asTyped(`connect ${stack}`)} with somebody who is an owner or admin of the stack`
}

/** The same for everybody, after the reason: it is all that operators read in the log and in /health. */
function withRemedy(why: string, stack: string): string {
  return `${why}; ${asTyped(`connect ${stack}`)} lets it in again`
}

const [reads, writes] = scopes

export function remedies(stack: string) {
  const again = toConnect(stack)
  return {
    notAccepted: { why: withRemedy('its OAuth access is not accepted', stack), remedy: again },
    forbidden: {
      why: 'its OAuth access does not reach to management tokens',
      remedy: `give the OAuth app the scopes ${reads} and ${writes}, and ${again}, in an organisation whose plan has management tokens`,
    },
  }
}

function waits(stack: string, happened: string, why: string, remedy = toConnect(stack)): AccessRefused {
  return new AccessRefused(
    `${happened}, so the tokens of "${stack}" can't be read or changed: an operator must ${remedy}.`,
    why,
  )
}

export function notConnected(stack: string): AccessRefused {
  return waits(
    stack,
    `"${stack}" uses OAuth, and nobody has connected it yet`,
    `nobody has connected it by OAuth yet: ${asTyped(`connect ${stack}`)} does`,
  )
}

export function notDecrypted(stack: string): AccessRefused {
  return waits(
    stack,
    `The OAuth access to "${stack}" can't be decrypted with this CREDENTIALS_KEY`,
    'its OAuth access cannot be decrypted with CREDENTIALS_KEY',
    `set the CREDENTIALS_KEY that it was stored with and start Countersign again, or ${toConnect(stack)}`,
  )
}

export function hasEnded(stack: string, end: GrantEnd): AccessRefused {
  if (end === 'refused')
    return waits(
      stack,
      `Contentstack no longer renews the OAuth access to "${stack}": it was revoked, has expired, or was renewed elsewhere, such as from another copy of the database`,
      withRemedy('its OAuth access has ended', stack),
    )
  return waits(
    stack,
    `Contentstack no longer renews the OAuth access to "${stack}": an earlier renewal got no clear answer or was cut off before its new token was stored, and Contentstack takes the old one only once`,
    withRemedy('its OAuth access was lost in a renewal', stack),
  )
}

export function appRefused(stack: string, why: string): AccessRefused {
  return new AccessRefused(
    `Contentstack did not renew the OAuth access to "${stack}", so its tokens can't be read or changed: an operator must check the client_id, the client secret and the redirect_uri of its OAuth app. When asked for a token, ${why}.`,
    'its OAuth app is not accepted',
  )
}

/** Contentstack's no to a renewal, which does not end the access: asked again, it may say yes. */
export class NoForNow extends AccessRefused {}

export function noForNow(stack: string, why: string): AccessRefused {
  return new NoForNow(
    `Contentstack did not renew the OAuth access to "${stack}", and does not say that it has ended, so its tokens can't be read or changed for now: when it was asked for a token, ${why}. Countersign tries again; if that goes on, an operator must ${toConnect(stack)}.`,
    withRemedy('its OAuth access is not renewed', stack),
  )
}

export function notRenewed(stack: string, why: string): StackOutage {
  const words = `The OAuth access to "${stack}" can't be renewed right now`
  return new StackOutage(`${words}: when Contentstack was asked for a token, ${why}.`, words, true)
}

export function renewedByAnother(stack: string): StackOutage {
  const words = `The OAuth access to "${stack}" is being renewed by another process`
  return new StackOutage(`${words}, which is taking long; Countersign tries again.`, words, true)
}

export function notStored(stack: string, cause: string): StackOutage {
  const words = `The OAuth access to "${stack}" can't be read or stored in Countersign's database right now`
  return new StackOutage(`${words} (${cause}).`, words, true)
}

class LeftToTheApp extends StackOutage {}

/** For whoever must change nothing. */
export function leftToTheApp(stack: string): StackOutage {
  const words = `The OAuth access to "${stack}" is due to be renewed, which is left to Countersign itself`
  return new LeftToTheApp(`${words}, so it was not tried.`, words, true)
}

export function isLeftToTheApp(error: unknown): boolean {
  return error instanceof LeftToTheApp
}
