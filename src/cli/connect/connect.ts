import { loadAudit, loadTerminal } from '../../config/config.ts'
import type { OAuthConfig, StackConfig } from '../../config/settings.ts'
import { beginConsent } from '../../contentstack/oauth/consent.ts'
import { unstoredCredential } from '../../contentstack/oauth/fresh-access.ts'
import { grantFrom } from '../../contentstack/oauth/renewal.ts'
import { sealed } from '../../contentstack/oauth/sealed.ts'
import { type Answered, createTokenEndpoint, type Tokens } from '../../contentstack/oauth/token-endpoint.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { auditKey } from '../../domain/audit/chain.ts'
import { operatorId } from '../../domain/operator.ts'
import { AccessRefused, Refusal } from '../../domain/refusal.ts'
import { makeIfMissing } from '../../storage/engine/make-if-missing.ts'
import type { Ask } from '../asker.ts'
import { command, type Here, lineOf } from '../command.ts'
import { stackOf, wanted } from '../stacks.ts'
import { withStore } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { codeAsPasted, codeFromBrowser } from './way-back.ts'

type Around = {
  /** Null to listen for the browser. */
  readonly ask: Ask | null
  /** Milliseconds that somebody has; ten minutes unless given. */
  readonly withinMs?: number
}

/**
 * Lets the app in at a stack by OAuth, and stores what it is let in with: the running app finds it there. Resolves to the
 * exit code: 0, or 1 if nothing was stored, as when the stack refuses it, or if the stack could not be asked.
 */
export function connect(name: string, terminal: Terminal & Around): Promise<number> {
  const { ask, withinMs = 600_000 } = terminal
  return command(terminal, async (here) => {
    const stack = wanted(loadTerminal({ oauth: name }, here.env).stacks, name)[0]!
    const oauth = withOAuth(stack)
    const keep = await keeperOf(name, oauth, here)
    const consent = beginConsent(oauth)
    const invite = () => inviting(consent.address, name, ask !== null).forEach(here.tell)
    const way = { stack: name, redirectUri: oauth.redirectUri, withinMs, onListening: invite }
    if (ask !== null) invite()
    const code = await (ask === null
      ? codeFromBrowser(consent, way)
      : codeAsPasted(consent, { stack: name, ask, complain: here.complain }))
    const tokens = grantedIn(await createTokenEndpoint(oauth).exchange(code, consent.verifier), name)
    const came = await tried(stack, tokens)
    // Somebody else may have let it in before, with an access that works.
    if ('failure' in came && came.failure instanceof AccessRefused) return tellOf(came, name, here)
    await keep(tokens)
    here.tell(
      `Stored: Countersign now has access to ${name}. If the app is running with this CREDENTIALS_KEY, it uses this within a minute.`,
    )
    return tellOf(came, name, here)
  })
}

function withOAuth({ name, oauth }: StackConfig): OAuthConfig {
  if (oauth) return oauth
  throw new Refusal(
    'invalid',
    `The stack ${name} has no oauth settings in countersign.yaml, so nothing was done. To use OAuth, give it an oauth section with app_uid and client_id there, in place of authtoken_env ("OAuth instead" in docs/setup.md), and run ${asTyped(`connect ${name}`)} again. With an authtoken, there is nothing to connect.`,
  )
}

/**
 * Makes sure that there is a place to keep it, and a log to record it in, before anybody is asked for anything. Nothing
 * lets the app in of which the log has no word, and the log has no word of what was not stored.
 */
async function keeperOf(stack: string, { database, clientId, key }: OAuthConfig, { now, env, user, complain }: Here) {
  const where = { database, now, key: auditKey(loadAudit(env).auditKey) }
  await makeIfMissing(database)
  await withStore(where, (store) => store.tryToWrite())
  return async (tokens: Tokens) => {
    const given = { clientId, sealed: sealed(grantFrom(tokens, now(), ''), key, { stack, clientId }) }
    await withStore(where, (store) => store.keepGrant(stack, given, operatorId(user))).catch((error) => {
      complain(
        `Contentstack let Countersign in, but storing that failed. Run ${asTyped(`connect ${stack}`)} again once this is fixed:`,
      )
      throw error
    })
  }
}

function inviting(address: string, stack: string, isPasted: boolean): readonly string[] {
  const then = isPasted
    ? 'Then the browser is sent to an address at which no page opens: copy it from there.'
    : 'The browser has to be on this machine: otherwise stop this, and run it again with --paste.'
  return [
    `Open this address in a browser, as an owner or admin of ${stack}, and let the app in:`,
    '',
    address,
    '',
    then,
  ]
}

function grantedIn(answered: Answered, stack: string): Tokens {
  if (answered.kind !== 'granted')
    throw new Refusal(
      'unavailable',
      `Contentstack granted no token, and nothing was stored: when asked for one, ${answered.why}. Check the app in the Developer Hub, and the token_url if there is one, against the oauth of ${stack}, and run ${asTyped(`connect ${stack}`)} again.`,
    )
  if (answered.tokens.refresh !== null) return answered.tokens
  throw new Refusal(
    'invalid',
    `Contentstack granted no refresh token, so Countersign would have access for only an hour, and nothing was stored: in the Developer Hub, give the app OAuth with a user token.`,
  )
}

type Tried =
  | { readonly seen: string; readonly unlisted: readonly (string | undefined)[] }
  | { readonly failure: unknown }

/** Makes both reads that the app makes. */
async function tried(config: StackConfig, { access }: Tokens): Promise<Tried> {
  try {
    const stack = stackOf(config, unstoredCredential(config.name, access))
    const [tokens, { branchesEnabled, unlisted }] = await Promise.all([stack.tokens(), stack.facts()])
    const branches = branchesEnabled && !unlisted ? ', branches and aliases' : ''
    return {
      seen: `${config.name} shows its tokens (${tokens.length})${branches}.`,
      unlisted: Object.values(unlisted ?? {}),
    }
  } catch (failure) {
    return { failure }
  }
}

function tellOf(tried: Tried, stack: string, { tell, complain }: Here): number {
  if ('failure' in tried) {
    const isStored = !(tried.failure instanceof AccessRefused)
    complain(lineOf(tried.failure))
    complain(
      `${isStored ? '' : 'Nothing was stored: the access from before, if there was any, stays. '}Contentstack documents OAuth for management tokens, but it has never been seen in use. If Contentstack keeps refusing, leave oauth out of the settings of ${stack} and use an authtoken, the proven way.`,
    )
    return 1
  }
  tell(tried.seen)
  for (const why of tried.unlisted) complain(`It does not list its branches or aliases: ${why}.`)
  return 0
}
