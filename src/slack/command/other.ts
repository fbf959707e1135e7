import { namedIn } from '../../domain/quick/named-in.ts'
import { quoted } from '../../domain/quick/quoted.ts'
import { split } from '../../domain/quick/reading.ts'
import { isQuickVerb } from '../../domain/quick/verbs.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { EditToken } from '../edit/edit-token.ts'
import type { Quick } from '../edit/quick.ts'
import { readOver } from '../edit/quick-line.ts'
import type { TokenPage } from '../token-page/token-page.ts'
import type { GonePast } from '../tokens/gone-past.ts'
import { doneElsewhere } from './elsewhere.ts'
import { begunBy, formOnly } from './form-only.ts'
import { type Guess, guess } from './guess.ts'
import type { Lookup } from './lookup.ts'
import type { NamedAnswers } from './named-answers.ts'
import type { NearAnswers, Unclear } from './near-answers.ts'
import { meantClosed, meantInstead, meantLines, naming, neither } from './not-a-command.ts'
import { isQuestion, rephrased } from './rephrase.ts'
import type { Asked, Asking, Run } from './typed.ts'
import { isQuick } from './verbs.ts'

type Deps = {
  looks: Looks
  editToken: Pick<EditToken, 'whyNotOpen'>
  gone: GonePast
  lookup: Lookup
  near: NearAnswers
  named: NamedAnswers
  tokenPage: Pick<TokenPage, 'brief'>
  quick: Pick<Quick, 'offeredFor' | 'refusedFor' | 'nearly'>
  run: (line: string, asking: Asking) => Promise<void>
  help: Run
}

/** A line that begins with no command: a token's name by itself, or something that was meant otherwise. */
export function createOther({ looks, editToken, gone, lookup, near, named, tokenPage, quick, run, help }: Deps): Run {
  return async ({ text, ...asked }) => {
    const { tell, person } = asked
    const { name, found } = await lookup.meant(text)
    if (found.kind === 'near' && (await otherwise(text, asked))) return
    const again = found.kind === 'near' ? await lookup.findAgain(name, asked) : found
    if (again.kind === 'one') return tell(await tokenPage.brief(again.token, person))
    if (again.kind === 'several') return near.tell(tell, name, again, { offers: 'show' })
    await tellNear(text, name, again, asked)
  }

  /** True if the line was answered as one that was probably meant. */
  async function otherwise(text: string, asked: Asking): Promise<boolean> {
    const { tell, person } = asked
    const line = namesOf(await looks.known()).isStack?.(text) ? `list ${text}` : rephrased(text)
    if (line !== null) return done(run(line, asked))
    const offered = await quick.offeredFor(text, person)
    if (offered.length > 0) return done(tell(meantLines(text, offered)))
    const answer =
      (await quick.nearly.offered(text, person)) ??
      (await quick.nearly.refused(text, person)) ??
      (await quick.refusedFor(text, person)) ??
      (isElsewhere(text) ? null : await quick.nearly.unread(text, person))
    if (answer) return done(tell(answer))
    if (isQuestion(text)) return done(tellAbout(text, asked))
    const guessed = guess(text, namesOf(await looks.known()))
    const isMeant = guessed !== null && (guessed.verb === null || doneElsewhere(text) === null)
    return isMeant && done(tellGuessed(text, guessed, asked))
  }

  /** A question is answered with the token that it names, or with the command that it is about. */
  async function tellAbout(text: string, asked: Asking): Promise<void> {
    const [only, ...others] = namedIn(await looks.known(), text.replace(/\?\s*$/, ''))?.tokens ?? []
    if (only && others.length === 0) return asked.tell(await tokenPage.brief(only, asked.person))
    const verb = text.toLowerCase().split(/\W+/).find(isQuickVerb) ?? ''
    await help({ ...asked, text, rest: verb })
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

/** True for what no command does. */
function isElsewhere(text: string): boolean {
  return doneElsewhere(text) !== null || formOnly(text) !== null
}

async function done(work: Promise<void>): Promise<true> {
  await work
  return true
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
