#!/usr/bin/env bash
# Seen with @contentstack/management 1.30.2 (the newest on 2026-12-01).
#
# One would expect a sign-in to change who sends an update, and nothing else. But to ask for the access token, the OAuth handler replaces
# the default headers of the client that it belongs to, for good: from then on, whatever that client sends says that it is a form, and
# axios writes it as one. Of the settings of a token, "[object Object]" is left.
#
# A refresh does the same. Here, Contentstack is spoken to by a client of our own.
#
# Output seen:
#   before: application/json {"token":{"name":"ci-deploy"}}
#   after: application/x-www-form-urlencoded token=%5Bobject+Object%5D
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @contentstack/management@1.30.2
cat >look.mjs <<'EOF'
import contentstack from '@contentstack/management'

const granted = { access_token: 'a', refresh_token: 'r', expires_in: 3600, organization_uid: 'o', user_uid: 'u' }
const client = contentstack.client({ host: 'api.example.com' })
let sent
client.axiosInstance.defaults.adapter = async (config) => {
  sent = `${config.headers['Content-Type']} ${config.data}`
  const data = config.url.endsWith('/token') ? granted : { token: { uid: 'blt1' } }
  return { status: 200, statusText: 'OK', headers: {}, config, data }
}
async function update() {
  await Object.assign(client.stack({ api_key: 'k' }).managementToken('blt1'), { name: 'ci-deploy' }).update()
  return sent
}
console.log(`before: ${await update()}`)
const oauth = client.oauth({ appId: 'app', clientId: 'c', clientSecret: 's', redirectUri: 'http://localhost:8184' })
await oauth.exchangeCodeForToken('code')
console.log(`after: ${await update()}`)
process.exit()
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='before: application/json {"token":{"name":"ci-deploy"}}
after: application/x-www-form-urlencoded token=%5Bobject+Object%5D'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }
