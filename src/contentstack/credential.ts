import { Refusal } from '../domain/refusal.ts'
import { isSendable } from '../domain/text.ts'

/** The one header that says who asks. */
export type Header = readonly [name: 'authtoken' | 'authorization', value: string]

/** Lets the app in at one stack. */
export type Credential = {
  /** Completes "the …" in sentences. */
  readonly called: string
  /** Never to be quoted. Empty if it changes: then it is struck out of every outside text. */
  readonly secret: string
  /** Reasons, as clauses that everybody may read, and remedies, which complete "an operator must". */
  readonly notAccepted: { readonly why: string; readonly remedy: string }
  readonly forbidden: { readonly why: string; readonly remedy: string }
  /** Throws an AccessRefused, or an Outage, if there is none to be had. */
  header(): Promise<Header>
  /** Notes that Contentstack did not accept it. True if it is worth asking at once with another, which `header` gives. */
  wasRefused(header: Header): boolean
  /** Resolves once it holds nothing that would be lost with this process, as far as that can be done. */
  settled(): Promise<void>
}

/** A person's authtoken, which lasts until Contentstack ends it. `from`: the variable that operators put it into. */
export function authtokenCredential(authtoken: string, from: string): Credential {
  requireSendable('authtoken', authtoken)
  return {
    called: 'authtoken',
    secret: authtoken,
    notAccepted: {
      why: `the authtoken in ${from} is not accepted`,
      remedy: `log in to Contentstack again, put the new authtoken into ${from}, and reload the settings or start Countersign again`,
    },
    forbidden: {
      why: 'the account behind the authtoken may not manage tokens',
      remedy:
        'use the authtoken of an owner or admin of the stack, in an organisation whose plan has management tokens',
    },
    header: async () => ['authtoken', authtoken],
    wasRefused: () => false,
    settled: async () => {},
  }
}

/** The platform's own error for a header that can't be sent quotes the value. */
export function requireSendable(name: string, value: string): void {
  if (!isSendable(value))
    throw new Refusal(
      'unavailable',
      `The ${name} is empty or has a space, line break or other character in it that Contentstack never uses in one: copy it again.`,
    )
}
