import type { EventStream, StreamBatch, StreamScope } from '../event-stream';
import type { MemoryState } from './memory-state';
import { MemoryStream } from './memory-stream';

/** Streams of one process. A migration that is unknown has an empty stream. */
export class MemoryEventStream implements EventStream {
  constructor(private readonly state: MemoryState) {}

  async position(scope: StreamScope): Promise<string> {
    await Promise.resolve();
    return this.streamOf(scope).position();
  }

  async read(
    scope: StreamScope,
    after: string,
    options: { limit: number; waitMs: number; signal: AbortSignal },
  ): Promise<StreamBatch> {
    const until = Date.now() + options.waitMs;
    for (;;) {
      const stream = this.streamOf(scope);
      const batch = stream.read(after, options.limit);
      const left = until - Date.now();
      if (batch.gap || batch.entries.length > 0 || left <= 0 || options.signal.aborted) return batch;
      await stream.next(left, options.signal);
    }
  }

  private streamOf(scope: StreamScope): MemoryStream {
    if (scope === 'all') return this.state.stream;
    return this.state.migrations.get(scope.migrationId)?.stream ?? new MemoryStream(1);
  }
}
