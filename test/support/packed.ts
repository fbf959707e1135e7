import { execFile } from 'node:child_process'
import { cpSync, readdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const left = ['node_modules', 'dist', 'test', '.git', '.mutation']

/**
 * Makes the package in that folder, and resolves with its path. It is packed from a copy: packing builds, and somebody
 * may be running what was built here.
 */
export async function packed(folder: string): Promise<string> {
  const checkout = join(folder, 'checkout')
  for (const name of readdirSync('.').filter((name) => !left.includes(name)))
    cpSync(name, join(checkout, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'))
  const to = ['--silent', '--pack-destination', folder]
  const { stdout } = await promisify(execFile)('npm', ['pack', ...to], { cwd: checkout })
  return join(folder, stdout.trim().split('\n').at(-1)!)
}
