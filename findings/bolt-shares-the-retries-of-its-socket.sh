#!/usr/bin/env bash
# Seen with @slack/bolt 5.1.0 (the newest on 2026-12-01).
#
# The `client` that a listener gets is made from the options of the app. One would expect it to be the same over HTTP and in Socket Mode:
# ten retries within half an hour. In Socket Mode, the part that opens the socket writes its own patience into the same object of options,
# so that every listener's client tries a hundred times. A modal whose opening failed is tried again long after its trigger has expired.
# `app.client` is made before, and is not affected.
#
# Here, the app says how often, and the receiver has options of its own.
#
# Output seen:
#   over HTTP: 10 retries
#   in Socket Mode: 100 retries
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @slack/bolt@5.1.0
cat >look.mjs <<'EOF'
import bolt from '@slack/bolt'

const common = {
  authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' }),
  deferInitialization: true,
  logLevel: bolt.LogLevel.ERROR,
}
const body = { command: '/token', text: '', user_id: 'U1', team_id: 'T1', channel_id: 'C1', trigger_id: '1.2.3' }
async function retriesOf(options) {
  const app = new bolt.App({ ...common, ...options })
  await app.init()
  let retries
  app.command('/token', async ({ client }) => void ({ retries } = client.retryConfig))
  await app.processEvent({ body, ack: async () => {} })
  return retries
}
console.log(`over HTTP: ${await retriesOf({ signingSecret: 's' })} retries`)
console.log(`in Socket Mode: ${await retriesOf({ socketMode: true, appToken: 'xapp-1' })} retries`)
process.exit()
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='over HTTP: 10 retries
in Socket Mode: 100 retries'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
