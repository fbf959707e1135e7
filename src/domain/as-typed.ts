/** Spells a command for whoever has to type it. */
type Spelling = (command: string) => string

/** By the scripts of the repository, which have a name for the first word, or the first two. */
const byScript: Spelling = (command) => {
  const [, what = '', rest = ''] = /^(policy check|\S+) ?(.*)$/.exec(command) ?? []
  const run = what === 'start' ? 'npm start' : `npm run ${what.replace(' ', ':')}`
  return rest === '' ? run : `${run} -- ${rest}`
}

/** As the program is called where it is installed. */
const byName: Spelling = (command) => `countersign ${command}`

let spelling = byScript

/** A command, such as `audit verify`, the way it is typed here: `npm run audit -- verify`, or `countersign audit verify`. */
export function asTyped(command: string): string {
  return spelling(command)
}

/** From now on, commands are spelled as they are typed where the program is installed, or in its repository. */
export function spellAs(where: 'installed' | 'repository'): void {
  spelling = where === 'installed' ? byName : byScript
}
