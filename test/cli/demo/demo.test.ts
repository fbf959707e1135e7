import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))

/**
 * The end of a demo that can't be started: its exit code, its output, and what it left in the folder for temporary
 * files.
 */
function startedAt(port: string) {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'countersign-no-demo-'))
  onTestFinished(() => rmSync(TMPDIR, { recursive: true }))
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, 'demo', '--port', port], { env: { TMPDIR } }, (_, out, err) =>
      resolve({ code: child.exitCode, out, err, left: readdirSync(TMPDIR) }),
    )
  })
}

test('a demo whose port is taken says so, and what to do, and leaves nothing behind', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const advice = 'Nothing was started. Choose another: npm run demo -- --port 3401\n'
  const err = `Port ${port} is taken, perhaps by another demo. ${advice}`
  expect(await startedAt(String(port))).toEqual({ code: 1, out: '', err, left: [] })
})

test('something that is not a port is repeated as it was typed', async () => {
  const err =
    'Port x is not a port number: ports are whole numbers below 65536. Nothing was started. Choose another: npm run demo -- --port 3401\n'
  expect(await startedAt('x')).toEqual({ code: 1, out: '', err, left: [] })
})
