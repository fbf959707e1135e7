import { saidInEnglish } from '../../domain/quick/in-english.ts'
import { written } from '../../domain/quick/text.ts'
import { quickLabel } from '../../domain/quick/verbs.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Message } from '../kit/blocks.ts'
import { apartFrom } from '../kit/options.ts'
import { createGonePast } from '../tokens/gone-past.ts'
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
    const choices = titled.map(({ token, stackTitle }): Choice => {
      const { uid, settings } = token
      const alone = findToken(known, settings.name).kind === 'one'
      const line = written({ ...command, token: alone ? settings.name : uid }, namesOf(known))
      return { line, label: quickLabel(command.verb), name: settings.name, stackTitle, apart: apart(token) }
    })
    const isGone = kind === 'near' ? await gone.titled(command.token) : []
    const lines = kind === 'near' && isGone.length === 0 ? saidInEnglish(text, namesOf(known)) : []
    const offered = await offers.possible(lines, person)
    return quickNear({ typed: lineOf(text), token: command.token, choices, offered, gone: isGone, notes })
  }
}

type Among = {
  readonly text: string
  readonly person: string
  readonly line: Unclear
  readonly notes?: readonly string[]
}

/** Each holds the whole line, including a long reason. */
const mostChoices = 5
