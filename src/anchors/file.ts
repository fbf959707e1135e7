import { type FileHandle, open } from 'node:fs/promises'
import type { AnchorPlace } from '../ports.ts'
import { lineOf } from './line.ts'

/** A file that lines are appended to, each on disk before the next thing happens. */
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

/** After a full disk or a power cut the last line may be half there: the next one is not to be lost in it. */
async function endsInALine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return true
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return buffer.toString() === '\n'
}
