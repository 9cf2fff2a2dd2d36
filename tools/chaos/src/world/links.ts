import { startLink, type Link } from '@loom/dev-stack';

/** The ways between Loom's parts, each of which can be broken alone. */
export const LINKS = [
  'api→redis',
  'api→temporal',
  'worker→redis',
  'worker→temporal',
  'worker→migrator',
  'migrator→api',
] as const;
export type LinkName = (typeof LINKS)[number];

/**
 * `latency`: each answer comes late. `reset`: connections are reset, old and new. `black hole`: bytes vanish, nothing
 * is closed. `answers lost`: what is asked arrives, and no answer comes back.
 */
export type Trouble = 'latency' | 'reset' | 'black hole' | 'answers lost';

export interface Links {
  /** Makes a link to `target` (host:port) and tells its own host:port. Several may have the same name. */
  open(name: LinkName, target: string): Promise<string>;
  break(name: LinkName, trouble: Trouble): Promise<void>;
  /** Nothing is wrong with any link any more; connections that were swallowed are closed. */
  heal(): Promise<void>;
}

/** Links inside this process, for tests that need no toxiproxy; there is no latency among them. */
export function plainLinks(): Links & { close(): Promise<void> } {
  const all: { name: LinkName; link: Link }[] = [];
  const broken = new Set<Link>();
  return {
    async open(name, target) {
      const link = await startLink(target);
      all.push({ name, link });
      return link.address;
    },
    async break(name, trouble) {
      for (const { link } of all.filter((one) => one.name === name)) {
        broken.add(link);
        if (trouble === 'latency') throw new Error('a plain link cannot be slow');
        if (trouble === 'reset') await link.down();
        else link.set(trouble === 'black hole' ? 'freeze' : 'swallow-answers');
      }
    },
    async heal() {
      for (const link of broken) {
        link.cut();
        link.set('pass');
        await link.down();
        await link.up();
      }
      broken.clear();
    },
    async close() {
      for (const { link } of all) await link.down();
    },
  };
}
