import { expect, test } from 'vitest'
import { createElectorates } from '../../../src/workflow/changes/electorates.ts'
import { pending } from '../../support/changes.ts'
import { alice, ask, owners, policyOf, requirement } from '../../support/world.ts'

test('the requesters and the deciders are looked up at once, since somebody waits for it', async () => {
  const asked: string[] = []
  const answers = Promise.withResolvers<void>()
  const answered = async <T>(id: string, answer: T): Promise<T> => {
    asked.push(id)
    await answers.promise
    return answer
  }
  const people = {
    obstacle: (person: string) => answered(person, null),
    members: (group: string) => answered(group, ['U0BOB']),
    canonical: async (person: string) => person,
  }
  const policyFor = () => policyOf([ask([owners])])
  const electorates = createElectorates({ people, policyFor, now: () => new Date(0) })
  const found = electorates.forChange(pending({ requirement: requirement([owners]) }))
  await new Promise((resolve) => setImmediate(resolve))
  expect(asked).toEqual(expect.arrayContaining([alice, owners]))
  answers.resolve()
  expect((await found).demands[0]?.parties[0]?.people).toEqual(['U0BOB'])
})
