#!/usr/bin/env bash
# Seen with @slack/socket-mode 3.1.0, @slack/web-api 8.2.0 and Node 24.21.0 (the newest of both packages on 2026-12-01).
#
# With `NODE_USE_ENV_PROXY`, Node's own `fetch` goes through the proxy that the environment names. One would expect that of the whole
# of a client that brings no other way: the Web API's half of Socket Mode, which asks for the address of a connection, does, and
# so the app looks as if it could reach Slack. The connection itself comes from the package `undici`, which knows nothing of the
# variable, and goes straight to its host. Behind a firewall that lets only the proxy out, it never opens.
#
# Here, the socket gets a dispatcher of its own for the proxy.
#
# Output seen:
#   POST /api/apps.connections.open: through the proxy
#   GET /link: directly
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @slack/socket-mode@3.1.0 @slack/web-api@8.2.0 node@24.21.0
cat >look.mjs <<'EOF'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { LogLevel, SocketModeClient } from '@slack/socket-mode'

const through = new Set()
const where = ({ socket }) => (through.has(socket.remotePort) ? 'through the proxy' : 'directly')
const told = ({ method, url }, way) => console.log(`${method} ${url}: ${way}`)
const slack = createServer((request, answer) => {
  told(request, where(request))
  answer.setHeader('content-type', 'application/json')
  answer.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${slack.address().port}/link` }))
}).listen(0, '127.0.0.1')
slack.on('upgrade', (request, socket) => {
  told(request, where(request))
  socket.destroy()
  process.exit(0)
})
const proxy = createServer().listen(Number(new URL(process.env.HTTP_PROXY).port), '127.0.0.1')
proxy.on('connect', ({ url }, socket) => {
  const [host, port] = url.split(':')
  const on = connect(Number(port), host, () => {
    through.add(on.localPort)
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    on.pipe(socket).pipe(on)
  })
})
await Promise.all([slack, proxy].map((one) => once(one, 'listening')))
const client = new SocketModeClient({
  appToken: 'xapp-1',
  clientOptions: { slackApiUrl: `http://127.0.0.1:${slack.address().port}/api/` },
  logger: { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {}, getLevel: () => LogLevel.ERROR },
})
await client.start().catch(() => {})
EOF
port=$((20000 + $$ % 20000))
seen=$(env -u http_proxy -u no_proxy -u NO_PROXY NODE_USE_ENV_PROXY=1 HTTP_PROXY=http://127.0.0.1:$port node_modules/.bin/node look.mjs)
printf '%s\n' "$seen"
expected='POST /api/apps.connections.open: through the proxy
GET /link: directly'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
