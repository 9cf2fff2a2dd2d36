import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ReadinessReport } from '@loom/platform';
import type { Logger } from '@loom/ports';
import { accessLog } from './http/access-log';
import { errorHandler, notFound } from './http/error-handler';
import { parseQuery } from './http/query';
import { requestId } from './http/request-id';
import { routes } from './http/routes';
import { STREAM_DEFAULTS, type StreamDeps } from './http/sse';
import type { Service } from './service/service';

export interface AppDeps {
  service: Service;
  readiness: () => Promise<ReadinessReport>;
  logger: Logger;
  /** Ends what stays open by itself. */
  stopping: AbortSignal;
  streams?: Partial<Omit<StreamDeps, 'logger' | 'stopping'>>;
}

/** The whole HTTP side, without a listener. */
export function createApp({ service, readiness, logger, stopping, streams }: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Lists change all the time; a hash of each answer would cost more than it spares.
  app.disable('etag');
  app.set('query parser', parseQuery);
  app.use(requestId, accessLog(logger), helmet(), compression());
  app.use(routes({ service, readiness, streams: { ...STREAM_DEFAULTS, ...streams, logger, stopping } }));
  app.use(notFound, errorHandler(logger));
  return app;
}
