import { CandidateNotFoundError } from '@loom/domain';
import type { RequestHandler } from 'express';
import type { Service } from '../../service/service';
import { CANDIDATE_FILES } from '../candidate-files';
import { normaliseSubmit } from '../dialects';
import { endpoint } from '../endpoint';
import type { SendExport } from '../export-stream';
import { candidateFilter, candidateQuery, candidateToDomain, pruneSelection } from '../to-domain';
import { attentionToWire, candidatePageToWire, rowToWire, stepsToWire } from '../to-wire';
import { parseRequest } from '../validate';

/** Candidates, and where each stands. */
export function candidateHandlers(service: Service, send: SendExport) {
  const exportCandidates: RequestHandler = async (request, response) => {
    const { path, query } = parseRequest('exportCandidates', request);
    const pages = service.candidatePages(path.id, candidateFilter(query));
    await send(request, response, CANDIDATE_FILES[query.format], pages);
  };

  return {
    exportCandidates,

    listCandidates: endpoint('listCandidates', async ({ path, query }) => {
      const page = await service.listCandidates(path.id, candidateQuery(query));
      return { status: 200, body: candidatePageToWire(page) };
    }),

    listAttention: endpoint('listAttention', async ({ query: { kind, limit, cursor } }) => {
      const page = await service.listAttention({
        limit,
        ...(kind === undefined ? {} : { kinds: kind }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      return { status: 200, body: attentionToWire(page) };
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

    pruneCandidates: endpoint('pruneCandidates', async ({ path, body }, caller) => {
      const { preview = false, allowEmpty = false } = body;
      const result = await service.prune(
        path.id,
        { selection: pruneSelection(body), preview, allowEmpty },
        caller,
      );
      return { status: 200, body: { preview, ...result } };
    }),

    getCandidate: endpoint('getCandidate', async ({ path }) => {
      const asked = service.getCandidate({ migrationId: path.id, candidateId: path.cid });
      const row = await asked.catch(hintAtExport);
      return { status: 200, body: rowToWire(row) };
    }),

    getSteps: endpoint('getSteps', async ({ path }) => {
      const run = await service.getRun({ migrationId: path.id, candidateId: path.cid });
      return { status: 200, body: stepsToWire(run) };
    }),
  };
}

/** Whoever meets no candidate of this name may have forgotten the format of an export. */
function hintAtExport(error: unknown): never {
  if (!(error instanceof CandidateNotFoundError) || error.candidateId !== 'export') throw error;
  const hint = 'an export needs its format: ?format=csv or ?format=ndjson';
  throw new CandidateNotFoundError(error.migrationId, error.candidateId, hint);
}
