#!/usr/bin/env bash
# Seen with @slack/web-api 8.2.0 (the newest on 2026-12-01).
#
# The client waits and tries again after a 429, or, if told not to, rejects with a `WebAPIRateLimitedError`. One would expect the same
# of any 429 that HTTP allows: `Retry-After` may hold a date instead of seconds, or be missing, as in the answers of many proxies
# (RFC 9110, 10.2.3; RFC 6585, 4). Both end the call at its first try, whatever the retries are set to, with a plain `Error` without
# a code, whose message has the address that was called.
#
# Here, a 429 of either kind is a wait of a second, at least.
#
# Output seen:
#   1: 3 tries, then an answer
#   Tue, 01 Dec 2026 12:00:00 GMT: 1 tries, Error, code undefined
#   none: 1 tries, Error, code undefined
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

let tries = 0
let after = null
const server = createServer((_, answer) => {
  const isLimited = ++tries < 3
  const headers = { 'content-type': 'application/json', ...(isLimited && after && { 'retry-after': after }) }
  answer.writeHead(isLimited ? 429 : 200, headers).end(JSON.stringify({ ok: !isLimited }))
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const client = new WebClient('xoxb-1', {
  slackApiUrl: `http://127.0.0.1:${server.address().port}/api/`,
  retryConfig: { retries: 5, minTimeout: 1, maxTimeout: 1 },
  logLevel: LogLevel.ERROR,
  logger: { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {}, getLevel: () => LogLevel.ERROR },
})
for (after of ['1', 'Tue, 01 Dec 2026 12:00:00 GMT', null]) {
  tries = 0
  const end = await client.apiCall('api.test').then(
    () => 'then an answer',
    (error) => `${error.constructor.name}, code ${error.code}`,
  )
  console.log(`${after ?? 'none'}: ${tries} tries, ${end}`)
}
server.closeAllConnections()
server.close()
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='1: 3 tries, then an answer
Tue, 01 Dec 2026 12:00:00 GMT: 1 tries, Error, code undefined
none: 1 tries, Error, code undefined'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
