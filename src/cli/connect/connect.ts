import { existsSync } from 'node:fs'
import { loadAudit, loadTerminal } from '../../config/config.ts'
import type { OAuthConfig, StackConfig } from '../../config/settings.ts'
import { beginConsent } from '../../contentstack/oauth/consent.ts'
import { grantFrom } from '../../contentstack/oauth/renewal.ts'
import { sealed } from '../../contentstack/oauth/sealed.ts'
import { type Answered, createTokenEndpoint, type Tokens } from '../../contentstack/oauth/token-endpoint.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { auditKey } from '../../domain/audit/chain.ts'
import { Refusal } from '../../domain/refusal.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import { lockWaits, openDatabase } from '../../storage/sqlite/database.ts'
import { grantsIn } from '../../storage/sqlite/grants.ts'
import type { Ask } from '../asker.ts'
import { command, type Here, lineOf } from '../command.ts'
import { stackOf, wanted } from '../stacks.ts'
import { recordAsOperator, withStore } from '../store.ts'
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
 * exit code: 0, or 1 if nothing was stored, or the stack does not take what was stored.
 */
export function connect(name: string, terminal: Terminal & Around): Promise<number> {
  const { ask, withinMs = 600_000 } = terminal
  return command(terminal, async (here) => {
    const stack = wanted(loadTerminal({ stacks: name }, here.env).stacks, name)[0]!
    const oauth = withOAuth(stack)
    const keep = await keeperOf(name, oauth, here)
    const consent = beginConsent(oauth)
    const invite = () => inviting(consent.address, name, ask !== null).forEach(here.tell)
    const way = { stack: name, redirectUri: oauth.redirectUri, withinMs, onListening: invite }
    if (ask !== null) invite()
    const code = await (ask === null ? codeFromBrowser(consent, way) : codeAsPasted(consent, ask, here.complain))
    await keep(grantedIn(await createTokenEndpoint(oauth).exchange(code, consent.verifier), name))
    here.tell(
      `Stored: Countersign is let in at ${name}. If the app runs with this CREDENTIALS_KEY, it goes on with this within a minute.`,
    )
    return tryOut(stack, here)
  })
}

function withOAuth({ name, oauth }: StackConfig): OAuthConfig {
  if (oauth) return oauth
  throw new Refusal(
    'invalid',
    `The stack ${name} has no oauth in its settings, so there is nothing to connect: an authtoken needs no more than its variable. Nothing was done.`,
  )
}

/**
 * Makes sure that there is a place to keep it, and a log to record it in, before anybody is asked for anything. It is
 * recorded first: nothing lets the app in of which the log has no word.
 */
async function keeperOf(stack: string, { database, clientId, key }: OAuthConfig, here: Here) {
  const { now } = here
  const logKey = auditKey(loadAudit(here.env).auditKey)
  if (!existsSync(database)) openDatabase(database).$client.close()
  await withStore({ database, now, key: logKey }, (store) => store.tryToWrite())
  const grants = grantsIn(
    database,
    createSteadyClock(now, () => performance.now()),
    lockWaits.patient,
  )
  return async (tokens: Tokens) => {
    const granted = grantFrom(tokens, now(), '')
    await recordAsOperator(database, logKey, { type: 'stack_connected', stack, clientId }, here)
    await grants.keepGrant(stack, { clientId, sealed: sealed(granted, key, { stack, clientId }) })
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
    `Contentstack granted no refresh token, so Countersign would be let in for an hour only, and nothing was stored: give the app in the Developer Hub OAuth with a user token.`,
  )
}

/** Both reads that the app makes. */
async function tryOut(config: StackConfig, { tell, complain }: Here): Promise<number> {
  try {
    const stack = stackOf(config)
    const [tokens, { branchesEnabled, unlisted }] = await Promise.all([stack.tokens(), stack.facts()])
    tell(
      `${config.name} shows its tokens (${tokens.length})${branchesEnabled && !unlisted ? ', branches and aliases' : ''}.`,
    )
    for (const why of Object.values(unlisted ?? {})) complain(`It does not list its branches or aliases: ${why}.`)
    return 0
  } catch (error) {
    complain(lineOf(error))
    complain(
      `Whether Contentstack takes OAuth for management tokens is documented, but was never seen. If it goes on refusing, leave oauth out of the settings of ${config.name} and use an authtoken, the proven way.`,
    )
    return 1
  }
}
