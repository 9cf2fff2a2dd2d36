import type { Service } from '../../service/service';
import { normaliseSubmit } from '../dialects';
import { endpoint } from '../endpoint';
import { candidateQuery, candidateToDomain } from '../to-domain';
import { candidatePageToWire, rowToWire, stepsToWire } from '../to-wire';

/** Candidates, and where each stands. */
export function candidateHandlers(service: Service) {
  return {
    listCandidates: endpoint('listCandidates', async ({ path, query }) => {
      const page = await service.listCandidates(path.id, candidateQuery(query));
      return { status: 200, body: candidatePageToWire(page) };
    }),

    getFacets: endpoint('getFacets', async ({ path, query }) => {
      return { status: 200, body: { facets: await service.facets(path.id, query.keys ?? []) } };
    }),

    submitCandidates: endpoint(
      'submitCandidates',
      async ({ path, body }, caller) => {
        const { candidates, discoveryId } = body;
        const by = discoveryId === undefined ? caller : { ...caller, discoveryId };
        const result = await service.submit(path.id, candidates.map(candidateToDomain), by);
        return { status: 200, body: result };
      },
      { normalise: normaliseSubmit },
    ),

    getCandidate: endpoint('getCandidate', async ({ path }) => {
      const row = await service.getCandidate({ migrationId: path.id, candidateId: path.cid });
      return { status: 200, body: rowToWire(row) };
    }),

    getSteps: endpoint('getSteps', async ({ path }) => {
      const run = await service.getRun({ migrationId: path.id, candidateId: path.cid });
      return { status: 200, body: stepsToWire(run) };
    }),
  };
}
