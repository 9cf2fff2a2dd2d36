import { waitUntil } from '@loom/dev-stack';
import type { Campaign } from './campaign';
import type { LedgerEntry } from './oracle/ledger';
import type { World } from './world/world';

/** What a fault is injected into. */
export interface Stage {
  world: World;
  campaign: Campaign;
  /** From 0 to below 1; the same for the same seed. */
  random: () => number;
  /** Resolves with the next entry of the migrator that fits. @throws Error after half a minute */
  next(what: string, fits: (entry: LedgerEntry) => boolean): Promise<void>;
  /** What was wrong on the way; makes the run fail. */
  wrong: (what: string) => void;
}

/** A way to break something. */
export interface Fault {
  name: string;
  /** What happens, in a few words. */
  what: string;
  /** How often, unless somebody says otherwise. */
  times: number;
  /** Breaks it, mends it, and says what it did; `n` counts from 0. All is well again when it resolves. */
  inject(stage: Stage, n: number): Promise<string>;
  /** Of api and worker. */
  env?: Record<string, string>;
  /** Answers to a report that are right meanwhile, besides 202 and 503. */
  answers?: readonly number[];
  /** Before the campaign begins. */
  prepare?(world: World): Promise<void>;
}

const NEXT_LIMIT_MS = 30_000;

export function createStage(world: World, campaign: Campaign, random: () => number): Stage {
  const waiting = new Set<{ fits: (entry: LedgerEntry) => boolean; seen: boolean }>();
  world.migrator.watch((entry) => {
    for (const one of waiting) if (one.fits(entry)) one.seen = true;
  });
  return {
    world,
    campaign,
    random,
    async next(what, fits) {
      const one = { fits, seen: false };
      waiting.add(one);
      try {
        await waitUntil(what, () => Promise.resolve(one.seen), { timeoutMs: NEXT_LIMIT_MS, everyMs: 1 });
      } finally {
        waiting.delete(one);
      }
    },
    wrong: (what) => campaign.wrong.push(what),
  };
}
