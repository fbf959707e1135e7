import { type Fate, startCutting } from '../../support/cut-postgres.ts'
import type { AppProcess } from '../../support/process.ts'
import { lookingElsewhereFirst } from '../commits-on-server.ts'
import { passOver, type World } from '../world.ts'
import type { Server } from './server.ts'

export type Instance = Awaited<ReturnType<typeof startInstance>>

type Around = { readonly world: World; readonly server: Server; readonly struck: () => void }

/** Milliseconds by which the clocks of the three hosts are ahead. */
const day = 86_400_000
export const skews = [0, day, -day]

/** The server may be away just when one starts. */
const noDatabase = /^Countersign has not started, since it can't use its database/

/** The words of the driver for the end of a transaction, as it sends them. */
const commit = /Q.{4}commit\0/s

/**
 * The app on a host of its own, whose clock is `skew` milliseconds ahead, with a network of its own to the database. It is
 * started again whenever it ends, as a supervisor does, until it is stopped.
 */
export async function startInstance({ world, server, struck }: Around, skew: number) {
  const cutting = await startCutting(server.url, lookingElsewhereFirst)
  /** Exits that nobody caused. */
  const ended: string[] = []
  let isStopped = false
  let isReady = false
  let wasSilenced = false
  let kills = 0
  let app = await begin()

  return {
    cutting,
    ended,
    kill,
    killAtCommit,
    atCommit,
    silence,
    again,
    leave,
    stop,
    get app() {
      return app
    },
    /** True if a process that runs may still wait for an answer on a connection that says nothing more. */
    get wasSilenced() {
      return wasSilenced
    },
    get isReady() {
      return isReady
    },
    get kills() {
      return kills
    },
  }

  async function begin(): Promise<AppProcess> {
    const process = await world.start({ skew, env: { COUNTERSIGN_DB: cutting.url } })
    const onReady = () => {
      isReady = true
      struck()
    }
    void process.ready.then(onReady, passOver)
    void process.exited.then(async ({ code, signal }) => {
      isReady = false
      if (isStopped) return
      if (signal !== 'SIGKILL' && !noDatabase.test(process.stderr))
        ended.push(`ended with ${code ?? signal}: ${process.stderr || process.stdout.slice(-2000)}`)
      app = await begin()
      struck()
    })
    return process
  }

  async function kill(): Promise<void> {
    kills++
    await app.kill()
    struck()
  }

  /** It dies when it next commits, before the server gets that, or once the server has done it and before the app knows. */
  function killAtCommit(when: 'before' | 'after'): void {
    atCommit(`cut ${when}`, () => void kill())
  }

  /** Its connections fall silent; `andNew`: those that it makes from now on as well. */
  function silence(andNew: boolean): void {
    wasSilenced = true
    cutting.freezeAll()
    if (andNew) cutting.fate = () => 'freeze before'
  }

  /** The fate of its next commit. */
  function atCommit(fate: Fate, also = struck): void {
    cutting.fate = (sent) => {
      if (!commit.test(sent)) return 'pass'
      cutting.fate = () => 'pass'
      wasSilenced ||= fate.startsWith('freeze')
      also()
      return fate
    }
  }

  /** From now on nobody starts it again. */
  function leave(): void {
    isStopped = true
  }

  /** Starts it again after it was stopped. Resolves once it is ready. */
  async function again(): Promise<void> {
    isStopped = false
    wasSilenced = false
    app = await begin()
    await app.ready
  }

  /** As a supervisor stops it. Resolves to how it ended. */
  function stop() {
    leave()
    return app.terminate()
  }
}
