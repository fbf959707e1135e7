import type Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { Doubt } from '../../../src/domain/audit/borne-out.ts'
import { auditKey, entryHash } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import type { Rule } from '../../../src/domain/policy/policy.ts'
import type { Store } from '../../../src/ports/store.ts'
import { createRulingAnew } from '../../../src/workflow/rounds/rule-anew.ts'
import { createOutside, leaseSeconds, startCore, typesOf } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { alice, ask, bob, carol, edit, policyOf } from '../../support/world.ts'

const key = auditKey('a secret that is not in the database')!
const later = auditKey('another secret that came after that one')!

function world(with_: { key: typeof key | null } = { key }) {
  const outside = createOutside()
  outside.key = with_.key
  const core = startCore(outside)
  return { ...outside, outside, core, raw: rawConnection(outside.path) }
}

/** Rewrites the state of a change, as somebody with the file would. */
function rewrite(raw: Sqlite.Database, id: number, alter: (state: Record<string, unknown>) => object): void {
  const state = JSON.parse(
    raw.prepare<[number], string>('select state from change_requests where id = ?').pluck().get(id)!,
  )
  const altered = { ...state, ...alter(state) }
  raw
    .prepare('update change_requests set state = ?, status = ? where id = ?')
    .run(JSON.stringify(altered), altered.status, id)
}

async function outcome({ core, stack }: Pick<ReturnType<typeof world>, 'core' | 'stack'>, id: number) {
  await core.catchUp.all()
  const { change } = await core.store.get(id)
  return { status: change.status, writes: stack.writes(), why: 'why' in change ? change.why : null }
}

const withoutConfirm = { rule: 'approvers', parties: [{ from: [bob, carol], quorum: 1 }], confirm: false }
const begun = { type: 'apply_started', lease: { holder: 'second', until: '2099-01-01T00:00:00.000Z' } } as const

describe('before a change is written to the stack, it is checked against the log', () => {
  test('and applied if the log bears it out, whatever else happened meanwhile', async () => {
    const { core, stack } = world()
    const id = await core.approved()
    await core.proposed({ tokenUid: 't2' })
    expect(await outcome({ core, stack }, id)).toMatchObject({ status: 'applied', writes: 1 })
  })

  test('so one that was approved in the database alone is not', async () => {
    const { core, stack, raw, clock } = world()
    const id = await core.proposed()
    const { change } = await core.store.get(id)
    const approval = { by: bob, at: clock.iso(), comment: '', revision: 1, seal: sealOf(change) }
    rewrite(raw, id, () => ({ status: 'approved', approvals: [approval], interruption: null, interruptions: 0 }))
    expect(await outcome({ core, stack }, id)).toMatchObject({
      status: 'failed',
      writes: 0,
      why: expect.stringMatching(/audit log does not bear out.*So nothing more is sent to the stack/),
    })
    expect(stack.calls, 'not even a look').toEqual([])
  })

  test('so one that was applied is not written again from an older copy whose log is padded with later entries', async () => {
    const { core, stack, raw } = world()
    const id = await core.approved()
    const { change: older } = await core.store.get(id)
    expect(await outcome({ core, stack }, id)).toMatchObject({ status: 'applied', writes: 1 })
    rewrite(raw, id, () => older)
    expect(await outcome({ core, stack }, id)).toMatchObject({
      status: 'failed',
      writes: 1,
      why: expect.stringContaining('audit log does not bear out'),
    })
  })

  test('and whoever runs the app is told once about one that it does not bear out, and about no other', async () => {
    const { core, stack, raw, clock } = world()
    const [good, bad] = [await core.approved(), await core.proposed({ tokenUid: 't2' })]
    const { change } = await core.store.get(bad)
    const approval = { by: bob, at: clock.iso(), comment: '', revision: 1, seal: sealOf(change) }
    rewrite(raw, bad, () => ({ status: 'approved', approvals: [approval], interruption: null, interruptions: 0 }))
    expect(await outcome({ core, stack }, good)).toMatchObject({ status: 'applied' })
    await core.catchUp.all()
    expect(core.doubts).toEqual([{ change: bad, found: expect.stringMatching(/is not stored as|approved/) }])
  })

  test('and nobody is told about one that another process has gone on with meanwhile', async () => {
    const { outside, core, stack, clock } = world()
    const id = await core.approved()
    const found: unknown[] = []
    const guard = (store: Store): Store => ({
      ...store,
      doubt: async (change) => {
        // A lease is over by the time that has passed since the other process met it.
        await core.catchUp.all()
        clock.pass(leaseSeconds + 1)
        await core.catchUp.all()
        found.push(await store.doubt(change))
        return found.at(-1) as Doubt
      },
    })
    const slow = startCore({ ...outside, guard }, 'second')
    await slow.catchUp.all()
    expect(found).toEqual([expect.stringContaining('is not stored as')])
    expect([slow.doubts, (await core.store.get(id)).change.status, stack.writes()]).toEqual([[], 'approved', 0])
  })

  test('so one that asks for something other than what was approved is not', async () => {
    const { core, stack, raw } = world()
    const id = await core.approved()
    rewrite(raw, id, ({ after }) => ({ after: { ...(after as object), name: 'mine' } }))
    const came = await outcome({ core, stack }, id)
    expect(came).toMatchObject({ writes: 0 })
    expect(came.status).not.toBe('applied')
  })

  test.each([
    ['the rule that it was asked under', true, () => ({ requirement: withoutConfirm })],
    [
      'the current policy',
      false,
      ({ today }: Record<string, unknown>) => ({ today: { ...(today as object), confirm: false } }),
    ],
  ])('so one is not if nobody had to type its name, since %s was altered', async (_, isStrictBefore, alter) => {
    const { core, outside, stack, raw } = world()
    const strict = { ...ask([bob, carol]), outcome: { ...ask([bob, carol]).outcome, confirm: true } } as Rule
    if (isStrictBefore) outside.policy = policyOf([strict])
    const id = await core.proposed()
    outside.policy = policyOf([strict])
    await createRulingAnew({
      store: core.store,
      electorates: core.electorates,
      now: outside.clock.now,
      onFailure: () => {},
    }).turn()
    expect(await core.changes.approveUnconfirmed({ id, by: bob, revision: 1 })).toBeNull()
    rewrite(raw, id, alter)
    await core.changes.approveUnconfirmed({ id, by: bob, revision: 1 })
    const came = await outcome({ core, stack }, id)
    expect(came).toMatchObject({ writes: 0 })
    expect(came.status).not.toBe('applied')
  })

  test.each(['stack', 'token_uid'])('so one that is stored with another %s is not', async (column) => {
    const { core, stack, raw } = world()
    const id = await core.approved()
    raw.prepare(`update change_requests set ${column} = 'another' where id = ?`).run(id)
    expect(await outcome({ core, stack }, id)).toMatchObject({ status: 'failed', writes: 0 })
  })

  test('one stored under another requester has its own restored by its next step: it decides nothing', async () => {
    const { core, stack, raw } = world()
    const id = await core.approved()
    raw.prepare(`update change_requests set requester = 'another' where id = ?`).run(id)
    expect(await outcome({ core, stack }, id)).toMatchObject({ status: 'applied', writes: 1 })
    expect(raw.prepare('select requester from change_requests where id = ?').pluck().get(id)).toBe(alice)
  })

  test.each(['stack', 'token_uid'])(
    'so one is not beside another of its token that is being applied, and stored with another %s so that nobody sees it',
    async (column) => {
      const { core, outside, stack, raw } = world()
      const first = await core.approved()
      const { id: second } = await core.changes.propose(
        { ...edit({ before: stack.live.get('t1')! }), reason: 'Me too' },
        'view-2',
      )
      await core.changes.approve({ id: second, by: bob, revision: 1 }, '')
      await core.store.record(first, 'app', (change) => ({ ...begun, seal: sealOf(change), at: outside.clock.iso() }))
      raw.prepare(`update change_requests set ${column} = 'another' where id = ?`).run(first)
      await core.applier.apply(second)
      expect(await outcome({ core, stack }, second)).toMatchObject({
        status: 'failed',
        writes: 0,
        why: expect.stringContaining(`change #${first} of the same token is not stored as it says itself`),
      })
    },
  )

  test('so one whose approval was written into the log without the key is not', async () => {
    const { core, stack, raw } = world()
    const id = await core.approved()
    await core.proposed({ tokenUid: 't2' })
    const columns = 'seq, at, actor, change_id as changeId, type, body, version, hash'
    const [proposed, approved] = raw.prepare<[], Entry>(`select ${columns} from audit_events order by seq`).all()
    const forged = entryHash(proposed!.hash!, approved!, null)
    pastTheTriggers(raw, () => raw.prepare('update audit_events set key = null, hash = ? where seq = 2').run(forged))
    expect(await outcome({ core, stack }, id)).toMatchObject({
      status: 'failed',
      writes: 0,
      why: expect.stringContaining('entry #2 was written without AUDIT_KEY'),
    })
  })

  test.each([
    ['altered', `update audit_events set body = replace(body, 'pipeline', 'piper') where seq = 1`],
    ['taken out of the middle', 'delete from audit_events where seq = 2'],
    ['said to be by somebody else', `update audit_events set actor = '${carol}' where seq = 3`],
  ])('so one is not if an entry after its proposal was %s, whichever change that entry is of', async (_, tampering) => {
    const { core, stack, raw } = world()
    const id = await core.proposed()
    await core.proposed({ tokenUid: 't2' })
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    await core.proposed({ tokenUid: 't3' })
    expect(pastTheTriggers(raw, () => raw.prepare(tampering).run()).changes).toBe(1)
    expect(await outcome({ core, stack }, id)).toMatchObject({
      status: 'failed',
      writes: 0,
      why: expect.stringContaining('does not bear out'),
    })
  })

  test("and an earlier key's entries count as long as that key is at hand: until it is, the change waits and says so", async () => {
    const { outside, core, stack, clock } = world()
    const [first, second] = [await core.approved(), await core.approved('t2')]
    const turning = startCore({ ...outside, key: later, earlierKeys: [key] })
    await turning.store.note({ type: 'stopped' }, 'app', null)
    const forgetful = startCore({ ...outside, key: later })
    await forgetful.applier.apply(first)
    expect((await core.store.get(first)).change).toMatchObject({
      status: 'approved',
      interruption: { why: expect.stringMatching(`${key.id}.*has to add that key to AUDIT_KEY_PREVIOUS`) },
    })
    expect([forgetful.doubts, stack.writes()]).toEqual([[], 0])
    expect(await forgetful.store.keysLacking()).toEqual([{ key: key.id, changes: [first, second] }])
    const noted = await typesOf(core, first)
    for (const anew of [forgetful, startCore({ ...outside, key: later })])
      for (const seconds of [10, 300, 300]) {
        clock.pass(seconds)
        await anew.applier.apply(first)
      }
    expect([await typesOf(core, first), noted.slice(-2)]).toEqual([noted, ['apply_started', 'apply_interrupted']])
    const mindful = startCore({ ...outside, key: later, earlierKeys: [key] })
    expect(await mindful.store.keysLacking()).toEqual([])
    await mindful.catchUp.all()
    for (const id of [first, second]) expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(2)
  })

  test('and one that an older version asked for, before the log was chained, is applied if there is no key', async () => {
    const { core: before, outside, stack, raw } = world({ key: null })
    const id = await before.proposed()
    pastTheTriggers(raw, () => raw.exec('update audit_events set hash = null'))
    const core = startCore(outside, 'second')
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    expect(await outcome({ core, stack }, id)).toMatchObject({ status: 'applied', writes: 1 })
  })

  test('and without any key, accidents are found', async () => {
    const { core, stack, raw } = world({ key: null })
    const [good, bad] = [await core.approved(), await core.approved('t2')]
    const tampering = `update audit_events set actor = '${carol}' where change_id = ${bad} and type = 'approved'`
    pastTheTriggers(raw, () => raw.exec(tampering))
    expect(await outcome({ core, stack }, bad)).toMatchObject({ status: 'failed' })
    expect((await core.store.get(good)).change.status).toBe('failed')
    expect(stack.writes()).toBe(0)
  })
})
