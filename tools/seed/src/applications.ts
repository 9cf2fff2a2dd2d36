/** One application of the seeded world; the same index always gives the same one. */
export interface SeedApplication {
  /** Also the name of its repository. */
  id: string;
  team: string;
  /** In order of promotion; the last one is the furthest. */
  environments: string[];
  port: number;
  /** How its files happen to be written: people differ. */
  style: {
    quotes: '"' | "'";
    /** Spaces before the items of a list, beyond the list's key. */
    listIndent: 0 | 2;
    lineEnd: '\n' | '\r\n';
    annotated: boolean;
    /** Values that all environments share stand in the base Application. */
    sharedValues: boolean;
    /** The furthest environment prunes automatically too. */
    prunesEverywhere: boolean;
  };
}

const TEAMS: Readonly<Record<string, readonly string[]>> = {
  payments: [
    'billing-api',
    'invoice-renderer',
    'ledger',
    'payment-gateway',
    'refund-worker',
    'tax-calculator',
  ],
  identity: ['account-service', 'login-page', 'session-store', 'token-issuer', 'user-directory'],
  catalog: ['category-tree', 'image-resizer', 'price-list', 'product-search', 'stock-level'],
  logistics: ['carrier-bridge', 'label-printer', 'parcel-tracker', 'route-planner', 'warehouse-api'],
  growth: ['ab-assignment', 'banner-server', 'mail-sender', 'newsletter', 'referral-api'],
  platform: ['audit-sink', 'config-server', 'cron-runner', 'feature-flags', 'status-page'],
};

/** Most applications are everywhere; some are not promoted yet. */
const ENVIRONMENTS: readonly (readonly string[])[] = [
  ['dev', 'staging', 'prod'],
  ['dev', 'staging', 'prod'],
  ['dev', 'staging'],
  ['dev', 'staging', 'prod'],
  ['dev', 'staging', 'prod'],
  ['dev'],
  ['dev', 'staging', 'prod'],
];

const NAMES = Object.entries(TEAMS).flatMap(([team, ids]) => ids.map((id) => ({ id, team })));
/** Applications whose files come from an editor on another system. */
const CRLF_EVERY = 11;

/** The first `count` applications, in a fixed order that mixes the teams. */
export function seedApplications(count: number): SeedApplication[] {
  return Array.from({ length: count }, (_, index) => application(index));
}

function application(index: number): SeedApplication {
  // 7 and the number of names (31) have no common divisor, so each name comes once before any comes again.
  const named = NAMES[(index * 7) % NAMES.length] ?? { id: 'app', team: 'platform' };
  const generation = Math.floor(index / NAMES.length);
  return {
    id: generation === 0 ? named.id : `${named.id}-${String(generation + 1)}`,
    team: named.team,
    environments: [...(ENVIRONMENTS[index % ENVIRONMENTS.length] ?? ['dev'])],
    port: 8000 + (index % 900),
    style: {
      quotes: index % 3 === 0 ? "'" : '"',
      listIndent: index % 2 === 0 ? 2 : 0,
      lineEnd: index % CRLF_EVERY === CRLF_EVERY - 1 ? '\r\n' : '\n',
      annotated: index % 4 === 1,
      sharedValues: index % 5 !== 4,
      prunesEverywhere: index % 3 !== 2,
    },
  };
}
