import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ReadinessReport } from '@loom/platform';
import type { Logger } from '@loom/ports';
import { accessLog } from './http/access-log';
import { errorHandler, notFound } from './http/error-handler';
import { EXPORT_DEFAULTS, type ExportDeps } from './http/export-stream';
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
  exports?: Partial<Omit<ExportDeps, 'logger' | 'stopping'>>;
}

/** The whole HTTP side, without a listener. */
export function createApp(deps: AppDeps): Express {
  const { service, readiness, logger, stopping } = deps;
  const streams = { ...STREAM_DEFAULTS, ...deps.streams, logger, stopping };
  const exports = { ...EXPORT_DEFAULTS, ...deps.exports, logger, stopping };
  const app = express();
  app.disable('x-powered-by');
  // Lists change all the time; a hash of each answer would cost more than it spares.
  app.disable('etag');
  app.set('query parser', parseQuery);
  app.use(requestId, accessLog(logger), helmet(), compression());
  app.use(routes({ service, readiness, streams, exports }));
  app.use(notFound, errorHandler(logger));
  return app;
}
