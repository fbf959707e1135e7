import type { Size } from './measure.ts'

/** The sizes for which the promises hold. */
export const usual: Size = {
  warmUp: 100,
  help: 1500,
  form: 400,
  pages: 200,
  past: 10_000,
  approvals: 1000,
  lastApprovals: 300,
  starts: 15,
  commands: 10_000,
  connections: 2,
  auditEntries: 1_000_000,
  auditRounds: 3,
  load: { perSecond: 100, warmUp: 2, seconds: 60, tokens: [300, 2500] },
  looks: { tokens: [500, 2500, 6000], rounds: 5 },
  manyForms: { tokens: [5000, 6000], samples: 200 },
  openChanges: { changes: 10_000, rounds: 5 },
  heldEntries: 600_000,
  instances: { perSecond: 100, warmUp: 15, seconds: 60 },
}
/** Far too little to mean anything. */
export const quick: Size = {
  warmUp: 1,
  help: 3,
  form: 40,
  pages: 3,
  past: 100,
  approvals: 3,
  lastApprovals: 3,
  starts: 1,
  commands: 10,
  connections: 1,
  auditEntries: 500,
  auditRounds: 1,
  load: { perSecond: 10, warmUp: 0.1, seconds: 1, tokens: [20] },
  looks: { tokens: [20], rounds: 1 },
  manyForms: { tokens: [20, 30], samples: 2 },
  openChanges: { changes: 30, rounds: 1 },
  heldEntries: 100,
  instances: { perSecond: 20, warmUp: 1, seconds: 5 },
}
