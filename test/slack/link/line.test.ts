import type { App } from '@slack/bolt'
import { expect, test } from 'vitest'
import { handedOn } from '../../../src/slack/link/line.ts'
import type { Listening } from '../../../src/slack/link/watched-deliveries.ts'

/** A receiver that notes when it is opened and closed, and two apps that note what they get. */
function aLine() {
  const said: string[] = []
  let deliver: App['processEvent'] = async () => {}
  const way = {
    init: (app: App) => {
      deliver = (event) => app.processEvent(event)
    },
    start: async () => void said.push('opened'),
    stop: async () => void said.push('closed'),
    isListening: () => true,
    links: () => null,
  } as Listening
  const { end } = handedOn(way)
  const endOf = (name: string) => {
    const own = end()
    own.init({ processEvent: async () => void said.push(name) } as unknown as App)
    return own
  }
  return { said, endOf, comes: () => deliver({ body: {}, ack: async () => {} }) }
}

test('one app after another gets what comes over a line that is opened once, and closed by the last', async () => {
  const { said, endOf, comes } = aLine()
  const [first, second] = [endOf('first'), endOf('second')]
  await first.start()
  await comes()
  await second.start()
  await comes()
  await first.stop()
  await comes()
  await second.stop()
  expect(said).toEqual(['opened', 'first', 'second', 'second', 'closed'])
})
