import { withIds } from './blocks.ts'
import type { Clock } from './clock.ts'
import { hex, madeUp } from './ids.ts'
import type { Block } from './protocol.ts'
import { createTyped, type Typed } from './typed.ts'

/** A view's content as the app sent it, after validation. */
export type ViewContent = { readonly type: string; readonly blocks: readonly unknown[] } & Readonly<
  Record<string, unknown>
>

export type StoredView = {
  readonly id: string
  readonly rootId: string
  readonly previousId: string | null
  readonly person: string
  readonly typed: Typed
  hash: string
  content: ViewContent
  blocks: readonly Block[]
  errors: Record<string, string>
  busy: boolean
}

/** Every person's modals, bottom to top, and App Home. */
export type Views = {
  open(person: string, content: ViewContent): StoredView
  push(person: string, content: ViewContent): StoredView
  /** Redraws a view, with a new hash. Typed text stays as long as block and action ids stay (slack.md §2). */
  update(view: StoredView, content: ViewContent): void
  /** A person's first Home; later ones are updates of it. */
  publish(person: string, content: ViewContent): StoredView
  close(view: StoredView): void
  closeAll(person: string): void
  modals(person: string): readonly StoredView[]
  home(person: string): StoredView | undefined
  find(id: string): StoredView | undefined
  findExternal(externalId: string): StoredView | undefined
}

export function createViews(clock: Clock): Views {
  const stacks = new Map<string, StoredView[]>()
  const homes = new Map<string, StoredView>()
  const stack = (person: string) => stacks.get(person) ?? []
  const all = () => [...[...stacks.values()].flat(), ...homes.values()]
  const newHash = () => `${clock.seconds()}.${hex(4)}`

  function create(person: string, content: ViewContent, below: StoredView | undefined): StoredView {
    const id = madeUp('V')
    return {
      id,
      rootId: below?.rootId ?? id,
      previousId: below?.id ?? null,
      person,
      typed: createTyped(),
      hash: newHash(),
      content,
      blocks: withIds(content.blocks),
      errors: {},
      busy: false,
    }
  }

  function update(view: StoredView, content: ViewContent): void {
    view.content = content
    view.blocks = withIds(content.blocks)
    view.typed.keepFor(view.blocks)
    view.hash = newHash()
    view.errors = {}
  }

  return {
    update,
    open(person, content) {
      const view = create(person, content, undefined)
      stacks.set(person, [view])
      return view
    },
    push(person, content) {
      const view = create(person, content, stack(person).at(-1))
      stacks.set(person, [...stack(person), view])
      return view
    },
    publish(person, content) {
      const home = create(person, content, undefined)
      homes.set(person, home)
      return home
    },
    close(view) {
      stacks.set(
        view.person,
        stack(view.person).filter((other) => other !== view),
      )
    },
    closeAll: (person) => void stacks.delete(person),
    modals: stack,
    home: (person) => homes.get(person),
    find: (id) => all().find((view) => view.id === id),
    findExternal: (externalId) => all().find((view) => view.content.external_id === externalId),
  }
}
