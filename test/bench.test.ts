import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { usual } from './bench/sizes.ts'

const bench = fileURLToPath(new URL('bench/bench.ts', import.meta.url))

const delays = [
  'help_ack',
  'form_ack',
  'form_open',
  'form_open_to_same_view',
  'approval_ack',
  'approval_ack_to_one_commit',
  'approval_redrawn_to_one_commit',
  'one_commit_ack',
  'last_approval_ack',
  'postgres_approval_ack_to_one_commit',
]
const rows = [
  ...delays.flatMap((delay) => [`${delay}_p50`, `${delay}_p99`]),
  'token_page_open_10k_p50',
  'token_page_open_10k_p99',
  'start',
  'start_first',
  'first_ack',
  'memory_idle',
  'memory_after_commands',
  'audit_verify',
  'audit_verify_memory',
  'audit_verify_memory_to_a_tenth',
  'load_20_tokens_ack_p50',
  'load_20_tokens_ack_p99',
  'load_20_tokens_core',
  'load_20_tokens_unacked',
  ...blocks(['look_at_20']),
  'form_open_6000_to_5000_tokens',
  ...blocks(['open_changes_pending', 'open_changes_home', 'held_against_the_log']),
  'instances_ack_p50',
  'instances_ack_p99',
  'instances_lost',
  'instances_twice',
  'instances_connections_to_start',
  'instances_memory_to_start',
  ...['form', 'home', 'history', 'sweep'].flatMap((what) => [`long_past_${what}_p50`, `long_past_${what}_p99`]),
]

function blocks(names: readonly string[]): string[] {
  return names.flatMap((name) => [`${name}_block`, `${name}_block_at_work`])
}

const row = z.strictObject({
  ours: z.number().nonnegative(),
  floor: z.number().positive().nullable(),
  ratio: z.number().positive().nullable(),
  target: z.number().nonnegative().nullable(),
  unit: z.enum(['ms', 'MB', '%', 'lost', 'twice', 'connections']),
  met: z.boolean().nullable(),
})

/**
 * Multiples of bare Bolt's, percent of a core, how many are lost, and milliseconds that the event loop stands still.
 */
const promised = {
  form_open_to_same_view_p50: 1.5,
  approval_redrawn_to_one_commit_p50: 1.2,
  postgres_approval_ack_to_one_commit_p50: 1.5,
  postgres_approval_ack_to_one_commit_p99: 2,
  first_ack: 1,
  load_20_tokens_ack_p99: 5,
  load_20_tokens_core: 50,
  load_20_tokens_unacked: 0,
  look_at_20_block: 50,
  form_open_6000_to_5000_tokens: 1.5,
  open_changes_pending_block: 50,
  open_changes_home_block: 50,
  held_against_the_log_block: 50,
  instances_ack_p99: 2,
  instances_lost: 0,
  instances_twice: 0,
  instances_memory_to_start: 1.15,
  long_past_form_p99: 1.5,
  long_past_home_p99: 1.5,
  long_past_history_p99: 1.5,
  long_past_sweep_p99: 1.5,
}

test('promises about many tokens and changes are measured with that many', () => {
  expect(usual).toMatchObject({
    load: { tokens: [300, 2_500], perSecond: 100, seconds: 60 },
    looks: { tokens: [500, 2_500, 6_000] },
    manyForms: { tokens: [5_000, 6_000] },
    openChanges: { changes: 10_000 },
    heldEntries: 600_000,
    instances: { perSecond: 100, seconds: 60 },
    longPast: { entries: 1_000_000, open: 10_000 },
  })
})

/** It starts some 25 processes, one after the other, and the machine may have other work. */
const slow = { timeout: 300_000 }

test('the benchmark shows ours, the floor, their ratio and the target of everything it measures', slow, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [bench, '--quick', '--json'])
  const table = z.record(z.string(), row).parse(JSON.parse(stdout))
  expect(Object.keys(table)).toEqual(rows)
  expect(Object.fromEntries(Object.keys(promised).map((name) => [name, table[name]?.target]))).toEqual(promised)
  for (const { ours, floor, ratio, target, met } of Object.values(table)) {
    if (floor === null || ratio === null) {
      expect([floor, ratio, met]).toEqual([null, null, ours <= target!])
      continue
    }
    expect(Math.abs(ratio - ours / floor)).toBeLessThan(0.01 * ratio + 0.001)
    if (target === null) expect(met).toBeNull()
    else if (Math.abs(ratio - target) > 0.001) expect(met).toBe(ratio < target)
  }
})
