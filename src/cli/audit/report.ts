import type { Left } from '../../domain/audit/chain-check.ts'
import type { Answer, Finding } from '../../domain/audit/finding.ts'
import type { PutBack } from '../../domain/audit/put-back.ts'
import type { Verification } from '../../domain/audit/verify.ts'

/** A verification; `filtered` if it was of an export that leaves entries out. */
export type Verified = Verification & { readonly filtered: boolean }

/** 0: nothing is wrong with the log; 1: something is; 2: not everything could be checked. */
export function exitCodeOf({ intact, complete }: Verified): 0 | 1 | 2 {
  if (intact.holds === false || complete.holds === false) return 1
  return intact.holds === null || complete.untold.count > 0 ? 2 : 0
}

/** For people. `anchored`: it was compared with anchors, whether or not it met any. */
export function inWords(verified: Verified, { anchored }: { readonly anchored: boolean }): string[] {
  const { intact, complete, size, head, anchorsMet } = verified
  return [
    ...answered('intact', intact, 'not known'),
    ...answered('complete', complete, unanswered(verified, anchored), asFarAs(intact)),
    size === 0
      ? intact.holds
        ? 'There are no entries.'
        : 'No entry was read.'
      : `${entries(size)}; the hash of the last is ${head}.`,
    ...counted(verified),
    ...(anchorsMet > 0 ? [`Checked against ${anchorsMet} ${anchorsMet === 1 ? 'anchor' : 'anchors'}.`] : []),
  ]
}

function answered(question: string, { holds, wrong, untold }: Answer, ifUntold: string, ifSo = 'yes'): string[] {
  const found = holds === false ? [wrong, untold] : [untold]
  const answer = holds === null ? ifUntold : holds ? ifSo : 'no'
  return [
    `${question}: ${answer}`,
    ...found.flatMap(({ first, count }) => [
      ...first.map((finding) => `  - ${inWordsOf(finding)}`),
      ...(count > first.length ? [`  - and ${count - first.length} more like this`] : []),
    ]),
  ]
}

function inWordsOf({ seq, what }: Finding): string {
  return seq === null ? what : `#${seq} ${what}`
}

/** An altered entry may be one of those that say that something was approved. */
function asFarAs({ holds, wrong }: Answer): string {
  if (holds) return 'yes'
  if (holds === false && wrong.first.every(({ seq }) => seq === null))
    return 'yes, as far as the log can be trusted: somebody may have edited the database'
  return `yes, as far as its entries can be trusted: not all of them ${holds === false ? 'are what was written' : 'could be checked'}`
}

function unanswered({ intact, complete, filtered, putBack }: Verified, anchored: boolean): string {
  if (complete.untold.count > 0) return 'not known'
  if (filtered) return 'not known: this export leaves entries out on purpose, so each was checked by itself'
  const cut = 'the newest entries could have been cut off'
  const then = intact.holds ? `all that was applied was approved, but ${cut}` : cut
  return anchored && putBack.length > 0 ? `not known: ${goneSince}; ${then}` : `not known without an anchor: ${then}`
}

const goneSince =
  'every given anchor is of entries that were lost when a backup was put back, so give one that was kept since then'

function counted({ counts: { keyed, keyless, unchained }, left, putBack }: Verified): string[] {
  const unproved = (count: number, what: string) =>
    `${count} ${what}: whoever could write to the database at that time could have rewritten them.`
  return [
    `${keyed} with a key, ${keyless} without one, ${unchained} from before the log was chained.`,
    ...left.map(leftInWords),
    ...putBack.map(putBackInWords),
    ...(keyless > 0 ? [unproved(keyless, `${keyless === 1 ? 'was' : 'were'} written without a key`)] : []),
    ...(unchained > 0
      ? [unproved(unchained, `${unchained === 1 ? 'is' : 'are'} from before the log was chained`)]
      : []),
  ]
}

function leftInWords({ seq, by, lost }: Left): string {
  return lost === undefined
    ? `#${seq}, by ${by}, says that the log goes on without a key from there.`
    : `#${seq}, by ${by}, says that nobody has the key ${lost} any more: what was written with it can't be verified by key.`
}

function putBackInWords({ seq, at, by, size, gone }: PutBack): string {
  const what = size === 0 ? 'an empty log' : `one that ends with #${size}`
  const rest =
    gone === null ? '' : ` Entries up to #${gone} had been anchored before that, and are no longer in the log.`
  return `#${seq}, by ${by} on ${at}, says that a backup was put back: ${what}.${rest}`
}

function entries(size: number): string {
  return size === 1 ? '1 entry' : `${size} entries`
}

/** For programs. */
export function asJson(verified: Verified): string {
  return JSON.stringify({ ...verified, exitCode: exitCodeOf(verified) }, null, 2)
}
