import type { Migration, Pause } from '@loom/domain';

/** What a migration shows of its own pause and of that of all; its own first. Spread it: `{}` where neither is. */
export function pausedOf(own: Pause | undefined, all: Pause | undefined): Pick<Migration, 'paused'> {
  if (own !== undefined) return { paused: { ...own, scope: 'migration' } };
  return all === undefined ? {} : { paused: { ...all, scope: 'all' } };
}
