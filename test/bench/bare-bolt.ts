import { readFileSync } from 'node:fs'
import { App, type BlockAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { isPostgres } from '../../src/domain/database-place.ts'

/**
 * The floor: a Bolt app as on the first page of Bolt's own guide, whose listeners only ack, except for one tiny view.
 * With BARE_VIEW, it opens the view in that file instead. With BARE_DATABASE, a press is committed to that SQLite file or PostgreSQL
 * before its ack, as durably as in the app (WAL, `synchronous=FULL`): the cost of one such commit on this machine's
 * disk. After the ack, it redraws the pressed card as it was.
 */
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL, BARE_DATABASE, BARE_VIEW } = process.env

const bolt = new App({
  token: SLACK_BOT_TOKEN!,
  appToken: SLACK_APP_TOKEN!,
  socketMode: true,
  clientOptions: { slackApiUrl: SLACK_API_URL! },
})
const tinyView: ModalView = {
  type: 'modal',
  title: { type: 'plain_text', text: 'Token' },
  blocks: [{ type: 'section', text: { type: 'plain_text', text: 'Nothing to see' } }],
}
/** A select that asks the app, named as in our own picker. */
const picker: ModalView = {
  ...tinyView,
  submit: { type: 'plain_text', text: 'Next' },
  blocks: [
    {
      type: 'input',
      label: { type: 'plain_text', text: 'Token' },
      element: { type: 'external_select', action_id: 'pick_token', min_query_length: 0 },
    },
  ],
}
const form = BARE_VIEW ? (JSON.parse(readFileSync(BARE_VIEW, 'utf8')) as ModalView) : tinyView
const commit = BARE_DATABASE ? await committerTo(BARE_DATABASE) : async () => {}

bolt.command('/token', async ({ ack, body, client }) => {
  await ack()
  if (body.text.startsWith('edit')) await client.views.open({ trigger_id: body.trigger_id, view: form })
  if (body.text === '') await client.views.open({ trigger_id: body.trigger_id, view: picker })
})
bolt.options('pick_token', ({ ack }) => ack({ options: [] }))
bolt.action<BlockAction>('approve', async ({ ack, body, client }) => {
  await commit(body.user.id)
  await ack()
  const { channel, message } = body
  if (!BARE_DATABASE || !channel || !message) return
  await client.chat.update({ channel: channel.id, ts: message.ts, text: message.text ?? '', blocks: message.blocks })
})
await bolt.start()
process.stdout.write('ready\n')

/** Imported only if it is wanted, so that the other bare apps neither load nor hold it. */
async function committerTo(path: string): Promise<(person: string) => Promise<void>> {
  if (isPostgres(path)) return committerToServer(path)
  const { default: Sqlite } = await import('better-sqlite3')
  const sqlite = new Sqlite(path)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.exec('create table presses (id integer primary key, person text not null, at text not null) strict')
  const insert = sqlite.prepare('insert into presses (person, at) values (?, ?)')
  return async (person) => void insert.run(person, new Date().toISOString())
}

async function committerToServer(url: string): Promise<(person: string) => Promise<void>> {
  const { default: pg } = await import('pg')
  const client = new pg.Client(url)
  await client.connect()
  await client.query('create table presses (id bigint generated always as identity, person text, at text)')
  const insert = { name: 'press', text: 'insert into presses (person, at) values ($1, $2)' }
  return async (person) => void (await client.query({ ...insert, values: [person, new Date().toISOString()] }))
}
