import { randomUUID } from 'node:crypto'
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Logger } from 'pino'
import { anchorsIn, requireBorneOut } from './anchored.ts'
import { anchorPlaces } from './anchors/places.ts'
import { createClosedRules } from './closed-rules.ts'
import { type Config, ConfigProblems, type StackConfig } from './config.ts'
import { createStack } from './contentstack/stack.ts'
import { auditKey, earlierKeys } from './domain/chain.ts'
import { askersOf, type Change } from './domain/change.ts'
import type { Edit } from './domain/edit.ts'
import { nameOfStack } from './domain/known-stacks.ts'
import { passOverRefusal } from './domain/refusal.ts'
import type { Answer } from './domain/write.ts'
import { healthReport } from './health-report.ts'
import {
  type HealthReport,
  type HealthServer,
  type Starting,
  type Stopping,
  startHealthServer,
} from './health-server.ts'
import { plainSettings } from './plain-settings.ts'
import { namedIn, type PolicyProblem, slackProblems, sorted } from './policy-check.ts'
import type { CardRef, StoredChange } from './ports.ts'
import { atMostEvery, everySoOften } from './rounds.ts'
import { createBolt, slackLogger } from './slack/bolt.ts'
import { askedAmongOurselves, closedToOthers, createChannels, watchSharing } from './slack/channels.ts'
import { createChat } from './slack/chat.ts'
import { registerCommand } from './slack/command.ts'
import { createDrawHome } from './slack/draw-home.ts'
import { registerEditToken } from './slack/edit-token.ts'
import { registerFindToken } from './slack/find-token.ts'
import { createGate } from './slack/gate.ts'
import { createGivingUp } from './slack/giving-up.ts'
import { registerHome } from './slack/home.ts'
import { createHomes } from './slack/homes.ts'
import { createLetIn } from './slack/let-in.ts'
import { createOpenChanges } from './slack/open-changes.ts'
import { createPeople, forgetWhatChanges } from './slack/people.ts'
import { createPublishHome } from './slack/publish-home.ts'
import { createQuick } from './slack/quick.ts'
import type { Patience } from './slack/receivers.ts'
import { createRests } from './slack/rests.ts'
import { registerReview } from './slack/review.ts'
import { createRoutes } from './slack/routes.ts'
import { isGivenUp } from './slack/said.ts'
import { registerTokenPage } from './slack/token-page.ts'
import { registerTypeAhead } from './slack/type-ahead.ts'
import { createStarting } from './starting.ts'
import { lockWaits } from './storage/database.ts'
import { openStore } from './storage/store.ts'
import { isLocked, troubleOf } from './storage/trouble.ts'
import { keptForGood, type UnreadableRow } from './storage/unreadable-rows.ts'
import { version } from './version.ts'
import { allOrEveryReason } from './waits.ts'
import { type Cut, createAnchorRounds } from './workflow/anchor-rounds.ts'
import { createAnchors } from './workflow/anchors.ts'
import { createApplier } from './workflow/apply.ts'
import { createAskers } from './workflow/askers.ts'
import { attended } from './workflow/attended.ts'
import { createCardless, tellingOfNoCard } from './workflow/cardless.ts'
import { createCatchUp } from './workflow/catch-up.ts'
import { createChanges } from './workflow/changes.ts'
import { createCutOff, sayingWhatWasCutOff } from './workflow/cut-off.ts'
import { createDoor } from './workflow/door.ts'
import { createElectorates } from './workflow/electorates.ts'
import { guarded } from './workflow/guarded-store.ts'
import { createHealth } from './workflow/health.ts'
import { createHeirs } from './workflow/heirs.ts'
import { createInGroups } from './workflow/in-groups.ts'
import {
  type Aside,
  byId,
  calledBy,
  ofKnownStacks,
  required,
  setChangesAside,
  stacksAtStart,
} from './workflow/known-stacks.ts'
import { createLooks } from './workflow/looks.ts'
import { sayingSinceWhen } from './workflow/missing-for.ts'
import { announcing } from './workflow/news.ts'
import { createPruning } from './workflow/pruning.ts'
import { createRulingAnew } from './workflow/rule-anew.ts'
import { noteStart } from './workflow/start.ts'
import { createStillNamed, namingWhoIsHere } from './workflow/still-named.ts'
import { pointingAsKnown } from './workflow/targets.ts'
import { createTerms } from './workflow/terms.ts'
import { createWatch } from './workflow/watch.ts'

type Options = {
  log: Logger
  now?: () => Date
  monotonic?: () => number
  ticks?: () => number
  /** How long whoever acts in Slack is kept waiting; as Slack wants it unless given. */
  patience?: Partial<Patience>
}

/** How long it may go unnoticed, when nobody wants anything, that the app is not let in any more, or that a rule has closed. */
const unheardMs = minutesToMilliseconds(5)

const noCards =
  'No card can be posted in these channels: nothing can be asked for or edited there until you have seen to them. What already waits ' +
  'can still be decided on, on App Home too.'
const fulfilledByNobody =
  'These parts of the policies count for nobody: what needs them can not be asked for or approved until you have seen to them. All else ' +
  'goes on.'

/** Milliseconds. What a second of work leaves behind is tidied in as little time as an ack may wait. */
const tidyEvery = 1000

/**
 * Milliseconds. Container runtimes kill what has not stopped after ten seconds: Slack's answers, which only tell people, are waited
 * for a while, and then everything, as what a stack answers to an update.
 */
const stopsWithin = { slackMs: 5_000, allMs: 8_000 }

/** Puts the parts together. Nothing is opened before `start`, which resolves once Slack can be listened to. */
export function createApp(
  config: Config,
  { log, now = () => new Date(), monotonic = () => performance.now(), ticks, patience }: Options,
) {
  const stopping = new AbortController()
  const starting = createStarting({ log, signal: stopping.signal, hint: config.unusedProxies ?? null })
  const rests = createRests(monotonic)
  const givingUp = createGivingUp()
  let stop = async () => stopping.abort()
  let report: () => HealthReport | Starting = starting.report
  const stops: Stopping = { status: 'stopping', version }
  let isStopping = false
  return { start, stop: leave }

  function leave(): Promise<void> {
    isStopping = true
    return stop()
  }

  /** As `startBehind`, and answers from the first moment on how that goes. */
  async function start(): Promise<void> {
    const { healthPort: port, listenHost: host } = config
    const healthServer =
      port === null ? null : await startHealthServer({ port, host }, () => (isStopping ? stops : report()))
    try {
      await startBehind(healthServer)
    } catch (error) {
      await healthServer?.stop()
      throw error
    }
  }

  /**
   * Waits while Slack or a stack can't be reached. Throws in words when a credential is not accepted or a setting can't work, and
   * then leaves nothing open.
   */
  async function startBehind(healthServer: HealthServer | null): Promise<void> {
    const connected = config.stacks.map((stack) => ({ ...stack, api: connect(stack) }))
    const reach = () => allOrEveryReason(openSlack(), ...connected.map(({ api }) => api.check()))
    const [slack] = await starting.through(reach)
    const { bolt, channels, people } = slack
    if (slack.closed.length > 0) logClosed(slack.closed)
    const { client } = bolt
    const { teamUrl } = slack.installation

    const news = () => homes.changed()
    const health = createHealth({
      now,
      onChange: (why) => {
        logHealth(why)
        news()
      },
    })
    const keys = [auditKey(config.auditKey), earlierKeys(config.earlierAuditKeys)] as const
    const onUnreadable = (found: UnreadableRow) => {
      logUnreadable(found)
      const what = keptForGood(found)
      if (what === null) return
      health.canNotRead(what)
      news()
    }
    const anchored = await anchorsIn(config.anchors.file, cannotRead)
    const opened = openStore(config.database, now, ...keys, lockWaits.brief, undefined, monotonic, onUnreadable)
    try {
      requireBorneOut(config, anchored, { current: keys[0], earlier: keys[1] }, now())
    } catch (error) {
      opened.close()
      throw error
    }
    const whole = announcing(guarded(opened, { health, troubleOf, isLocked }), news)
    const { stacks: known, news: others } = await stacksAtStart(whole, config.stacks)
    const configured = byId(known, connected)
    const attemptsAt = (stack: string) => (uid: string, failure: unknown) => looks.attempted(stack, uid, failure)
    const stacks = new Map(
      [...configured].map(([id, { api }]) => [
        id,
        sayingSinceWhen(attended(calledBy(id, api), attemptsAt(id)), monotonic, (tokenUid) =>
          whole.lastSeen({ stack: id, tokenUid }),
        ),
      ]),
    )
    const store = ofKnownStacks(whole, known)
    const policyFor = (stack: string) => required(configured.get(stack), known, stack).policy
    const stackFor = (stack: string) => required(stacks.get(stack), known, stack)
    const channelFor = (stack: string) => required(configured.get(stack), known, stack).channel
    const nameFor = (stack: string) => nameOfStack(known, stack)
    const watch = createWatch({
      store,
      now,
      monotonic,
      soon: (id) => catchUp.soon(id),
      lookedElsewhere: (id) => applier.lookedElsewhere(id),
      onFailure: (err) => log.error({ err }, 'What was seen of a token could not be held against the open changes.'),
    })
    const onLook = watch.seen
    const onDoor = (stack: string, why: string | null) => {
      logDoor('Contentstack', why, { stack: nameFor(stack) })
      news()
    }
    const onTrouble = (stack: string, why: string | null, err?: unknown) =>
      logStack(why, {
        ...(err !== undefined && { err }),
        stack: nameFor(stack),
        host: new URL(required(configured.get(stack), known, stack).baseUrl).host,
      })
    const looks = createLooks({ store, stacks, nameFor, now, monotonic, onLook, onReach: news, onDoor, onTrouble })
    const answersAgain = (why: string | null) => {
      if (why === null) catchUp.peopleCanBeAsked()
    }
    const onSlackDoor = (why: string | null) => {
      logDoor('Slack', why)
      answersAgain(why)
    }
    const onAnswers = (why: string | null) => {
      logAnswers(why)
      answersAgain(why)
    }
    const slackDoor = createDoor({ now, onChange: onSlackDoor })
    const slackAnswers = createDoor({ now, onChange: onAnswers })
    const onUnheard = (why: string) => log.warn(`${why}. Slack answers other calls; what needs this one is not done.`)
    const onHeardAgain = (method: string) => {
      log.info(`Slack answers ${method} again.`)
      answersAgain(null)
    }
    const answered = { letIn: slackDoor, answering: slackAnswers, onUnheard, onHeardAgain }
    const slackLetIn = createLetIn({ ...answered, now, ticks: monotonic })
    const { factsOfLate, titleOf } = looks
    const pointing = (edit: Edit) => pointingAsKnown(store, edit)
    const open = createElectorates({ people, policyFor, nameFor, pointing, now })
    const electorates = askedAmongOurselves({ electorates: open, channels, channelFor })
    const cards = createChat({ client, sender: slack.sender, store, teamUrl, channelFor, titleFor: titleOf })
    const stillNamed = createStillNamed({
      store,
      people,
      ...createHeirs({ electorates: open }),
      ...createInGroups({ electorates: open }),
    })
    const cardless = createCardless({
      whyRefused: (id) => catchUp.whyNoCard(id),
      isFirstCard: (id) => catchUp.isFirstCard(id),
      now,
    })
    const processId = randomUUID()
    const cutOff = createCutOff({ store, processId, since: now().toISOString(), onFound: logCutOff })
    const amongOurselves = closedToOthers({ chat: cards, channels, channelFor, onNo: () => rules.soon() })
    const chat = sayingWhatWasCutOff(tellingOfNoCard(namingWhoIsHere(amongOurselves, stillNamed), cardless), cutOff)
    const shown = async (stored: StoredChange) => cutOff.shown(cardless.shown(await stillNamed.shown(stored)))
    const terms = createTerms({ now, monotonic })
    const changes = createChanges({ store, electorates, policyFor, now, msLeft: terms.msLeft })
    const { timing } = config
    const onDoubt = (id: number, found: string) => {
      health.doubts(id)
      logDoubt(id, found)
    }
    const told = { onLook, onDoubt, onUnnoted: logUnnoted }
    const applier = createApplier({
      store,
      stackFor,
      electorates,
      factsOfLate,
      ...told,
      now,
      monotonic,
      msLeft: terms.msLeft,
      processId,
      timing,
    })
    const onFailure = (step: string, id: number, err: unknown) => {
      if (step === 'card') news()
      if (!slackLetIn.isTold(err) && !isGivenUp(err))
        log.error({ err, change: id }, `The ${step} of change #${id} has to be tried again.`)
    }
    const places = anchorPlaces(config.anchors)
    const onUnkept = (place: string, err: unknown) =>
      log.error({ err, place }, `The anchor's place "${place}" does not hold the newest checkpoint: it is tried again.`)
    const onCut = (cut: Cut) => {
      log.error(cut, 'The audit log has fewer entries than it had: the newest were cut off. Verify the log.')
      health.lacks(cut.had - cut.has)
    }
    const anchorRounds = createAnchorRounds({ store, places, now, monotonic, onCut, onFailure: onUnkept })
    const { anchor } = createAnchors({ store, chat, places, onKept: anchorRounds.wasKept, now })
    const onCardLeft = (id: number, card: CardRef, err: unknown) =>
      log.warn(
        { change: id, ...card, ...(err !== null && { err }) },
        `The card of change #${id} in the channel of before stays as it is: it could not be made to say where the new one is.`,
      )
    const catchUp = createCatchUp({
      store,
      chat,
      applier,
      anchor,
      electorates,
      policyFor,
      channelFor,
      terms,
      now,
      onFailure,
      onCardLeft,
    })

    const openChanges = createOpenChanges({ store, electorates, teamUrl, titleOf, shown })
    const onClosed = (closed: readonly PolicyProblem[], open: readonly string[]) => {
      if (closed.length > 0) logClosed(closed)
      if (open.length > 0) log.info({ open }, 'These rules and channels can be used again.')
      void stillNamed.groupsTurned().catch(namedUnknown)
      news()
    }
    const closedRules = createClosedRules(config.stacks, slack, { atStart: slack.closed, onChange: onClosed })
    const prune = createPruning({ store, now, monotonic })
    const rules = atMostEvery(unheardMs, closedRules, monotonic)
    const named = new Set(config.stacks.flatMap(({ policy }) => namedIn(policy)))
    const doors = atMostEvery(unheardMs, askToBeLetIn, monotonic)
    const drawing = createDrawHome({
      store,
      electorates,
      openChanges,
      looks,
      titleOf,
      closed: health.words,
      unreadable: health.unreadable,
      closedRules,
      now,
    })
    const homes = createHomes({
      store,
      drawing,
      publish: createPublishHome({ client, sender: slack.sender, log }),
      now,
      log,
    })

    slack.hear(slackLetIn.hear)
    bolt.use(createGate({ ...slack, note: (refused, actor) => store.noteRefusal(refused, actor, null) }))
    const { holdAll } = createAskers({ store, electorates, now })
    const holdThose = (concerns: (change: Change) => boolean) =>
      void holdAll(concerns, (id) => catchUp.soon(id)).catch((err: unknown) =>
        log.warn({ err }, 'Who may still ask could not be looked up; it is asked again before anything is written.'),
      )
    const namedUnknown = (err: unknown) =>
      log.warn({ err }, 'Cards that name somebody who has left could not be marked for redrawing.')
    forgetWhatChanges(bolt, {
      forgetPerson: (id) => {
        people.forgetPerson(id)
        if (named.has(id)) rules.soon()
        void stillNamed.turned(id).catch(namedUnknown)
        const forgotten = people.canonical(id).catch(() => id)
        void forgotten.then((person) => {
          homes.changedFor(person)
          holdThose((change) => askersOf(change).some((asker) => asker === person || asker === id))
        })
      },
      forgetGroup: (group) => {
        people.forgetGroup(group)
        if (named.has(group)) rules.soon()
        homes.changed()
        void stillNamed.groupsTurned().catch(namedUnknown)
        holdThose(({ stack }) => policyFor(stack).mayAsk?.includes(group) ?? false)
      },
    })
    watchSharing({ bolt, channels, approvals: new Set(config.stacks.map(({ channel }) => channel)), log })
    const routes = createRoutes(bolt)
    const parts = {
      bolt,
      routes,
      store,
      chat,
      looks,
      changes,
      electorates,
      catchUp,
      stillNamed,
      titleOf,
      teamUrl,
      now,
      log,
      health,
    }
    const editToken = registerEditToken(parts)
    const findToken = registerFindToken({ ...parts, editToken })
    const tokenPage = registerTokenPage({ ...parts, editToken, findToken })
    const quick = createQuick({ ...parts, editToken })
    const all = { ...parts, editToken, findToken, tokenPage, quick, openChanges }
    registerCommand({ ...all, people })
    registerTypeAhead(all)
    registerReview(all)
    registerHome({ ...all, homes, people })

    if (config.auditKey === null)
      log.warn('Without AUDIT_KEY the audit log shows accidents, but not who rewrites it: see docs/auditing.md.')
    for (const lacking of await store.keysLacking())
      log.warn(
        lacking,
        'The log was written with this key since these open changes were asked for, and it is not given: they wait when they are approved. Add it to AUDIT_KEY_PREVIOUS, and start again.',
      )
    const policies = new Map(config.stacks.map(({ name, policy }) => [name, policy]))
    await noteStart({
      store,
      version,
      policies,
      settings: plainSettings(config, version),
      others,
    })
    await setChangesAside({ store: whole, known, now, onAside: logAside })
    await cutOff.find()
    const anew = createRulingAnew({
      store,
      electorates,
      now,
      onFailure: (id, err) =>
        log.error({ err, change: id }, `What the current policy asks of change #${id} could not be looked up.`),
    })
    await anew.turn()
    const moved = await catchUp.findMisplaced()
    if (moved.length > 0)
      log.info({ changes: moved }, 'Another channel is configured since: the cards of these changes are posted there.')
    const keyed = config.auditKey !== null
    report = () =>
      healthReport(health, {
        version,
        keyed,
        slack: slack.reach(),
        posts: catchUp.unposted(),
        slackShut: slackDoor.shut(),
        slackSilent: slackAnswers.shut(),
        slackSpells: [...slackDoor.spells(), ...slackAnswers.spells()],
        looks: looks.lastLooks().map((look) => ({ ...look, stack: nameFor(look.stack) })),
        anchors: { places: places.map(({ name }) => name), last: anchorRounds.last(), at: now() },
      })
    const round = async () => {
      // A Slack that answers nothing would keep all else waiting.
      if (slackLetIn.isToBeAsked()) void slack.isLetIn()
      if (slackAnswers.shut() === null) void slack.tellUntold()
      await doors.turn()
      await rules.turn()
      if (health.trouble()) await store.tryToWrite().catch(() => {})
      if (health.trouble()) return
      await catchUp.act()
      if (await watch.isNeeded()) await looks.refreshStale()
      await looks.retryFailed()
      await homes.sweep()
      await anchorRounds.round()
      await anew.turn()
      await store.sumUpRefusals()
      await prune()
    }
    const onFailedRound = (err: unknown) =>
      log.error({ err }, 'Looking for unfinished changes failed; it is tried again.')
    const sweep = everySoOften(timing.sweep, round, onFailedRound)
    let untidied = false
    const tidied = everySoOften(tidyEvery, tidy, notTidied)
    stop = async () => {
      const isDone = await withoutDelay(finish())
      logGivenUp(givingUp.unanswered(), isDone)
      await healthServer?.stop()
      for (const { id, answer } of await applier.stop()) logLost(id, answer)
      await store
        .note({ type: 'stopped' }, 'app', null)
        .catch(passOverRefusal)
        .finally(() => store.close())
    }
    await slack.start()
    log.info({ stacks: config.stacks.map((stack) => stack.name), transport: config.slack.transport.kind }, 'ready')
    findToken.refreshLater(looks.refreshAll())
    void stillNamed.all().catch(namedUnknown)

    /** Takes nothing more, and resolves once nothing is under way. */
    async function finish(): Promise<void> {
      await slack.stop()
      await Promise.all([sweep.stop(), tidied.stop()])
      slack.sender.stop()
      await catchUp.idle()
      await homes.stop()
    }

    /** False when it is not waited for any longer: what is recorded is caught up with after the next start. */
    async function withoutDelay(finished: Promise<void>): Promise<boolean> {
      const impatient = setTimeout(() => {
        givingUp.giveUp()
        slack.sender.stop()
        void homes.stop()
      }, stopsWithin.slackMs)
      const over = Promise.withResolvers<false>()
      const last = setTimeout(over.resolve, stopsWithin.allMs, false)
      return Promise.race([finished.then(() => true), over.promise]).finally(() => {
        clearTimeout(impatient)
        clearTimeout(last)
      })
    }

    /** Where it fails that is told once, until it works again: what was written stays where it is, and counts all the same. */
    async function tidy(): Promise<void> {
      if (health.trouble()) return
      await store.tidy()
      untidied = false
    }

    function notTidied(err: unknown): void {
      if (!untidied)
        log.error({ err }, 'What was written could not be moved into the database; it is tried again each second.')
      untidied = true
    }

    /** Each answer is heard where all are, so that it is known who does not let the app in. */
    async function askToBeLetIn(): Promise<void> {
      const asked = [...configured].map(([id, { api }]) =>
        api.check().catch((failure: unknown) => looks.notListed(id, failure)),
      )
      await Promise.all([slack.isLetIn(), ...asked])
    }
  }

  /** Slack, not listened to yet. Throws ConfigProblems for channels and approvers that could not work as the file names them. */
  async function openSlack() {
    const logger = slackLogger(logOf('slack'))
    const slack = await createBolt({ ...config.slack, logger, now, ticks: monotonic, patience, rests, givingUp })
    const { installation } = slack
    const { client } = slack.bolt
    const people = createPeople({ client, installation, now, ticks })
    const channels = createChannels({ client, now, ticks })
    const appId = people.appOf(installation.botUserId).catch(() => null)
    const { mistakes, closed } = sorted(await slackProblems(config.stacks, { people, channels }))
    if (mistakes.length > 0) throw new ConfigProblems(mistakes)
    return { ...slack, people, channels, closed, appId: await appId }
  }

  function connect(stack: StackConfig) {
    const { name } = stack
    const onUnreadable = (uid: string, why: string) =>
      log.warn({ stack: name, token: uid, why }, "A token of this stack is not understood, and can't be edited here.")
    return createStack({ ...stack, writeTimeoutMs: config.timing.writeTimeout, onUnreadable })
  }

  function cannotRead(err: unknown): void {
    log.warn({ err }, 'The file that anchors.file names can not be read, so the log was not held against it.')
  }

  function logHealth(why: string | null): void {
    if (why === null) log.info('The audit log can be written again: what was put off is being done.')
    else log.error({ why }, 'The audit log can not be written: nothing is recorded or applied until it can.')
  }

  function logUnreadable(unreadable: UnreadableRow): void {
    const so =
      keptForGood(unreadable) === null
        ? 'what is known of tokens and stacks is read anew at the next look'
        : 'it is left out, and nothing is written to the token of such a change: verify the log'
    log.error(unreadable, `A row of the database can't be read, so somebody may have written to it: ${so}.`)
  }

  function logDoor(service: 'Slack' | 'Contentstack', why: string | null, of: object = {}): void {
    if (why === null) log.info(of, `${service} lets the app in again.`)
    else log.error({ ...of, why }, `${service} does not let the app in: an operator must see to that.`)
  }

  function logAnswers(why: string | null): void {
    if (why === null) log.info('Slack answers again: what was put off is being done.')
    else
      log.error({ why }, 'Slack can not be reached: nothing can be asked for or decided there until it answers again.')
  }

  function logStack(why: string | null, of: object): void {
    if (why === null) log.info(of, 'This stack can be looked at again.')
    else log.warn({ ...of, why }, "This stack can't be looked at: it is tried again every minute.")
  }

  function logClosed(closed: readonly PolicyProblem[]): void {
    const { channel = [], policy = [] } = Object.groupBy(closed, ({ of }) => of)
    const says = (problems: readonly PolicyProblem[]) => ({ closed: problems.map(({ says }) => says) })
    if (channel.length > 0) log.error(says(channel), noCards)
    if (policy.length > 0) log.error(says(policy), fulfilledByNobody)
  }

  function logAside(aside: Aside): void {
    const level = aside.changes.length > 0 ? 'warn' : 'info'
    log[level](aside, 'This stack is not configured: its open changes and its tokens are set aside until it is.')
  }

  function logDoubt(id: number, found: string): void {
    log.error(
      { change: id, found },
      `The audit log does not bear out change #${id}, which failed: somebody may have written to the database. Verify the log.`,
    )
  }

  function logGivenUp(calls: readonly string[], isDone: boolean): void {
    const rest =
      'What is recorded is caught up with after the next start; whoever acted last may not have been answered.'
    if (calls.length > 0)
      log.warn({ calls }, `Slack did not answer these calls, and the stop waits for them no longer. ${rest}`)
    if (!isDone) log.warn(`Something under way took too long, and the stop waits for it no longer. ${rest}`)
  }

  function logCutOff(id: number, until: string): void {
    const then =
      until > now().toISOString() ? `nothing is sent for it again before ${until} (timing.lease), when it is` : 'it is'
    log.warn(
      { change: id },
      `Change #${id} was being applied by another process when this one started, as when that was killed: ${then} looked at.`,
    )
  }

  function logUnnoted(id: number, { kind }: Answer): void {
    log.warn(
      { change: id, answer: kind },
      `What Contentstack answered to the update of change #${id} is not in the log: before it could be recorded, another process judged by what it saw.`,
    )
  }

  function logLost(id: number, { kind }: Answer): void {
    log.error(
      { change: id, answer: kind },
      `What Contentstack answered to the update of change #${id} could not be recorded: the next start looks what became of it.`,
    )
  }

  function logOf(part: string) {
    const child = log.child({ part })
    const at = (level: 'info' | 'warn' | 'error') => (fields: object, text: string) => child[level](fields, text)
    return { info: at('info'), warn: at('warn'), error: at('error') }
  }
}
