import assert from 'node:assert/strict'
import type { Policy } from '../../../src/domain/policy/policy.ts'
import { passOverRefusal } from '../../../src/domain/refusal.ts'
import { diff } from '../../../src/domain/token/diff.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { arrivalSeconds, createOutside, leaseSeconds } from '../core.ts'
import { settings } from '../world.ts'
import { createChecks, isSameField } from './checks.ts'
import { wasMadeByHand } from './claims.ts'
import { type Command, calm } from './commands.ts'
import { createMemory } from './database.ts'
import { createDeciding } from './deciding.ts'
import { createLedger } from './ledger.ts'
import { passOverDeath } from './life.ts'
import { patched } from './patches.ts'
import { type Process, startProcess } from './process.ts'
import { withoutRests } from './rests.ts'
import { groups } from './rules.ts'
import { createUnkindStack, type Kind, type Slow, type Update, type Version } from './stack.ts'

/** The start of a history: the stack, the policies that a start may bring, and the members of each group. */
export type Start = {
  readonly kind: Kind
  readonly policies: readonly Policy[]
  readonly members: readonly (readonly string[])[]
}

/**
 * Lives through a history, and throws at the first thing that should never happen. Returns the types of the events in
 * the log.
 */
export function live(start: Start, commands: readonly Command[]): Promise<string[]> {
  return withoutRests(async () => {
    const history = createHistory(start)
    try {
      for (const command of commands) await history.step(command)
      await history.end()
      return await history.types()
    } finally {
      history.close()
    }
  })
}

function createHistory({ kind, policies, members }: Start) {
  const outside = createOutside('')
  const memory = createMemory()
  const { clock, people } = outside
  let ahead = 0
  let clockHeld = true
  /** True if a process started after the clock was set forward: it can't know until when an update could arrive. */
  let setForward = false
  let startedAfter = false
  /**
   * The app looks once a minute while anything may still arrive; a history may go without a look for longer than that
   * wait.
   */
  let unlooked = 0
  let lookedInTime = true
  let values = 0
  let starts = 0
  let unsound: unknown
  const now = () => new Date(clock.now().getTime() + ahead)
  outside.clock = { ...clock, now, iso: () => now().toISOString() }
  outside.policy = policies[0]!
  for (const [i, group] of groups.entries()) people.groups.set(group, members[i]!)
  const stack = createUnkindStack(
    { t1: settings(), t2: settings({ name: 'preview-site' }) },
    { kind, changeOf, die: killAll, meanwhile, onUpdate: (update) => ledger.requireApproved(update), onLanding },
  )
  /** The processes with an update on its way. */
  const slow = new Set<number>()
  const apis = [0, 1].map((process) => soundly(stack.apiOf(process)))
  const at = () => now().getTime()
  const ledger = createLedger({ people, policy: () => outside.policy, at, versions: stack.versions })
  /** When each process started, by the clock that only passes. */
  const startedAt: number[] = []
  const processes = [started(0), started(1)]
  clock.pass(leaseSeconds + 1)
  const checks = createChecks({
    stack,
    kind,
    newest: memory.newest,
    since: ledger.since,
    revisionsOf: ledger.revisionsOf,
    store: () => processes[0]!.core.store,
  })
  const deciding = createDeciding({ process: () => processes[0]!, ledger, settled })
  return { step, end, types: checks.types, close: memory.close }

  async function step(command: Command): Promise<void> {
    await act(command)
    await settled()
    if (unsound) throw unsound
    await checks.now()
  }

  async function end(): Promise<void> {
    stack.calmsDown()
    // Until somebody sets it right, anything that waits for an instant may wait for as long as the clock was set back.
    ahead = 0
    for (const command of calm) await step(command)
    await checks.atTheEnd({ clockHeld, lookedInTime, startedAfter })
  }

  function started(i: number): Process {
    startedAfter ||= setForward
    startedAt[i] = clock.monotonic()
    const asIts = { ...outside, stack: { ...outside.stack, api: apis[i]! } }
    return startProcess(asIts, `process ${++starts}`, memory.opened(now, clock.monotonic))
  }

  /** The clock is set, and the other process goes on: at once, and when that time has passed. */
  async function meanwhile({ seconds, set }: Slow, process: number): Promise<void> {
    const other = 1 - process
    const { core, life } = processes[other]!
    const goesOn = async () => {
      // It may be waiting for just this one to answer. A process that has just started can't know that a clock was set
      // back and forth.
      const isYoung = clock.monotonic() - startedAt[other]! <= leaseSeconds * 1000
      if (!slow.has(other) && (clockHeld || !isYoung))
        await Promise.race([core.catchUp.all(), life.death]).catch(passOverDeath)
    }
    slow.add(process)
    isSet(set)
    await goesOn()
    passes(seconds)
    await goesOn()
    slow.delete(process)
  }

  function passes(seconds: number): void {
    clock.pass(seconds)
    unlooked += seconds
    lookedInTime &&= unlooked <= arrivalSeconds
    stack.pass(seconds)
  }

  /** Sets the clock by that many seconds. */
  function isSet(seconds: number): void {
    ahead += seconds * 1000
    clockHeld &&= seconds === 0
    setForward ||= seconds > 0
  }

  function killAll(): void {
    for (const { life } of processes) life.die()
  }

  /** The app may take an error thrown here for an outage, and go on. */
  function soundly<T extends object>(api: T): T {
    return new Proxy(api, {
      get:
        (target, name) =>
        async (...given: unknown[]) => {
          try {
            return await (target[name as keyof T] as (...given: unknown[]) => unknown)(...given)
          } catch (error) {
            unsound ??= error
            throw error
          }
        },
    })
  }

  /**
   * Nothing is under way any more, and new processes run in place of the killed ones: all may be killed while one
   * finishes its work.
   */
  async function settled(): Promise<void> {
    do {
      for (const [i, { core, life }] of processes.entries()) {
        await Promise.race([core.catchUp.idle(), life.death]).catch(passOverDeath)
        life.diesAfter(Number.POSITIVE_INFINITY)
        if (!life.isAlive()) processes[i] = started(i)
      }
    } while (!processes.every(({ life }) => life.isAlive()))
  }

  async function changeOf(tokenUid: string): Promise<number> {
    const open = await processes
      .find(({ life }) => life.isAlive())!
      .core.store.openChanges({ stack: 'website', tokenUid })
    const applying = open.filter(({ change }) => change.status === 'applying')
    assert.equal(applying.length, 1, `an update of ${tokenUid} is sent for one change`)
    return applying[0]!.change.id
  }

  /**
   * A field written by another change of ours may be undone only by a change that saw it. If somebody has made exactly
   * the same edit by hand, nobody can know about an unanswered update: it is believed to have come.
   */
  function onLanding(update: Update, versions: readonly Version[], next: Settings): void {
    const { change, over } = update
    const last = versions.at(-1)!
    if (wasMadeByHand(update, versions)) return
    for (const { key } of diff(last.settings, next)) {
      const since = versions.findLastIndex(({ settings }) => !isSameField(settings, last.settings, key))
      const by = versions[since + 1]!.by
      const isOther = by !== null && by !== 'hand' && by.change !== change && !wasMadeByHand(by, versions)
      if (isOther && !isSameField(over, last.settings, key))
        unsound ??= new Error(`#${change} undoes ${key} of #${by.change}`)
    }
  }

  async function act(command: Command): Promise<void> {
    switch (command.do) {
      case 'ask':
        return deciding.ask(command)
      case 'approve':
      case 'reject':
      case 'cancel':
      case 'rebase':
      case 'amend':
      case 'take over':
        return deciding.decide(command).catch(passOverRefusal)
      case 'catch up': {
        const { core, life } = processes[command.process]!
        life.diesAfter(command.dies ?? Number.POSITIVE_INFINITY)
        return Promise.race([core.catchUp.all(), life.death]).catch(passOverDeath)
      }
      case 'look': {
        const { core, life } = processes[command.process]!
        unlooked = 0
        await Promise.race([core.looks.refreshAll(), life.death]).catch(passOverDeath)
        return
      }
      case 'by hand':
        return byHand(command)
      case 'fate':
        return void stack.fates.push(command.fate)
      case 'stale':
      case 'short':
        stack[command.do] = command.reads
        return
      case 'pass':
        return passes(command.seconds)
      case 'clock':
        return isSet(command.seconds)
      case 'person':
        if (command.is === 'a member') people.obstacles.delete(command.who)
        else people.obstacles.set(command.who, `${command.is} may not`)
        return
      case 'group':
        people.groups.set(command.group, command.has)
        return
      case 'restart':
        outside.policy = policies[command.policy % policies.length]!
        killAll()
        await settled()
        return processes[0]!.ruledAnew()
    }
  }

  function byHand({ token, field }: Extract<Command, { do: 'by hand' }>): void {
    const versions = stack.versions(token)
    const { settings: live } = versions.at(-1)!
    stack.byHand(token, field === 'back' ? (versions.at(-2)?.settings ?? {}) : patched(field, live, `hand ${++values}`))
  }
}
