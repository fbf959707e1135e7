import { saidInEnglish } from '../../domain/quick/in-english.ts'
import { inLine } from '../../domain/quick/quoted.ts'
import { headOf, written } from '../../domain/quick/text.ts'
import { type QuickCommand, quickLabel } from '../../domain/quick/verbs.ts'
import { callOf, namesOf, stackBefore } from '../../domain/token/find.ts'
import type { Message } from '../kit/blocks.ts'
import { apartFrom } from '../kit/options.ts'
import { createGonePast } from '../tokens/gone-past.ts'
import type { Waiting } from '../tokens/waiting.ts'
import { type Choice, quickNear } from './quick-answers.ts'
import { type Line, lineOf } from './quick-line.ts'
import { createQuickOffers, type OffersDeps } from './quick-offers.ts'

type Unclear = Extract<Line, { kind: 'several' | 'near' }>

export type QuickChoices = ReturnType<typeof createQuickChoices>

/** The answer to a line about no single token: which ones may be meant. */
export function createQuickChoices(deps: OffersDeps) {
  const { store, looks } = deps
  const offers = createQuickOffers(deps)
  const gone = createGonePast({ store, looks })
  return { among }

  async function among({ text, person, line, notes = [] }: Among): Promise<Message> {
    const { kind, command, tokens } = line
    const known = await looks.known()
    const titled = await looks.titled(tokens.slice(0, mostChoices))
    const apart = apartFrom(titled)
    const called = callOf(known)
    const choices = titled.map(({ token, stackTitle }): Choice => {
      const line = written({ ...command, token: called(token) }, namesOf(known))
      return { line, label: quickLabel(command.verb), name: token.settings.name, stackTitle, apart: apart(token) }
    })
    const isGone = kind === 'near' ? await gone.titled(command.token) : []
    const lines = kind === 'near' && isGone.length === 0 ? saidInEnglish(text, namesOf(known)) : []
    const offered = await offers.possible(lines, person)
    const waiting = { ...restOf(command), stack: stackBefore(known, command.token) ?? undefined }
    return quickNear({ typed: lineOf(text), token: command.token, choices, offered, gone: isGone, notes, waiting })
  }
}

/** The line without its token. */
function restOf(command: QuickCommand): Waiting {
  const { verb, reason } = command
  return { verb, rest: `${headOf(command, inLine)}${reason === null ? '' : ` because ${reason}`}` }
}

type Among = {
  readonly text: string
  readonly person: string
  readonly line: Unclear
  readonly notes?: readonly string[]
}

/** Each holds the whole line, including a long reason. */
const mostChoices = 5
