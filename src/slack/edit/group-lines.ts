import { distinct, distinctInList } from '../../domain/look-alikes.ts'
import { moduleInWords } from '../../domain/token/access.ts'
import { dayOf, expiryInWords, isOver } from '../../domain/token/expiry.ts'
import { aliasInWords } from '../../domain/token/targets.ts'
import { modules, type StackFacts } from '../../domain/token/token.ts'
import { count, shortLine } from '../../words/text.ts'
import { enumerated } from '../../words/words.ts'
import type { Group } from './form-groups.ts'
import type { FormState } from './form-state.ts'
import type { Opened } from './opened.ts'

/** Says what the form asks for in a closed group, in one line. */
export const groupLines: Record<Group, (opened: Opened) => string> = {
  naming: ({ form }) => {
    const description = form.description.trim() === '' ? 'no description' : shortLine(form.description, 80)
    return `${shortLine(distinct(form.name), 60)} · ${description}`
  },
  scope: ({ form, facts }) => {
    const branches = listed('branch', form.branches.map(distinctInList))
    const aliases = listed(
      'alias',
      form.aliases.map((alias) => aliasInWords(facts, alias)),
    )
    return [...branches, ...aliases].join(' · ') || 'no branches, no aliases'
  },
  access: ({ form, draft }) => {
    const kept = draft.before.otherScope.length
    const beside = kept === 0 ? '' : ` · ${count(kept, 'entry', 'entries')} that Countersign does not understand`
    return `${accessLine(form)}${beside}`
  },
  expiry: (opened) =>
    `${expiryLine(opened)} · ${opened.form.emailNotice ? 'e-mail 7 days before' : 'no e-mail before'}`,
  rates: ({ form, facts }) =>
    form.rates === 'custom'
      ? `${shortLine(form.readRate, 10)} reads and ${shortLine(form.writeRate, 10)} writes a second`
      : organisationInWords(facts),
}

const most = { names: 3, modules: 4 }

function listed(kind: 'branch' | 'alias', names: readonly string[]): string[] {
  if (names.length === 0) return []
  const [one, several] = kind === 'branch' ? ['branch', 'branches'] : ['alias', 'aliases']
  const shown = names.map((name) => [shortLine(name, 40)])
  return [`${names.length === 1 ? one : several} ${enumerated(shown, most.names).join('')}`]
}

function accessLine({ everything, modules: chosen }: FormState): string {
  if (everything !== 'none') return everything === 'write' ? 'reads and writes everything' : 'reads everything'
  const named = (access: 'read' | 'write') => {
    const names = modules.filter((module) => chosen[module] === access).map((module) => [moduleInWords(module)])
    return names.length === 0
      ? []
      : [`${access === 'write' ? 'reads and writes' : 'reads'} ${enumerated(names, most.modules).join('')}`]
  }
  return [...named('write'), ...named('read')].join(' · ') || 'none'
}

function expiryLine({ form, draft: { before }, now }: Opened): string {
  if (form.expiry === 'never') return 'never'
  if (form.date === dayOf(before.expiresOn)) {
    const had = shortLine(expiryInWords(before.expiresOn), 60)
    return isOver(before.expiresOn, now) ? `expired ${had}` : had
  }
  return form.date ?? 'a day that is not chosen yet'
}

export function organisationInWords({ organisationLimits }: StackFacts): string {
  if (organisationLimits === null) return "The organisation's"
  const { read, write } = organisationLimits
  return `The organisation's (${count(read, 'read')}, ${count(write, 'write')} a second)`
}
