import express, { type Express, type RequestHandler } from 'express';
import { LIMITS } from '@loom/domain';
import type { HealthProbe, Logger, Tracing } from '@loom/ports';
import { healthRoutes } from '@loom/platform';
import type { DiscoveryReport } from './discovery/discover';
import { isSignedDispatch } from './http/dispatch-signature';
import { methodNotAllowed, problemHandler, RequestError, send } from './http/problem';
import { cancelStep, dispatchStep, dryRunSteps } from './http/steps';
import { githubWebhook } from './http/webhook';
import type { Forge, GitRepositories } from './ports';
import type { WorkIndex, WorkStore } from './ports';
import type { Canceller } from './work/canceller';
import type { PullRequests } from './work/pull-requests';

export interface AppDeps {
  store: WorkStore & WorkIndex;
  repositories: GitRepositories;
  forge: Forge;
  pullRequests: PullRequests;
  gitopsRepo: string;
  chartRegistry: string;
  webhookSecret: string | undefined;
  /** When there are any, Loom's requests must be signed with one of them. */
  dispatchSecrets: readonly string[];
  probes: readonly HealthProbe[];
  stopping: AbortSignal;
  discover: () => Promise<DiscoveryReport>;
  canceller: Canceller;
  accepted: () => void;
  now: () => number;
  logger: Logger;
  tracing: Tracing;
}

/** GitHub sends at most this much. */
const WEBHOOK_BYTES = 25 * 1024 * 1024;
/** A dispatch holds one candidate; a dry run its steps too. */
const REQUEST_BYTES = LIMITS.candidateBytes + LIMITS.definitionBytes + 64 * 1024;

/** The migrator's HTTP service, without a listener. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  const health: RequestHandler = (_request, response) => {
    response.json({ status: 'ok' });
  };
  app.route('/health').get(health).all(methodNotAllowed('GET, HEAD'));
  app.use(healthRoutes(deps.probes, { stopping: deps.stopping }));
  const webhook = githubWebhook({ secret: deps.webhookSecret, pullRequests: deps.pullRequests });
  const posts = (path: string, ...handlers: RequestHandler[]): void => {
    app.route(path).post(handlers).all(methodNotAllowed('POST'));
  };
  posts('/webhooks/github', express.raw({ type: () => true, limit: WEBHOOK_BYTES }), webhook);
  const fromLoom: RequestHandler[] = [
    express.raw({ type: () => true, limit: REQUEST_BYTES }),
    authentic(deps),
    json,
  ];
  posts('/dispatch-step', ...fromLoom, dispatchStep(deps));
  posts('/dry-run', ...fromLoom, dryRunSteps(deps));
  posts('/cancel-step', ...fromLoom, cancelStep(deps.canceller));
  posts('/discover', ...fromLoom, discoverNow(deps));
  app.use((_request, response) => send(response, 404, 'not_found', 'there is nothing at this path'));
  app.use(problemHandler(deps.logger));
  return app;
}

/** `POST /discover`: scans now, and answers with what was found. */
function discoverNow({ discover }: AppDeps): RequestHandler {
  return async (_request, response) => {
    response.json(await discover());
  };
}

function authentic({ dispatchSecrets, now }: AppDeps): RequestHandler {
  return (request, _response, next) => {
    const headers = {
      id: request.get('webhook-id'),
      timestamp: request.get('webhook-timestamp'),
      signature: request.get('webhook-signature'),
    };
    if (
      dispatchSecrets.length > 0 &&
      !isSignedDispatch(dispatchSecrets, headers, rawBody(request.body), now())
    ) {
      throw new RequestError(401, 'unauthenticated', 'the request is not signed by our Loom');
    }
    next();
  };
}

/** Turns the raw body, which a signature is about, into what the handlers read. */
const json: RequestHandler = (request, _response, next) => {
  const raw = rawBody(request.body);
  try {
    request.body = raw.length === 0 ? {} : (JSON.parse(raw.toString('utf8')) as unknown);
  } catch {
    throw new RequestError(400, 'invalid_request', 'the body is not JSON');
  }
  next();
};

function rawBody(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
