import { copyFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { filesOf, releasedKey, releases } from '../../support/released.ts'

const key = auditKey(releasedKey)

/**
 * The output of `npm run fixture` when it made the file: the end of its log, and each change with its status, revision
 * and seal.
 */
const known: Record<string, { checkpoint: { size: number; head: string; digest: string }; sealed: unknown[] }> = {
  '0.2.0': {
    checkpoint: {
      size: 46,
      head: '7973beb6f7928b6109c03ee75893e72f11f755766f4e22d1ca9bdd93d0401c8b',
      digest: '494cf6f881dec8511699f647c495c3d5119a4891385a8b739e3017b3483555a7',
    },
    sealed: [
      ['expired', 1, '544e758416e41d9b4feac59c7bdc47adcea0748d84f549570561cd1b7b1961e5'],
      ['applied', 1, '889f041594f6d35ffd25737daab8de1461fdbf4839f8985332be9098268d046b'],
      ['rejected', 1, '5244027b0d33221c43f6ae9468f402707b757f339e50af717f8d7c54bc56fef7'],
      ['cancelled', 1, '73a3a27a6bddb610c177fb74ec2d83433f2425cf10de4d2f840d373df75f4c0c'],
      ['failed', 1, '4bdaefa646a1af936f74111628cf179207173d38bac0e1bc6d1a16e2a45ed32e'],
      ['drifted', 1, '5a7519bb07ade3c02ecb1f4da8df0106b0c68a5be36ca4a82be5017fa096809f'],
      ['drifted', 1, '23dca727f49827495c3de4d36b78797ac9b971e3d8d8afe195cb8d8b819999dc'],
      ['pending', 1, '128e6412c04a8e28564d96dc818faa89d98962e364264636d7715056cd8b5999'],
      ['pending', 2, '4573ffd50a5b852f541b5432ee409f85bce3b49e86eecf94363aff1228d210de'],
      ['applying', 1, '164254924a21515cbd7db75570217078fb0a5363ac1eedfc98e6ad77b1ffcc24'],
      ['approved', 1, '96bf81aabaa3c8dcfaf3b8782c3a415523457ed9a61783bf5338493349671c81'],
    ],
  },
}

test('the contents of every kept file of a release are known', () => {
  expect(Object.keys(known)).toEqual(releases())
})

describe.each(Object.entries(known))('the file that %s left', (release, { checkpoint, sealed }) => {
  test('is intact and complete once it is brought up to date, by a checkpoint from then', async () => {
    const path = copied(release)
    openStore(path, undefined, key).close()
    const anchors = [{ ...checkpoint, from: 'its anchor' }]
    const { intact, complete, counts } = await verifyDatabase(path, { current: key, earlier: [] }, anchors)
    expect({ intact, complete, counts }).toMatchObject({
      intact: { holds: true },
      complete: { holds: true },
      counts: { keyed: checkpoint.size, keyless: 0, unchained: 0 },
    })
  })

  test('has every change in its state, under the same seal', async () => {
    const changes = await opened(release).changes({ most: 99 })
    const read = changes.map(({ change }) => [change.status, change.revision, sealOf(change)])
    expect(read.reverse()).toEqual(sealed)
  })

  test('has approvals that are bound to the current request', async () => {
    const open = await opened(release).openChanges()
    const approved = open.filter(({ change }) => change.approvals.length > 0)
    expect(approved.length).toBeGreaterThan(0)
    for (const { change } of approved)
      for (const { seal } of change.approvals) expect([change.id, seal]).toEqual([change.id, sealOf(change)])
  })

  test('has its cards, tokens, forms and Homes', async () => {
    const store = opened(release)
    const changes = await store.changes({ most: 99 })
    expect(changes.every(({ card }) => card !== null)).toBe(true)
    expect((await store.knownTokens()).map(({ settings }) => settings.name)).toContain('to-draft')
    expect(await store.knownFacts('website')).toMatchObject({ title: 'Website' })
    expect((await store.homes()).map(({ person }) => person)).toEqual(['U0CAROL'])
    expect(drafted(release)).not.toEqual([])
    for (const id of drafted(release)) expect(await store.draft(id)).toMatchObject({ person: 'U0ALICE' })
  })
})

function copied(release: string): string {
  const path = temporaryFile()
  copyFileSync(filesOf(release).database, path)
  return path
}

function opened(release: string) {
  const store = openStore(copied(release), undefined, key)
  onTestFinished(store.close)
  return store
}

/** The ids of the forms that its people have open, or had. */
function drafted(release: string): string[] {
  return rawConnection(copied(release)).prepare<[], string>('select id from drafts').pluck().all()
}
