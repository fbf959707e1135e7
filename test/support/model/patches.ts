import type { Settings } from '../../../src/domain/token/token.ts'
import type { Patch } from './commands.ts'

/** A person's edit of a token: texts never used before (`value`), and steps back and forth. */
export function patched(
  patch: Patch,
  { permissions, expiresOn, branches }: Settings,
  value: string,
): Partial<Settings> {
  const grants = (modules: Settings['permissions']['modules']) => ({
    permissions: { ...permissions, modules: { ...permissions.modules, ...modules } },
  })
  switch (patch) {
    case 'name':
      return { name: value }
    case 'description':
      return { description: value }
    case 'both':
      return { name: value, description: value }
    case 'spaced':
      return { name: ` ${value} ` }
    case 'loud':
      return { name: value.toUpperCase() }
    case 'writing':
      return grants({ entry: permissions.modules.entry === 'write' ? 'read' : 'write' })
    case 'assets':
      return grants({ asset: permissions.modules.asset === 'read' ? 'write' : 'read' })
    case 'expiry':
      return { expiresOn: nextDay(expiresOn) }
    case 'branch':
      return { branches: branches.includes('feature-x') ? ['main', 'development'] : [...branches, 'feature-x'] }
  }
}

const days = ['2027-01-31', '2027-06-30', null]

function nextDay(expiresOn: string | null): string | null {
  return days[(days.indexOf(expiresOn?.slice(0, 10) ?? null) + 1) % days.length]!
}
