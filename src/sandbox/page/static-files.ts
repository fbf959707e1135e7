import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { shipped } from '../../shipped.ts'

export type StaticFile = { readonly type: string; readonly read: () => string }

const here = shipped('src/sandbox/page')
const { resolve } = createRequire(import.meta.url)
const packageFolder = (name: string) => dirname(resolve(`${name}/package.json`))

/** The packages that the browser's modules import by name, served as they are shipped: there is no build step. */
const vendor = {
  preact: join(packageFolder('preact'), 'dist/preact.mjs'),
  'preact/hooks': join(packageFolder('preact'), 'hooks/dist/hooks.mjs'),
  htm: join(dirname(resolve('htm')), 'htm.mjs'),
}
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
}

const mapPlace = /(<script type="importmap">)[^<]*(<\/script>)/
const importMap = JSON.stringify({
  imports: Object.fromEntries(Object.keys(vendor).map((name) => [name, `/vendor/${name}.mjs`])),
})

/** Everything on the page comes from this server; only pictures in messages may come from elsewhere. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
  'img-src * data:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Every file that is served, by address. Nothing else can be requested. */
export const staticFiles: ReadonlyMap<string, StaticFile> = new Map([
  ['/', { type: types['.html']!, read: () => text('client/index.html').replace(mapPlace, `$1${importMap}$2`) }],
  ...served('client', '.js'),
  ...served('style', '.css'),
  ...Object.entries(vendor).map(
    ([name, path]) =>
      [`/vendor/${name}.mjs`, { type: types['.mjs']!, read: () => readFileSync(path, 'utf8') }] as const,
  ),
])

function served(folder: string, extension: string) {
  return readdirSync(join(here, folder))
    .filter((name) => extname(name) === extension)
    .map((name) => [`/${folder}/${name}`, { type: types[extension]!, read: () => text(`${folder}/${name}`) }] as const)
}

function text(path: string): string {
  return readFileSync(join(here, path), 'utf8')
}
