import { type FileHandle, open } from 'node:fs/promises'
import type { AnchorPlace } from '../ports/anchors.ts'
import { lineOf } from './line.ts'

/** A file to which each line is appended and flushed to disk before anything else happens. */
export function fileAt(path: string): AnchorPlace {
  return {
    name: 'file',
    keep: async (anchor) => {
      const file = await open(path, 'a+')
      try {
        const start = (await endsInALine(file)) ? '' : '\n'
        await file.appendFile(`${start}${lineOf(anchor)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
  }
}

/** After a full disk or a power cut the last line may be cut off: the next must not get lost in it. */
async function endsInALine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return true
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return buffer.toString() === '\n'
}
