import type { Unreachable } from '@loom/domain';
import { UNREACHABLE_KEPT, type MigratorReach } from '../migrator-reach';
import type { MemoryState } from './memory-state';

/** Which migrator apps cannot be reached, in the memory of one process. */
export class MemoryMigratorReach implements MigratorReach {
  constructor(private readonly state: MemoryState) {}

  async lost(migratorApp: string, detail: string, at: string): Promise<void> {
    await Promise.resolve();
    const { unreachable } = this.state;
    const known = unreachable.get(migratorApp);
    if (known === undefined && unreachable.size >= UNREACHABLE_KEPT)
      unreachable.delete(firstLost(unreachable));
    unreachable.set(migratorApp, { since: known?.since ?? at, detail });
  }

  async found(migratorApp: string): Promise<void> {
    await Promise.resolve();
    this.state.unreachable.delete(migratorApp);
  }

  async of(migratorApp: string): Promise<Unreachable | undefined> {
    await Promise.resolve();
    const known = this.state.unreachable.get(migratorApp);
    return known === undefined ? undefined : { ...known };
  }
}

/** Of those lost at one time, the first by its name. */
function firstLost(unreachable: ReadonlyMap<string, Unreachable>): string {
  const ages = Array.from(unreachable, ([app, { since }]) => ({ app, age: `${since}\n${app}` }));
  return ages.reduce((first, other) => (other.age < first.age ? other : first)).app;
}
