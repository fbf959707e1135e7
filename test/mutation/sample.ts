/** Every `every`th mutant of each file, the same in each run. */
export function isChosen(id: string, every: number): boolean {
  return Number(id.slice(id.lastIndexOf(':') + 1)) % every === 0
}
