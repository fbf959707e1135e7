#!/usr/bin/env bash
# Seen with pg 8.23.1 (the newest on 2026-12-01).
#
# A server may ask for a password where none is set. `pg` then rejects, and one would expect the connection to be over: the pool has no
# client any more, and its end resolves. But the socket stays open, and keeps the process alive until the server gives up on it, which
# PostgreSQL does after `authentication_timeout`, a minute. A command that says at once what is wrong ends a minute later.
#
# The server below speaks as far as PostgreSQL does until then.
#
# Output seen:
#   SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string
#   a second after the end of the pool: 0 clients, 1 socket open
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit pg@8.23.1
cat >look.mjs <<'EOF'
import { once } from 'node:events'
import net from 'node:net'
import pg from 'pg'

const asks = (kind, words) => {
  const head = Buffer.alloc(9)
  head.write('R')
  head.writeInt32BE(8 + words.length, 1)
  head.writeInt32BE(kind, 5)
  return Buffer.concat([head, Buffer.from(words, 'latin1')])
}
const nonceIn = (first) => /r=(.+)$/.exec(first.toString('latin1'))[1]
const server = net.createServer((socket) => {
  socket.once('data', () => {
    socket.write(asks(10, 'SCRAM-SHA-256\0\0'))
    socket.once('data', (first) => socket.write(asks(11, `r=${nonceIn(first)}more,s=c2FsdA==,i=4096`)))
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address()
const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'app', database: 'app', password: () => undefined })
console.log(await pool.query('select 1').catch((error) => error.message))
await pool.end()
await new Promise((resolve) => setTimeout(resolve, 1000))
server.getConnections((_, open) => {
  console.log(`a second after the end of the pool: ${pool.totalCount} clients, ${open} socket open`)
  process.exit()
})
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string
a second after the end of the pool: 0 clients, 1 socket open'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
