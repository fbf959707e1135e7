import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { withoutSecrets } from '../domain/from-outside.ts'
import { looksLikeSecret } from './mistaken-values.ts'

/** A file as it is written. `isLineEnded`: false if it ends in the middle of a line. */
export type Written = { readonly content: unknown; readonly isLineEnded: boolean }

/** Something wrong at one place of a file. */
export type Problem = { readonly path: readonly PropertyKey[]; readonly message: string }

export type YamlFile<T> = {
  /** Null if it is not as it should be. */
  readonly value: T | null
  /** The file before anything was added to it, such as defaults. */
  readonly written: Written
  /** Everything that is wrong, each with its place: "countersign.yaml:12:7: stacks.0.name: …". */
  readonly problems: readonly string[]
  /** Words a problem in the same way, for those that only users of the value can see. */
  readonly inWords: (problem: Problem) => string
}

/** Reads a YAML file by the schema. Never throws: anything in the way is in the problems. */
export function readYaml<T extends z.ZodType>(path: string, schema: T): YamlFile<z.infer<T>> {
  const lines = new LineCounter()
  const text = textOf(path)
  if (text instanceof Error) return nothing(`${path} can't be read: ${text.message.split('\n')[0]}.`)
  const read = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => `${path}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`
  const broken = [
    ...read.errors.map((error) => `${at(error.pos[0])}: this is not YAML: ${error.message}.`),
    ...strayAliases(read).map(({ offset, name }) => `${at(offset)}: ${name} ${strayAlias}.`),
  ]
  if (broken.length > 0) return { ...nothing(''), problems: broken.map((problem) => withoutSecrets(problem)) }
  const inWords = ({ path, message }: Problem) =>
    withoutSecrets(`${at(placeOf(read, path))}: ${path.map(keyInWords).join('.') || 'the file'}: ${message}.`)
  const content = resolved(read)
  if (content === null)
    return nothing(`${path} can't be read: it repeats parts of itself, by aliases (*name), far too often.`)
  if (content.whole === null)
    return nothing(
      `${path} has nothing in it: write the settings into it, with at least one stack, as countersign.example.yaml does.`,
    )
  const result = schema.safeParse(content.whole)
  if (result.success)
    return {
      value: result.data,
      written: { content: content.whole, isLineEnded: text.endsWith('\n') },
      problems: [],
      inWords,
    }
  const problems = result.error.issues.flatMap(plainly).sort((a, b) => placeOf(read, a.path) - placeOf(read, b.path))
  return { ...nothing(''), problems: problems.map(inWords), inWords }
}

function textOf(path: string): string | Error {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Null if writing out its aliases would take more than this machine has. */
function resolved(document: Document.Parsed): { readonly whole: unknown } | null {
  try {
    return { whole: document.toJS() }
  } catch {
    return null
  }
}

const strayAlias = 'without quotes refers to a part of this file with that name, and there is none: put it in quotes'

/** To YAML, a name pattern that begins with `*` and has no quotes is an alias. */
function strayAliases(document: Document.Parsed): { offset: number; name: string }[] {
  const found: { offset: number; name: string }[] = []
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document)) found.push({ offset: alias.range?.[0] ?? 0, name: `*${alias.source}` })
    },
  })
  return found
}

function nothing(problem: string): YamlFile<never> {
  return {
    value: null,
    written: { content: null, isLineEnded: true },
    problems: [problem],
    inWords: ({ message }) => message,
  }
}

function keyInWords(key: PropertyKey): string {
  return looksLikeSecret(String(key)) ? '[secret]' : String(key)
}

/** The place of a path in the file: the key itself if its value is wrong, otherwise the nearest that is there. */
function placeOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  const holder = path.length > 0 ? document.getIn(path.slice(0, -1), true) : document.contents
  const key = isMap(holder) && holder.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key
  if (isScalar(key) && key.range) return key.range[0]
  const node = document.getIn(path, true)
  if (isNode(node) && node.range) return node.range[0]
  return path.length > 0 ? placeOf(document, path.slice(0, -1)) : 0
}

/** One problem for each key that does not belong; for a choice that nothing fits, the nearest miss. */
function plainly(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such setting' }))
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ path: issue.path, message: 'this is missing' }]
  if (issue.code === 'invalid_type' && issue.message.endsWith('received null'))
    return [{ path: issue.path, message: 'there is nothing in it: give it a value, or leave it out if it is optional' }]
  if (issue.code === 'too_small' && issue.message.startsWith('Too small: expected array'))
    return [
      {
        path: issue.path,
        message: 'this list is empty: write at least one entry into it, or leave it out if it is optional',
      },
    ]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [nearest] = [...issue.errors].sort((a, b) => nearness(b) - nearness(a))
  return (nearest ?? []).flatMap((inner) => plainly({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** A miss deep inside is nearer than one at the top, and a wrong value is nearer than a wrong type. */
function nearness(issues: readonly z.core.$ZodIssue[]): number {
  const depth = Math.max(...issues.map(({ path }) => path.length))
  return depth * 2 + Number(issues.every(({ code }) => code !== 'invalid_type'))
}
