import express, { type Express, type Request, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { createLimiter } from './concurrency';
import { errorLine, notFound } from './errors';
import { addContentRoutes } from './http/api-contents';
import { addHookRoutes } from './http/api-hooks';
import { addPullRoutes } from './http/api-pulls';
import { addRepositoryRoutes } from './http/api-repositories';
import { type AccessControl, createAccess, refuseForeignPages } from './http/auth';
import { createErrorHandler } from './http/error-handler';
import { addressesOf } from './http/request';
import { createSmartHttp, smartHttpPath } from './http/smart-http';
import { errorPage } from './pages/error';
import { addPages } from './pages/routes';
import type { Addresses } from './payloads';
import { removeStaleLocks } from './git/stale-locks';
import { createServices, type ForgeDeps, type Services } from './services';

/** The forge without its listener. */
export type Forge = {
  readonly app: Express;
  /** Takes up what happened to branches just before the last process ended. */
  recover(): Promise<void>;
  /** Waits for webhooks under way, at most `graceMs`, then ends them. */
  close(graceMs: number): Promise<void>;
};

/** Both prefixes under which GitHub Enterprise and Gitea serve the same API, and none, as api.github.com does. */
const apiPrefixes = ['/api/v3', '/api/v1', '/'];
const apiPaths = ['/user', '/users', '/orgs', '/repos'];
const maximumBody = '1mb';
const recoveries = 2;

const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The demo speaks plain HTTP, which this header would make unreachable.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });

const createApi = (
  services: Services,
  access: AccessControl,
  addresses: (req: Request) => Addresses,
): Router => {
  const router = express.Router();
  router.use(apiPaths, access.writes, express.json({ limit: maximumBody, type: ['json', '+json'] }));
  addRepositoryRoutes(router, { ...services, access, addresses });
  addContentRoutes(router, { ...services, addresses });
  addPullRoutes(router, { ...services, addresses });
  addHookRoutes(router, { ...services, access, addresses });
  router.use(apiPaths, () => {
    throw notFound();
  });
  return router;
};

const createApp = (deps: ForgeDeps, services: Services): Express => {
  const { config, warn } = deps;
  const access = createAccess(config.token);
  const addresses = (req: Request): Addresses => addressesOf(config.publicUrl, req);
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.use(refuseForeignPages(config.token === undefined));
  const pushed = services.branches.changed;
  app.all(smartHttpPath, createSmartHttp({ ...services, dir: config.dir, access, pushed, warn }));
  app.use(securityHeaders());
  const api = createApi(services, access, addresses);
  for (const prefix of apiPrefixes) app.use(prefix, api);
  const pages = express.Router();
  addPages(pages, { ...services, access, loopback: config.loopback, addresses });
  app.use(pages);
  app.use(() => {
    throw notFound();
  });
  app.use(createErrorHandler({ warn, page: errorPage }));
  return app;
};

/** Makes the forge over the data in `config.dir`, which this process alone may use. */
export const createForge = (deps: ForgeDeps): Forge => {
  const services = createServices(deps);
  const { repositories, branches, webhooks } = services;

  const recover = async (): Promise<void> => {
    const limiter = createLimiter(recoveries);
    const work = (await repositories.list()).map((repository) =>
      limiter.run(() =>
        removeStaleLocks(repository.directory)
          .then(() => branches.changed(repository))
          .catch((error: unknown) => {
            deps.warn(`${repository.fullName} could not be taken up: ${errorLine(error)}`);
          }),
      ),
    );
    await Promise.all(work);
  };

  const close = async (graceMs: number): Promise<void> => {
    const timer = setTimeout(webhooks.abort, graceMs);
    await webhooks.idle();
    clearTimeout(timer);
  };

  return { app: createApp(deps, services), recover, close };
};
