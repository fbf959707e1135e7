import { accessInWords, moduleInWords } from '../../domain/token/access.ts'
import { describe } from '../../domain/token/diff.ts'
import { expiryInWords, isOver } from '../../domain/token/expiry.ts'
import type { SettingKey } from '../../domain/token/field.ts'
import { partOf } from '../../domain/token/fields.ts'
import { modules, type Settings } from '../../domain/token/token.ts'
import { expiryRemark, field, keptEntries } from '../../words/fields.ts'
import { line, type Piece } from '../../words/pieces.ts'

/** Words a value: `field` gives all of it, `knownField` its start. */
type Say = typeof field

/** The answer under which each field is listed; `apart`: in its own way. */
const saidUnder: Record<SettingKey, 'first' | 'what' | 'where' | 'until' | 'apart'> = {
  name: 'apart',
  description: 'first',
  branches: 'where',
  aliases: 'where',
  permissions: 'apart',
  expiresOn: 'apart',
  emailNotice: 'until',
  rateLimits: 'what',
  otherScope: 'apart',
}

/** A token's settings as answers: what can it do, where, until when? */
export function settingsInWords(settings: Settings, now: Date, say: Say = field): Piece[][] {
  const fields = (answer: 'first' | 'what' | 'where' | 'until') =>
    describe(settings)
      .filter(({ key }) => saidUnder[partOf(key).setting] === answer)
      .flatMap(({ label, value, names }) => say(label, value, names))
  return [
    fields('first'),
    [line({ strong: 'What it can do' }), ...access(settings), ...fields('what')],
    [line({ strong: 'Where' }), ...fields('where')],
    [line({ strong: 'Until when' }), ...expiry(settings, now), ...fields('until')],
    keptEntries(settings),
  ]
}

/** Lists only the access it has: saying "no access" twelve times would hide that. */
function access({ permissions: { everything, modules: granted }, otherScope }: Settings): Piece[] {
  const named = (access: 'read' | 'write') =>
    modules.filter((module) => granted[module] === access).map((module) => moduleInWords(module))
  const lines = [
    ...(everything === 'none' ? [] : [{ label: 'Whole stack', value: accessInWords(everything) }]),
    ...[
      { label: 'Reads and writes', value: named('write').join(', ') },
      { label: 'Reads', value: named('read').join(', ') },
    ].filter(({ value }) => value !== ''),
  ]
  if (lines.length > 0) return lines.map(({ label, value }) => line({ strong: label }, `: ${value}`))
  return [line(otherScope.length > 0 ? 'Only what is listed below as kept.' : 'Nothing.')]
}

function expiry({ expiresOn, otherExpiry }: Settings, now: Date): Piece[] {
  const doubt = otherExpiry?.length
    ? [line('A field that Countersign does not understand, below, may say otherwise.')]
    : []
  if (expiresOn === null) return [line({ strong: 'Expires' }, ': never'), ...doubt]
  const hasExpired = isOver(expiresOn, now)
  return [
    line(
      { strong: 'Expires' },
      ': ',
      { said: expiryInWords(expiresOn) },
      ...expiryRemark(expiryInWords(expiresOn), hasExpired ? 'stopped' : 'stops'),
      hasExpired ? '. It has expired, and no longer works.' : '',
    ),
    ...doubt,
  ]
}
