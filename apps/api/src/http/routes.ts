import { Router, type RequestHandler } from 'express';
import { LIMITS } from '@loom/domain';
import type { ReadinessReport } from '@loom/platform';
import type { Service } from '../service/service';
import { markRoute } from './access-log';
import { methodNotAllowed } from './error-handler';
import { createExports, type ExportDeps } from './export-stream';
import { adminHandlers } from './handlers/admin';
import { auditHandlers } from './handlers/audit';
import { candidateHandlers } from './handlers/candidates';
import { controlHandlers } from './handlers/controls';
import { migrationHandlers } from './handlers/migrations';
import { previewHandlers } from './handlers/previews';
import { registryHandlers } from './handlers/registry';
import { runHandlers } from './handlers/runs';
import { statisticsHandlers } from './handlers/statistics';
import { streamHandlers } from './handlers/streams';
import { systemHandlers } from './handlers/system';
import { jsonBody } from './json-body';
import type { StreamDeps } from './sse';

export interface RouteDeps {
  service: Service;
  readiness: () => Promise<ReadinessReport>;
  streams: StreamDeps;
  exports: ExportDeps;
}

/** One path with its methods. */
type Methods = Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete', RequestHandler>>;

const CANDIDATE = '/migrations/:id/candidates/:cid';

/** Every path of the contract, on one page. */
function table({ service, readiness, streams, exports }: RouteDeps): Record<string, Methods> {
  const migrations = migrationHandlers(service);
  // One for all, since its limit is the process's.
  const send = createExports(exports);
  const candidates = candidateHandlers(service, send);
  const runs = runHandlers(service);
  const controls = controlHandlers(service);
  const previews = previewHandlers(service);
  const registry = registryHandlers(service);
  const events = streamHandlers(service, streams);
  const audit = auditHandlers(service, send);
  const statistics = statisticsHandlers(service);
  const admin = adminHandlers(service);
  const system = systemHandlers(readiness);
  return {
    '/migrations': { get: migrations.listMigrations },
    '/migrations/:id': { get: migrations.getMigration },
    '/migrations/:id/candidates': { get: candidates.listCandidates, post: candidates.submitCandidates },
    // A candidate may have this very id, and so the next one.
    '/migrations/:id/candidates/export': {
      get: byQuery(candidates.exportCandidates, named('cid', 'export', candidates.getCandidate)),
    },
    '/migrations/:id/candidates/prune': {
      get: named('cid', 'prune', candidates.getCandidate),
      post: candidates.pruneCandidates,
    },
    '/migrations/:id/facets': { get: candidates.getFacets },
    '/migrations/:id/archive': { post: migrations.archiveMigration },
    '/migrations/:id/unarchive': { post: migrations.unarchiveMigration },
    '/migrations/:id/cancelled-attempts': { get: migrations.listCancelledAttempts },
    '/migrations/:id/statistics': { get: statistics.getMigrationStatistics },
    '/migrations/:id/burndown': { get: statistics.getBurndown },
    '/migrations/:id/pause': { post: controls.pauseMigration },
    '/migrations/:id/resume': { post: controls.resumeMigration },
    '/migrations/:id/limits': { put: controls.limitMigration },
    '/migrations/:id/dry-run': { post: previews.dryRunMigration },
    '/migrations/:id/events': { get: events.streamMigrationEvents },
    [CANDIDATE]: { get: candidates.getCandidate },
    [`${CANDIDATE}/start`]: { post: runs.startCandidate },
    [`${CANDIDATE}/queue`]: { post: runs.queueCandidate },
    [`${CANDIDATE}/dequeue`]: { delete: runs.dequeueCandidate },
    [`${CANDIDATE}/execute`]: { post: runs.executeCandidate },
    [`${CANDIDATE}/cancel`]: { post: runs.cancelCandidate },
    [`${CANDIDATE}/reset`]: { post: runs.resetCandidate },
    [`${CANDIDATE}/retry-step`]: { post: runs.retryStep },
    [`${CANDIDATE}/inputs`]: { patch: runs.updateInputs },
    [`${CANDIDATE}/steps`]: { get: candidates.getSteps },
    [`${CANDIDATE}/attempts`]: { get: audit.listAttempts },
    [`${CANDIDATE}/dry-run`]: { post: previews.dryRunCandidate },
    '/statistics/overview': { get: statistics.getStatisticsOverview },
    '/statistics/timeline': { get: statistics.getTimeline },
    '/statistics/failures': { get: statistics.listFailures },
    '/attention': { get: candidates.listAttention },
    '/events': { get: events.streamEvents },
    '/audit': { get: audit.listAudit },
    '/audit/export': { get: audit.exportAudit },
    '/admin/controls': { get: controls.getControls },
    '/admin/limits': { put: controls.limitAll },
    '/admin/pause': { post: controls.pauseAll },
    '/admin/resume': { post: controls.resumeAll },
    '/registry/announce': { post: registry.announceMigration },
    '/event/:callbackId': { post: registry.raiseEvent },
    '/admin/reconcile': { get: admin.getLastReconciliation, post: admin.reconcile },
    '/admin/reconcile/:reconciliationId': { get: admin.getReconciliation },
    '/admin/recovery/accept': { post: admin.acceptLostAttempts },
    '/healthz': { get: system.getHealth },
    '/readyz': { get: system.getReadiness },
    '/openapi.json': { get: system.getOpenApi },
  };
}

/** A handler of a path that spells a parameter out. */
function named(parameter: string, value: string, handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    request.params[parameter] = value;
    return handler(request, response, next);
  };
}

/** Two operations of one path: `asked` takes what has a query, which it demands. */
function byQuery(asked: RequestHandler, plain: RequestHandler): RequestHandler {
  return (request, response, next) =>
    (Object.keys(request.query).length > 0 ? asked : plain)(request, response, next);
}

/** An event is small; everything else may carry a whole discovery. */
const BODY_BYTES: Readonly<Record<string, number>> = { '/event/:callbackId': LIMITS.eventBytes };

/** The router of the whole contract; a method that a path does not have is a 405. */
export function routes(deps: RouteDeps): Router {
  const router = Router({ caseSensitive: true });
  for (const [path, methods] of Object.entries(table(deps))) {
    const route = router.route(path).all(markRoute(path));
    const { get, post, put, patch, delete: remove } = methods;
    const body = jsonBody(BODY_BYTES[path] ?? LIMITS.bodyBytes);
    if (get !== undefined) route.get(get);
    if (post !== undefined) route.post(body, post);
    if (put !== undefined) route.put(body, put);
    if (patch !== undefined) route.patch(body, patch);
    if (remove !== undefined) route.delete(remove);
    const names = Object.keys(methods).map((method) => method.toUpperCase());
    route.all(methodNotAllowed(names.includes('GET') ? ['GET', 'HEAD'].concat(names.slice(1)) : names));
  }
  return router;
}
