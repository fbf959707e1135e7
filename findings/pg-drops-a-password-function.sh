#!/usr/bin/env bash
# Seen with pg 8.23.1 (the newest on 2026-12-01).
#
# pg says that it will stop reading password files, and that an async function given as `password` should read them instead. One would
# expect this to work with any way to name the server. But beside a `connectionString` that has no password, the function is dropped
# without a word, and never called: the string counts as saying that the password is empty, and that wins. Here, the database is named by
# such a string, with no password in it, and pg reads the file itself as long as it does.
#
# Output seen:
#   host and user: kept
#   a connection string without a password: dropped
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit pg@8.23.1
cat >look.mjs <<'EOF'
import pg from 'pg'

const password = async () => 'from a file'
const kept = (options) => (new pg.Client({ ...options, password }).password === password ? 'kept' : 'dropped')
console.log(`host and user: ${kept({ host: 'db.example.com', user: 'app', database: 'app' })}`)
console.log(`a connection string without a password: ${kept({ connectionString: 'postgres://app@db.example.com/app' })}`)
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='host and user: kept
a connection string without a password: dropped'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
