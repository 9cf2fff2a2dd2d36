import type { StreamScope } from '@loom/ports';
import type { Service } from '../../service/service';
import { createStreams, type StreamDeps } from '../sse';
import { parseRequest } from '../validate';

/** Changes as they happen. */
export function streamHandlers(service: Service, deps: StreamDeps) {
  const stream = createStreams(deps);
  const watch = (scope: StreamScope, from: string | undefined, lastEventId: string | undefined) => {
    // A browser that never got a frame sends an empty Last-Event-ID, or none.
    const resumed = lastEventId !== undefined && lastEventId !== '';
    return service.watch(scope, resumed ? lastEventId : from, { waitMs: deps.heartbeatMs, resumed });
  };

  return {
    streamMigrationEvents: stream((request) => {
      const { path, query, header } = parseRequest('streamMigrationEvents', request);
      return watch({ migrationId: path.id }, query.from, header['Last-Event-ID']);
    }),

    streamEvents: stream((request) => {
      const { query, header } = parseRequest('streamEvents', request);
      return watch('all', query.from, header['Last-Event-ID']);
    }),
  };
}
