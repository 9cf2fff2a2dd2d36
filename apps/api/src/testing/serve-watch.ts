import { MemoryLogger } from '@loom/ports/memory';
import { createApp, type AppDeps } from '../app';
import type { Service } from '../service/service';
import { serve } from './serve';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Serves the streams of one watch until the test ends. */
export async function serveWatch(watch: Service['watch'], options: Partial<AppDeps> = {}) {
  const stopping = new AbortController();
  const logger = new MemoryLogger();
  const app = createApp({
    service: { watch } as unknown as Service,
    readiness: () => Promise.resolve({ status: 'ready', dependencies: [] }),
    logger,
    stopping: stopping.signal,
    ...options,
  });
  const { url, close } = await serve(app);
  closers.push(close);
  return { url, stopping, logger };
}
