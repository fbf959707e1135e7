import { diff, type FieldChange, type FieldKey } from './diff.ts'
import { whyExpiryStays } from './expiry.ts'
import { withoutTargets, withTargets } from './targets.ts'
import { modules, type Permissions, type Settings } from './token.ts'

type Edit = { readonly before: Settings; readonly after: Settings }

/** The same edit over the token as it is now: what the edit touched is as it asked, all else as it was found. */
export function rebase({ before, after }: Edit, live: Settings): Settings {
  const touched = new Set(diff(before, after).map((field) => field.key))
  const aliases = merged(before.aliases, after.aliases, live.aliases)
  const over = {
    ...withFields(live, after, touched),
    branches: merged(before.branches, after.branches, live.branches),
    aliases,
    otherScope: live.otherScope,
  }
  return withTargets(over, aliases, [live, after])
}

/** `base` with these fields as they are in `from`. */
export function withFields(base: Settings, from: Settings, keys: ReadonlySet<FieldKey>): Settings {
  const pick = <K extends keyof Settings & FieldKey>(key: K): Settings[K] => (keys.has(key) ? from[key] : base[key])
  const settings = {
    name: pick('name'),
    description: pick('description'),
    branches: pick('branches'),
    aliases: pick('aliases'),
    permissions: permissions(keys, from, base),
    expiresOn: pick('expiresOn'),
    emailNotice: pick('emailNotice'),
    rateLimits: pick('rateLimits'),
    otherScope: pick('otherScope'),
    ...otherExpiryOf(base),
  }
  return withTargets(settings, settings.aliases, keys.has('aliases') ? [from, base] : [base, from])
}

/** Never edited, so always as it is on the token. */
export function otherExpiryOf({ otherExpiry }: Settings): Pick<Settings, 'otherExpiry'> {
  return otherExpiry === undefined ? {} : { otherExpiry }
}

/** Why an edit of the expiry can't be made to the token as it is now; null when it can, or is none. */
export function whyNoRebase({ before, after }: Edit, live: Settings): string | null {
  return diff(before, after).some(({ key }) => key === 'expiresOn') ? whyExpiryStays(live) : null
}

/** Fields that both the edit and somebody else have moved. An alias that points elsewhere moves none. */
export function collisions({ before, after }: Edit, live: Settings): FieldChange[] {
  const drifted = new Set(diff(withoutTargets(before), live).map((field) => field.key))
  return diff(before, after).filter((field) => drifted.has(field.key))
}

/** Where both have moved it, a rebase makes the edit's additions and removals to what is there now. */
export function isMerged({ key }: FieldChange): boolean {
  return key === 'branches' || key === 'aliases'
}

function merged(before: readonly string[], after: readonly string[], live: readonly string[]): readonly string[] {
  const removed = before.filter((name) => !after.includes(name))
  const added = after.filter((name) => !before.includes(name) && !live.includes(name))
  return [...live.filter((name) => !removed.includes(name)), ...added]
}

function permissions(touched: ReadonlySet<FieldKey>, after: Settings, live: Settings): Permissions {
  const granted = modules.flatMap((module) => {
    const { permissions } = touched.has(`module.${module}`) ? after : live
    const access = permissions.modules[module]
    return access === undefined ? [] : [[module, access] as const]
  })
  const { everything } = (touched.has('everything') ? after : live).permissions
  return { everything, modules: Object.fromEntries(granted) }
}
