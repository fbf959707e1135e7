import type { Command } from 'commander'
import { expect, onTestFinished, test } from 'vitest'
import { countersign } from '../../src/cli/program.ts'
import { spellAs } from '../../src/domain/as-typed.ts'

type Typed = { readonly path: string; readonly command: Command }

/** The program, its groups and all that can be typed. */
function everyCommand(command: Command, path = ''): readonly Typed[] {
  const below = command.commands.flatMap((one) => everyCommand(one, `${path} ${one.name()}`.trim()))
  return [{ path, command }, ...below]
}

const program = countersign()
const commands = everyCommand(program)

function helpOf(command: Command): string {
  let help = ''
  const writeOut = (text: string) => {
    help += text
  }
  command.configureOutput({ writeOut }).outputHelp()
  return help
}

const examplesOf = (command: Command) =>
  helpOf(command)
    .split(/\nExamples?:\n/)[1]
    ?.trimEnd()
    .split('\n') ?? []

test('the commands are found', () => {
  expect(commands.map(({ path }) => path)).toEqual(expect.arrayContaining(['', 'init', 'audit', 'audit verify']))
})

test.each(commands.map(({ path, command }) => [path, command] as const))(
  'the help of "%s" ends with an example of it',
  (path, command) => {
    const inRepository = examplesOf(command)
    expect(inRepository).not.toEqual([])
    for (const line of inRepository) expect(line).toMatch(/^ {2}npm (run|start)\b/)
    spellAs('installed')
    onTestFinished(() => spellAs('repository'))
    for (const line of examplesOf(command)) expect(`${line} `).toContain(`  ${`countersign ${path}`.trim()} `)
  },
)

test.each(commands.map(({ path, command }) => [path, command] as const))(
  'the examples of "%s" have options that it takes',
  (_, command) => {
    const own = [command, program, ...command.commands, ...program.commands].flatMap(({ options }) => options)
    const taken = new Set(own.flatMap(({ long }) => long ?? []))
    const used = examplesOf(command).flatMap(
      (line) =>
        line
          .split(' -- ')
          .at(-1)!
          .match(/--[a-z-]+/g) ?? [],
    )
    expect(used.filter((option) => !taken.has(option))).toEqual([])
  },
)
