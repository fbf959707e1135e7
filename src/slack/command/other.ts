import { namedIn } from '../../domain/quick/named-in.ts'
import { quoted } from '../../domain/quick/quoted.ts'
import { split } from '../../domain/quick/reading.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { EditToken } from '../edit/edit-token.ts'
import type { Quick } from '../edit/quick.ts'
import { readOver } from '../edit/quick-line.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import type { GonePast } from '../tokens/gone-past.ts'
import { begunBy } from './form-only.ts'
import { type Guess, guess } from './guess.ts'
import type { Lookup } from './lookup.ts'
import type { NamedAnswers } from './named-answers.ts'
import type { NearAnswers, Unclear } from './near-answers.ts'
import { meantClosed, meantInstead, meantLines, naming, neither } from './not-a-command.ts'
import type { Asked, Run } from './typed.ts'
import { isQuick } from './verbs.ts'

type Deps = {
  looks: Looks
  editToken: Pick<EditToken, 'whyNotOpen'>
  gone: GonePast
  lookup: Lookup
  near: NearAnswers
  named: NamedAnswers
  tokenPage: Pick<TokenPage, 'brief'>
  quick: Pick<Quick, 'offeredFor'>
}

/** A line that begins with no command: a token's name by itself, or something that was meant otherwise. */
export function createOther({ looks, editToken, gone, lookup, near, named, tokenPage, quick }: Deps): Run {
  return async ({ text, ...asked }) => {
    const { tell, person } = asked
    const { name, found } = await lookup.meant(text)
    const offered = found.kind === 'near' ? await quick.offeredFor(text, person) : []
    if (offered.length > 0) return tell(meantLines(text, offered))
    const guessed = found.kind === 'near' ? guess(text, namesOf(await looks.known())) : null
    if (guessed) return tellGuessed(text, guessed, asked)
    const again = found.kind === 'near' ? await lookup.findAgain(name, asked) : found
    if (again.kind === 'one') return tell(await tokenPage.brief(again.token, person))
    if (again.kind === 'several') return near.tell(tell, name, again, { offers: 'show' })
    await tellNear(text, name, again, asked)
  }

  async function tellGuessed(text: string, guessed: Guess, { person, tell }: Asked): Promise<void> {
    const token = opensForm(guessed) ? tokenOf(guessed, await looks.known()) : null
    const whyNot = token && (await editToken.whyNotOpen(token, person))
    await tell(token && whyNot !== null ? meantClosed(text, guessed, { token, whyNot }) : meantInstead(text, guessed))
  }

  async function tellNear(text: string, name: string, found: Unclear, { person, tell }: Asked): Promise<void> {
    const said = await gone.saidOf(name)
    if (said) return tell(said)
    const inLine = namedIn(await looks.known(), text)
    if (inLine) return tell(naming(text, inLine, await named.offered(inLine.tokens, person, begunBy(text))))
    await tell(neither(text, { tokens: await looks.titled(found.tokens), notes: await near.notesOf(name, found) }))
  }
}

function opensForm({ verb }: Guess): boolean {
  return verb !== null && (verb === 'edit' || isQuick(verb))
}

/** The one token that such a line is about; null if it is not clear which. */
function tokenOf({ line, verb }: Guess, known: readonly Token[]): Token | null {
  if (verb !== 'edit') {
    const read = readOver(line, known)
    return read.kind === 'clear' ? read.token : null
  }
  const [, name] = split(line)
  const found = findToken(known, quoted(name)?.value ?? name)
  return found.kind === 'one' ? found.token : null
}
