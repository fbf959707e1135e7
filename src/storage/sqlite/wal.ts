import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** All that the -wal of a database would put into it, as far as it matters. */
export type Wal = {
  readonly pageSize: number
  /** The mark of each first page in it, in the order in which they were written: see `prepareMark`. */
  readonly marks: readonly number[]
}

/**
 * Reads the -wal at `path` as SQLite would, without SQLite, which writes as soon as it looks. Null if SQLite would take
 * nothing from it. Source: https://sqlite.org/fileformat2.html#the_write_ahead_log.
 */
export function readWal(path: string): Wal | null {
  const file = openSync(path, 'r')
  try {
    return walIn(file, fstatSync(file).size)
  } finally {
    closeSync(file)
  }
}

const headerBytes = 32
const frameHeaderBytes = 24

function walIn(file: number, bytes: number): Wal | null {
  const header = Buffer.alloc(headerBytes)
  if (bytes < headerBytes || readSync(file, header, 0, headerBytes, 0) < headerBytes) return null
  const magic = header.readUInt32BE(0)
  if (magic >>> 1 !== 0x377f0682 >>> 1) return null
  const adds = magic & 1 ? bigEndian : littleEndian
  let sum = adds(header.subarray(0, 24), [0, 0])
  if (!isSum(sum, header, 24)) return null
  const pageSize = header.readUInt32BE(8)
  const frame = Buffer.alloc(frameHeaderBytes + pageSize)
  const written: number[] = []
  let committed: number | null = null
  for (let at = headerBytes; readSync(file, frame, 0, frame.length, at) === frame.length; at += frame.length) {
    if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) break
    sum = adds(frame.subarray(frameHeaderBytes), adds(frame.subarray(0, 8), sum))
    if (!isSum(sum, frame, 16)) break
    if (frame.readUInt32BE(0) === 1) written.push(markOf(frame.subarray(frameHeaderBytes)))
    if (frame.readUInt32BE(4) > 0) committed = written.length
  }
  return committed === null ? null : { pageSize, marks: written.slice(0, committed) }
}

/** `user_version`, in the first page of a database. */
export function markOf(page: Buffer): number {
  return page.readUInt32BE(60)
}

type Sum = readonly [number, number]

const littleEndian = adder((buffer, at) => buffer.readUInt32LE(at))
const bigEndian = adder((buffer, at) => buffer.readUInt32BE(at))

function adder(read: (buffer: Buffer, at: number) => number) {
  return (buffer: Buffer, [first, second]: Sum): Sum => {
    let [a, b] = [first, second]
    for (let at = 0; at < buffer.length; at += 8) {
      a = (a + read(buffer, at) + b) >>> 0
      b = (b + read(buffer, at + 4) + a) >>> 0
    }
    return [a, b]
  }
}

function isSum([first, second]: Sum, buffer: Buffer, at: number): boolean {
  return buffer.readUInt32BE(at) === first && buffer.readUInt32BE(at + 4) === second
}
