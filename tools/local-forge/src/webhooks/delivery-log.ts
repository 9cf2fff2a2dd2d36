import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createKeyedMutex } from '../concurrency';
import { notFound } from '../errors';

/** As GitHub keeps a bounded log, so does this: older deliveries are removed. */
const keptPerHook = 100;

const deliverySchema = z.object({
  id: z.int(),
  /** The same for every attempt of one event: what a receiver recognises a repetition by. */
  guid: z.string(),
  event: z.string(),
  action: z.string(),
  redelivery: z.boolean(),
  /** `pending` of a process that ended says that the outcome is not known. */
  status: z.string(),
  statusCode: z.int(),
  deliveredAt: z.string(),
  /** Seconds. */
  duration: z.number(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** One attempt to deliver an event to a webhook. */
export type Delivery = z.infer<typeof deliverySchema>;

/** The last deliveries of each webhook, one file each, so that a delivery costs no rewriting of the others. */
export const createDeliveryLog = (deps: { dir: string }) => {
  const mutex = createKeyedMutex();
  const folder = (hook: number): string => join(deps.dir, 'deliveries', String(hook));
  const path = (hook: number, id: number): string => join(folder(hook), `${id}.json`);
  let lastId = 0;

  const ids = async (hook: number): Promise<number[]> => {
    const names = await readdir(folder(hook)).catch(() => []);
    const known = names.filter((name) => /^\d+\.json$/.test(name)).map((name) => Number(name.slice(0, -5)));
    return known.sort((a, b) => b - a);
  };

  const read = async (hook: number, id: number): Promise<Delivery> => {
    const text = await readFile(path(hook, id), 'utf8').catch(() => undefined);
    if (text === undefined) throw notFound();
    return deliverySchema.parse(JSON.parse(text));
  };

  return {
    /** An id greater than all before it, also those of earlier processes. */
    nextId: (now: Date): number => {
      lastId = Math.max(lastId + 1, now.getTime() * 1_000);
      return lastId;
    },
    write: (hook: number, delivery: Delivery): Promise<void> =>
      mutex.run(String(hook), async () => {
        await mkdir(folder(hook), { recursive: true });
        const target = path(hook, delivery.id);
        await writeFile(`${target}.tmp`, JSON.stringify(delivery), { mode: 0o600 });
        await rename(`${target}.tmp`, target);
        const old = (await ids(hook)).slice(keptPerHook);
        for (const id of old) await rm(path(hook, id), { force: true });
      }),
    /** @throws not-found */
    read,
    /** Newest first. */
    list: async (hook: number): Promise<Delivery[]> => {
      const found = await Promise.all((await ids(hook)).map((id) => read(hook, id).catch(() => undefined)));
      return found.filter((delivery) => delivery !== undefined);
    },
    remove: (hook: number): Promise<void> =>
      mutex.run(String(hook), () => rm(folder(hook), { recursive: true, force: true })),
  };
};

export type DeliveryLog = ReturnType<typeof createDeliveryLog>;
