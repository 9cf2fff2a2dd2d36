import { dryRunByCandidateIdSchema, dryRunByCandidateSchema } from '@loom/api-types';
import { z } from 'zod';
import type { Service } from '../../service/service';
import { normaliseDryRun } from '../dialects';
import { endpoint } from '../endpoint';
import { candidateToDomain } from '../to-domain';

/** What a run would change. */
export function previewHandlers(service: Service) {
  return {
    dryRunCandidate: endpoint('dryRunCandidate', async ({ path, body }) => {
      const of = { candidateId: path.cid };
      const steps = await service.dryRun({ migrationId: path.id, of, inputs: body.inputs ?? {} });
      return { status: 200, body: { steps } };
    }),

    dryRunMigration: endpoint(
      'dryRunMigration',
      async ({ path, body }) => {
        const of =
          'candidate' in body
            ? { candidate: candidateToDomain(body.candidate) }
            : { candidateId: body.candidateId };
        const steps = await service.dryRun({ migrationId: path.id, of, inputs: body.inputs ?? {} });
        return { status: 200, body: { steps } };
      },
      { normalise: normaliseDryRun, bodySchema: dryRunSchema },
    ),
  };
}

/** Of the two forms the one that was meant, so that an error points into it and not only says that neither fits. */
function dryRunSchema(body: unknown): z.ZodType {
  if (typeof body !== 'object' || body === null || !('candidate' in body)) return dryRunByCandidateIdSchema;
  if ('candidateId' in body) return z.never({ error: 'give either candidateId or candidate, not both' });
  return dryRunByCandidateSchema;
}
