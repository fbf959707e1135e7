import { expect, test } from 'vitest'
import { besideOf } from '../../../src/domain/change/beside.ts'
import { hasEnded, openStatuses } from '../../../src/domain/change/change.ts'
import { inEveryStatus } from '../../support/changes.ts'

test.each(inEveryStatus())(
  'a change that is $status is found either among the open or among the ended ones',
  (change) => {
    expect(besideOf(change).dueAt === null).toBe(hasEnded(change))
    expect(openStatuses.some((status) => status === change.status)).toBe(!hasEnded(change))
  },
)
