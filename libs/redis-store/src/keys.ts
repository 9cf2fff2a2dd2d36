/** Names of keys. All keys of one migration share a hash tag; what spans migrations has one of its own. */
export interface Keys {
  /** KEYS of every script of one migration, in the order of lua/keys.lua. */
  ofMigration: (migrationId: string) => string[];
  /** One migration's stream of changes, which is also the channel that tells of a new entry. */
  stream: (migrationId: string) => string;
  unstarted: (migrationId: string) => string;
  pendingCancels: (migrationId: string) => string;
  /** One migration's audit entries. */
  audit: (migrationId: string) => string;
  allIds: string;
  allDefinitions: string;
  allCounts: string;
  archivedIds: string;
  /** Sums over all migrations: where they stand, and what happened each day. */
  allTotals: string;
  allDays: string;
  /** KEYS of what takes over a migration's summary, in the order of lua/summaries.lua. */
  derived: string[];
  /** Failed step attempts of one migration: references by time, and texts. */
  failures: (migrationId: string) => [string, string];
  allFailures: [string, string];
  /** How many of each migration's failures have been taken over. */
  failureMarks: string;
  /** One migration's days but the newest; its step names; the durations of the step with a number, or of `runs` or `others`. */
  days: (migrationId: string) => string;
  stepNames: (migrationId: string) => string;
  durations: (migrationId: string, of: string) => string;
  migratorUrls: string;
  /** What operators have set for all migrations together. */
  controls: string;
  /** Places among the running candidates of all migrations, taken by reservations under way. */
  leases: string;
  allStream: string;
  /** What the reconciliation notes from one tick to the next. */
  reconcileNotes: string;
  /** References to the audit entries of all migrations, and how far each has been carried on. */
  allAudit: string;
  auditMarks: string;
  /** Id of the store, and of a loss. */
  identity: string;
}

/** Key names under `prefix`. */
export function createKeys(prefix: string): Keys {
  const of = (migrationId: string, name: string) => `${prefix}:{${migrationId}}:${name}`;
  // `!` keeps these apart from the keys of a migration that is called loom.
  const all = (name: string) => `${prefix}:{loom}!${name}`;
  return {
    ofMigration: (id) => ['m', 'seq', 'all', 'upd', 'att', 'un', 'pc', 'ev'].map((name) => of(id, name)),
    stream: (id) => of(id, 'ev'),
    unstarted: (id) => of(id, 'un'),
    pendingCancels: (id) => of(id, 'pc'),
    audit: (id) => of(id, 'au'),
    allIds: all('ids'),
    allDefinitions: all('definitions'),
    allCounts: all('counts'),
    archivedIds: all('archived'),
    allTotals: all('totals'),
    allDays: all('days'),
    derived: ['counts', 'totals', 'days', 'fl', 'ft', 'failed', 'archived'].map(all),
    failures: (id) => [of(id, 'fl'), of(id, 'ft')],
    allFailures: [all('fl'), all('ft')],
    failureMarks: all('failed'),
    days: (id) => of(id, 'day'),
    stepNames: (id) => of(id, 'sn'),
    durations: (id, name) => of(id, `h:${name}`),
    migratorUrls: all('urls'),
    controls: all('controls'),
    leases: all('leases'),
    allStream: all('ev'),
    reconcileNotes: all('notes'),
    allAudit: all('au'),
    auditMarks: all('au-marks'),
    identity: all('store'),
  };
}
