import type { Survey } from '../../config/config.ts'
import { auditKey, earlierKeys } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { keyProblem } from '../../domain/audit/key-check.ts'
import { keyOrderOf } from '../../domain/audit/key-order.ts'
import { endProblem } from '../../domain/audit/log-end.ts'
import { type KeyNeeded, keysLacking } from '../../domain/audit/missing-keys.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { type Check, error, ok, type Said, warning } from './finding.ts'

/** Checks that the app would start with these settings. */
export function settingsCheck({ problems, path, proxySwitch }: Survey): Check {
  const unread = warning(
    `NODE_USE_ENV_PROXY is "${proxySwitch}", which Node does not understand, so no proxy is used.`,
    'Set it to 1, or leave it out.',
  )
  const look = async () => {
    const rest = proxySwitch === null ? [] : [unread]
    if (problems.length === 0) return [ok(`${path} and the environment are complete.`), ...rest]
    return [...problems.map((problem) => error(problem)), ...rest]
  }
  return { area: 'settings', look }
}

/** A key that is too short is among the problems of the settings. */
export function auditKeyCheck(survey: Survey, inspected: () => Promise<Inspection | null>): Check {
  const keys = keysOf(survey)
  const look = async () => {
    const { lastEntry = null, turns = [], keysSince } = (await inspected()) ?? {}
    const wrong = endProblem(lastEntry)
    if (wrong !== null) return error(`The audit log can't be continued, because ${wrong}.`)
    const problem = keyProblem(lastEntry, keys, () => keyOrderOf(turns, keys))
    if (problem !== null) return error(problem, 'Countersign does not start until that is fixed.')
    const atHand = [keys.current, ...keys.earlier].flatMap((key) => key?.id ?? [])
    const lacking = keysSince ? keysLacking(keysSince, atHand) : []
    return [keys.current !== null ? ok('AUDIT_KEY is set.') : noAuditKey, ...lacking.map(keyIsLacking)]
  }
  return { area: 'audit key', look }
}

export function keysOf({ auditKey: secret, earlierAuditKeys }: Survey): Keys {
  return { current: auditKey(secret), earlier: earlierKeys(earlierAuditKeys) }
}

const noAuditKey = warning(
  'There is no AUDIT_KEY, so whoever can write the database can rewrite the audit log unseen.',
  'Make one with "openssl rand -hex 32", and keep it apart from the database.',
)

function keyIsLacking({ key, changes }: KeyNeeded): Said {
  const numbers = changes.map((id) => `#${id}`).join(', ')
  return warning(
    `Open changes (${numbers}) can't be checked against the log: part of it was written with the key ${key}, which is not given. Once approved, they have to wait.`,
    'Add that key to AUDIT_KEY_PREVIOUS, and start Countersign again.',
  )
}
