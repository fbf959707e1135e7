/** For a change whose checkpoint is at every place it can be. */
export const everywhere = 'everywhere'

type Anchored = readonly string[] | typeof everywhere

/** As a column keeps it: null for no place. */
export function anchoredColumn(where: Anchored): string | null {
  return where === everywhere ? everywhere : where.join(' ') || null
}

export function anchoredFrom(column: string | null): Anchored {
  return column === everywhere ? everywhere : (column?.split(' ') ?? [])
}
