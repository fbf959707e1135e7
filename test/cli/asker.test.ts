import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openAsker } from '../../src/cli/asker.ts'
import { Refusal } from '../../src/domain/refusal.ts'

function terminal() {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let shown = ''
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text
  })
  return { ...openAsker(input, output), input, shown: () => shown }
}

test('what is typed is shown, but not to a hidden question; lines that are pasted together answer in turn', async () => {
  const { ask, close, input, shown } = terminal()
  const name = ask('Name: ')
  input.write('  website \nxoxb-hunter2\nxapp-hunter3\n')
  expect(await name).toBe('website')
  expect(shown()).toContain('Name: ')
  expect(await ask('Token: ', { hidden: true })).toBe('xoxb-hunter2')
  expect(await ask('Another: ', { hidden: true })).toBe('xapp-hunter3')
  const last = ask('Last: ', { hidden: true })
  input.write('sesame-4\n')
  expect(await last).toBe('sesame-4')
  expect(shown()).toMatch(/Token: \n.*Another: \n.*Last: \n$/s)
  expect(shown()).toContain('website')
  expect(shown()).not.toMatch(/hunter|sesame/)
  close()
})

test('what is typed ahead is shown only with the question that it answers, and a secret not even then', async () => {
  const { ask, close, input, shown } = terminal()
  const address = ask('Address: ')
  input.write('\nxoxb-hunter2\neu\nxoxb-1-hunter2\nxoxb-hun')
  expect(await address).toBe('')
  input.write('ter2')
  expect(await ask('Token: ', { hidden: true })).toBe('xoxb-hunter2')
  expect(await ask('Region: ')).toBe('eu')
  expect(await ask('Channel: ')).toBe('xoxb-1-hunter2')
  const last = ask('Another: ', { hidden: true })
  input.write('-end\n')
  expect(await last).toBe('xoxb-hunter2-end')
  expect(shown()).toContain('Region: eu\n')
  expect(shown()).not.toContain('hun')
  close()
})

test('whoever leaves instead of answering is told that nothing was written', async () => {
  const { ask, close, shown } = terminal()
  const asked = ask('Name: ')
  close()
  await expect(asked).rejects.toThrow(new Refusal('invalid', 'Stopped: nothing was written.'))
  expect(shown()).toMatch(/Name: .*\n$/)
  await expect(ask('Another: ')).rejects.toThrow('Stopped')
  expect(shown()).not.toContain('Another')
})
