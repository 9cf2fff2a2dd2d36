import { join } from 'node:path';
import { z } from 'zod';
import { type Clock, timestamp } from '../clock';
import { type ForgeError, invalid, notFound } from '../errors';
import { createJsonFile } from '../json-file';

const hookSchema = z.object({
  id: z.int(),
  /** `owner` for all its repositories, `owner/name` for one. */
  scope: z.string(),
  url: z.string(),
  secret: z.string().nullable(),
  events: z.array(z.string()),
  active: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

/** A webhook as stored. */
export type Hook = z.infer<typeof hookSchema>;

export type HookFields = Pick<Hook, 'url' | 'secret' | 'events' | 'active'>;

const alreadyThere = (scope: string): ForgeError =>
  invalid({
    resource: 'Hook',
    code: 'custom',
    message: `Hook already exists on this ${scope.includes('/') ? 'repository' : 'organization'}`,
  });

/** The webhooks of all repositories and owners, in one file under `dir`. */
export const createHooks = (deps: { dir: string; clock: Clock }) => {
  const file = createJsonFile({
    path: join(deps.dir, 'hooks.json'),
    schema: z.object({ nextId: z.int(), hooks: z.array(hookSchema) }),
    initial: () => ({ nextId: 1, hooks: [] }),
  });

  const find = async (scope: string, id: number): Promise<Hook> => {
    const hook = (await file.read()).hooks.find((each) => each.id === id && each.scope === scope);
    if (!hook) throw notFound();
    return hook;
  };

  return {
    find,
    list: async (scope: string): Promise<readonly Hook[]> =>
      (await file.read()).hooks.filter((hook) => hook.scope === scope),
    /** @throws validation where the address is told of one of these events already */
    create: (scope: string, fields: HookFields): Promise<Hook> =>
      file.update((draft) => {
        const sameTarget = draft.hooks.filter((hook) => hook.scope === scope && hook.url === fields.url);
        if (sameTarget.some(({ events }) => events.some((event) => fields.events.includes(event))))
          throw alreadyThere(scope);
        const now = timestamp(deps.clock);
        const hook: Hook = { id: draft.nextId, scope, ...fields, createdAt: now, updatedAt: now };
        draft.nextId += 1;
        draft.hooks.push(hook);
        return hook;
      }),
    /** @throws not-found */
    change: async (scope: string, id: number, fields: Partial<HookFields>): Promise<Hook> => {
      await find(scope, id);
      return file.update((draft) => {
        const hook = draft.hooks.find((each) => each.id === id);
        if (!hook) throw notFound();
        return Object.assign(hook, fields, { updatedAt: timestamp(deps.clock) });
      });
    },
    /** @throws not-found */
    remove: async (scope: string, id: number): Promise<void> => {
      await find(scope, id);
      await file.update((draft) => {
        draft.hooks = draft.hooks.filter((hook) => hook.id !== id);
      });
    },
    /** The active webhooks that want an event of a repository: its own and its owner's. */
    wanting: async (owner: string, fullName: string, event: string): Promise<readonly Hook[]> =>
      (await file.read()).hooks.filter(
        ({ active, scope, events }) =>
          active &&
          (scope === owner || scope === fullName) &&
          (events.includes(event) || events.includes('*')),
      ),
  };
};

export type Hooks = ReturnType<typeof createHooks>;
