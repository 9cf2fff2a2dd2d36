import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive, startToxiproxy, type ProcessGroup, type Program } from '@loom/dev-stack';
import { toxicLinks } from './world/toxic-links';
import { startWorld, type World } from './world/world';

/** The world that faults are injected into; a new one where the last is spoilt. */
export interface Worlds {
  /** The one that runs, or a new one when it was given up or has other variables. */
  world(env: Record<string, string>): Promise<World>;
  /** Ends it. @returns process ids that it left behind */
  end(): Promise<number[]>;
}

export interface WorldsDeps {
  group: ProcessGroup;
  binaries: { redis: Program; temporal: Program; toxiproxy: Program };
  /** Data, logs and ledgers stay below tmp/chaos. */
  keep: boolean;
}

export function createWorlds({ group, binaries, keep }: WorldsDeps): Worlds {
  let current: { world: World; env: string } | undefined;
  let made = 0;
  const end = async (): Promise<number[]> => {
    const pids = group.pids();
    current = undefined;
    await group.stopAll();
    return pids.filter(isAlive);
  };
  return {
    end,
    async world(env) {
      const wanted = JSON.stringify(env);
      if (current?.env === wanted) return current.world;
      await end();
      made += 1;
      const directory = keep
        ? resolve('tmp/chaos', `${String(process.pid)}-${String(made)}`)
        : group.temporaryDirectory('loom-chaos-');
      mkdirSync(directory, { recursive: true });
      const program = binaries.toxiproxy;
      const proxy = await startToxiproxy({ group, program, directory: join(directory, 'toxiproxy') });
      const links = toxicLinks(proxy.address);
      const world = await startWorld({ group, binaries, links, directory, env });
      current = { world, env: wanted };
      return world;
    },
  };
}
