#!/usr/bin/env bash
# Seen with @slack/web-api 8.2.0 (the newest on 2026-12-01).
#
# The client tries again when a request times out, and in the end rejects with a `WebAPIRequestError`. One would expect the same
# wherever the time runs out. If the headers of the answer have come and the rest does not, it tries once, and rejects with the
# `DOMException` of the signal, whose `code` is the number 23: nothing that is a `SlackError`, and none of the library's codes.
#
# Here, calls are sent by a fetch of our own, and both are one kind of outage.
#
# Output seen:
#   before the headers: 2 tries, WebAPIRequestError, code slack_webapi_request_error
#   after the headers: 1 tries, DOMException, code 23
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @slack/web-api@8.2.0
cat >look.mjs <<'EOF'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { LogLevel, WebClient } from '@slack/web-api'

let requests = 0
const server = createServer((request, answer) => {
  requests++
  if (!request.url.endsWith('/api.test')) return
  answer.writeHead(200, { 'content-type': 'application/json' })
  answer.write('{"ok":')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const client = new WebClient('xoxb-1', {
  slackApiUrl: `http://127.0.0.1:${server.address().port}/api/`,
  timeout: 500,
  retryConfig: { retries: 1, minTimeout: 1, maxTimeout: 1 },
  logLevel: LogLevel.ERROR,
  logger: { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {}, getLevel: () => LogLevel.ERROR },
})
for (const [method, when] of Object.entries({ 'auth.test': 'before the headers', 'api.test': 'after the headers' })) {
  requests = 0
  const error = await client.apiCall(method).catch((caught) => caught)
  console.log(`${when}: ${requests} tries, ${error.constructor.name}, code ${error.code}`)
}
server.closeAllConnections()
server.close()
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='before the headers: 2 tries, WebAPIRequestError, code slack_webapi_request_error
after the headers: 1 tries, DOMException, code 23'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
