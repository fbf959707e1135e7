import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { definedIn } from '../../src/storage/postgres/definitions.ts'
import { mark } from '../../src/storage/postgres/migration-files.ts'
import { version } from '../../src/version.ts'
import { postgresWithTables, rawPostgres } from './postgres.ts'
import { bundled, runCommand } from './process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** As a later version may add: a table, columns that may stay empty or have a constant in them, indexes. */
export const additions = `CREATE TABLE "later" ("id" bigint PRIMARY KEY NOT NULL, "note" text COLLATE "C" NOT NULL);
ALTER TABLE "change_requests" ADD COLUMN "more" text COLLATE "C";
ALTER TABLE "tokens" ADD COLUMN "counted" integer DEFAULT 0 NOT NULL;
ALTER TABLE "audit_events" ADD COLUMN "kind" text COLLATE "C" DEFAULT 'plain';
ALTER TABLE "drafts" ADD COLUMN "is_long" boolean DEFAULT false;
CREATE INDEX "audit_events_by_actor" ON "audit_events" USING btree ("actor","seq");
CREATE INDEX "audit_events_of_kind" ON "audit_events" USING btree ("seq") WHERE kind = 'odd';
CREATE INDEX "audit_events_of_kinds" ON "audit_events" USING btree ("actor") WHERE kind in ('odd', 'even');
CREATE INDEX "change_requests_more" ON "change_requests" USING btree ("more") WHERE more is not null;`

type Installed = { readonly folder: string; readonly program: string }

/** The app in a folder of its own, as it is installed. */
export async function thisVersion(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-installed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, 'migrations'), join(folder, 'migrations'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'dist'))
  const program = join(folder, 'dist', 'app.mjs')
  cpSync(await bundled(), program)
  return { folder, program }
}

export type Later = Installed & { migrate(url: string): ReturnType<typeof runCommand> }

/**
 * The same as version 9.0.0 will be, with one migration more. Its program is this one's: all that differs is its number, and
 * what it makes of the tables.
 */
export async function laterVersion(sql: string, { isMarked }: { isMarked: boolean }): Promise<Later> {
  const { folder, program } = await thisVersion()
  const migrations = join(folder, 'migrations', 'postgres')
  writeFileSync(join(migrations, '9000_later.sql'), isMarked ? `${mark}\n${sql}` : sql)
  addToJournal(join(migrations, 'meta', '_journal.json'))
  writeFileSync(join(migrations, 'defined.json'), JSON.stringify(await definedAfter(sql)))
  const ofToday = readFileSync(program, 'utf8')
  writeFileSync(program, ofToday.replaceAll(`version: "${version}"`, 'version: "9.0.0"'))
  return { folder, program, migrate: (url) => runCommand(['migrate'], { COUNTERSIGN_DB: url }, { program }) }
}

function addToJournal(path: string): void {
  const journal = JSON.parse(readFileSync(path, 'utf8'))
  const last = journal.entries.at(-1)
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9000_later' })
  writeFileSync(path, JSON.stringify(journal))
}

async function definedAfter(sql: string) {
  const raw = await rawPostgres(await postgresWithTables())
  await raw.query(sql)
  return definedIn(raw)
}
