import { mistakesIn, type SecretKind } from '../../config/mistaken-values.ts'
import { defaultAuthtoken } from '../../config/variables.ts'
import { isSendable } from '../../domain/text.ts'
import type { Ask } from '../asker.ts'
import type { Here } from '../command.ts'
import type { Answers } from './answers.ts'
import { isWritable } from './env-text.ts'

/** A secret that comes from Slack or Contentstack. */
type Needed = { readonly name: string; readonly kind: SecretKind; readonly what: string }

/** Those that these settings need, in the order in which they are made. */
export function neededSecrets({ http }: Pick<Answers, 'http'>): readonly Needed[] {
  const signing = { name: 'SLACK_SIGNING_SECRET', kind: 'SLACK_SIGNING_SECRET', what: 'the signing secret' } as const
  const appToken = { name: 'SLACK_APP_TOKEN', kind: 'SLACK_APP_TOKEN', what: 'the app-level token, xapp-…' } as const
  return [
    { name: 'SLACK_BOT_TOKEN', kind: 'SLACK_BOT_TOKEN', what: 'the bot token, xoxb-…' },
    http ? signing : appToken,
    { name: defaultAuthtoken, kind: 'authtoken', what: 'the authtoken of a Contentstack owner or admin' },
  ]
}

/** Asks for each, without showing what is typed; those that nobody has yet are left out. */
export async function askForSecrets(
  needed: readonly Needed[],
  ask: Ask,
  { complain }: Pick<Here, 'complain'>,
): Promise<Record<string, string>> {
  const known: Record<string, string> = {}
  for (const { name, kind, what } of needed) {
    const value = await typed(`${name}, ${what} (hidden; press Enter to fill it in later): `, kind)
    if (value !== '') known[name] = value
  }
  return known

  async function typed(question: string, kind: SecretKind): Promise<string> {
    for (;;) {
      const value = await ask(question, { hidden: true })
      const problems =
        value === '' || (isSendable(value) && isWritable(value))
          ? mistakesIn(value, kind)
          : [`has a character in it that can't be part of it: copy it again.`]
      if (value === '' || problems.length === 0) return value
      for (const problem of problems) complain(`What you typed ${problem}`)
    }
  }
}
