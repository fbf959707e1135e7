/** Slack's complaint about one place of a payload, in the words of its `response_metadata.messages`. */
export type Problem = {
  readonly pointer: string
  readonly message: string
  /** The error that the whole call gets for it, if not the usual one. */
  readonly error?: string
}

export type Report = (pointer: string, message: string, error?: string) => void
/** Reports everything that is wrong with `value`, which is at `pointer`. */
export type Rule = (value: unknown, pointer: string, report: Report) => void
export type Fields = Record<string, Rule>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Counts UTF-16 units: it is not documented if Slack counts those or code points, and there are never fewer of them.
 */
export function string(limits: { min?: number; max?: number } = {}): Rule {
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report(pointer, 'must provide a string')
    if (value.length < min) report(pointer, `must be more than ${min - 1} characters`)
    if (value.length > max) report(pointer, `must be less than ${max + 1} characters`)
  }
}

export function integer(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Rule {
  return (value, pointer, report) => {
    if (!Number.isInteger(value)) return report(pointer, 'must provide an integer')
    if ((value as number) < min) report(pointer, `must be greater than ${min - 1}`)
    if ((value as number) > max) report(pointer, `must be less than ${max + 1}`)
  }
}

export const flag: Rule = (value, pointer, report) => {
  if (typeof value !== 'boolean') report(pointer, 'must provide a boolean')
}

export const number: Rule = (value, pointer, report) => {
  if (typeof value !== 'number') report(pointer, 'must provide a number')
}

export const anything: Rule = () => undefined

export function word(...allowed: readonly string[]): Rule {
  return (value, pointer, report) => {
    if (!allowed.includes(value as string)) report(pointer, `must be a valid enum value: ${allowed.join(', ')}`)
  }
}

export function matching(pattern: RegExp, what: string): Rule {
  return (value, pointer, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(pointer, `must be ${what}`)
  }
}

export function list(rule: Rule, limits: { min?: number; max?: number } = {}): Rule {
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report(pointer, 'must provide an array')
    if (value.length < min) report(pointer, `no less than ${min} items allowed`)
    if (value.length > max) report(pointer, `no more than ${max} items allowed`)
    for (const [index, item] of value.entries()) rule(item, `${pointer}/${index}`, report)
  }
}

/** An object with these fields and no others; `type` is always allowed. */
export function object(required: Fields, optional: Fields = {}): Rule {
  return (value, pointer, report) => {
    if (!isRecord(value)) return report(pointer, 'must provide an object')
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) report(pointer, `missing required field: ${name}`)
    }
    for (const [name, content] of Object.entries(value)) {
      if (content === undefined || name === 'type') continue
      const rule = Object.hasOwn(required, name) ? required[name] : Object.hasOwn(optional, name) && optional[name]
      if (rule) rule(content, `${pointer}/${name}`, report)
      else report(pointer, `invalid additional property: ${name}`)
    }
  }
}

/** An object whose `type` selects the rule. */
export function typed(rules: () => Readonly<Record<string, Rule>>): Rule {
  return (value, pointer, report) => {
    if (!isRecord(value)) return report(pointer, 'must provide an object')
    if (typeof value.type !== 'string') return report(pointer, 'missing required field: type')
    const rule = Object.hasOwn(rules(), value.type) ? rules()[value.type] : undefined
    if (rule) rule(value, pointer, report)
    else report(`${pointer}/type`, `unsupported type: ${value.type}`)
  }
}

/** `rule`, plus whatever `check` finds if the value is an object. */
export function also(
  rule: Rule,
  check: (value: Record<string, unknown>, pointer: string, report: Report) => void,
): Rule {
  return (value, pointer, report) => {
    rule(value, pointer, report)
    if (isRecord(value)) check(value, pointer, report)
  }
}

export function exactlyOne(...names: readonly string[]) {
  return (value: Record<string, unknown>, pointer: string, report: Report) => {
    const given = names.filter((name) => value[name] !== undefined)
    if (given.length === 0) report(pointer, `missing required field: ${names[0]}`)
    if (given.length > 1) report(pointer, `only one of these fields is allowed: ${names.join(', ')}`)
  }
}

export function atLeastOne(...names: readonly string[]) {
  return (value: Record<string, unknown>, pointer: string, report: Report) => {
    if (names.every((name) => value[name] === undefined)) report(pointer, `missing required field: ${names[0]}`)
  }
}
