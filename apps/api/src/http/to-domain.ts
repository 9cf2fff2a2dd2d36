import type * as wire from '@loom/api-types';
import {
  InvalidRequestError,
  present,
  type Candidate,
  type PruneSelection,
  type StepDefinition,
  type StepEvent,
} from '@loom/domain';
import type { CandidateQuery } from '@loom/ports';
import type { Announcement } from '../service/announce';
import type { Input } from './validate';

/**
 * An announcement as its definition and its candidates. `migratorApp` is that of the first step where it is absent.
 * @throws InvalidRequestError where it is absent and there is no step to take it from
 */
export function announcementToDomain(body: wire.MigrationAnnouncement): Announcement {
  const { overview, requiredInputs, candidates = [] } = body;
  return {
    definition: {
      id: body.id,
      name: body.name,
      description: body.description ?? '',
      ...(overview === undefined ? {} : { overview }),
      migratorApp: migratorAppOf(body),
      migratorUrl: body.migratorUrl,
      steps: body.steps.map(stepToDomain),
      ...(requiredInputs === undefined ? {} : { requiredInputs }),
    },
    candidates: candidates.map(candidateToDomain),
  };
}

function migratorAppOf({ migratorApp, steps, candidates = [] }: wire.MigrationAnnouncement): string {
  const own = candidates.flatMap((candidate) => candidate.steps ?? []);
  const app = migratorApp ?? steps[0]?.migratorApp ?? own[0]?.migratorApp;
  if (app !== undefined) return app;
  throw new InvalidRequestError('the definition does not fit the contract', [
    { pointer: '/migratorApp', message: 'is required where no step names a migratorApp' },
  ]);
}

export function candidateToDomain({ id, kind, metadata, state, files, steps }: wire.Candidate): Candidate {
  return present({ id, kind, metadata, state, files, steps: steps?.map(stepToDomain) });
}

function stepToDomain(step: wire.StepDefinition): StepDefinition {
  const { name, description, migratorApp, type, config, files, timeoutSeconds } = step;
  return present({ name, description, migratorApp, type, config, files, timeoutSeconds });
}

/** @throws InvalidRequestError where both or neither of `discoveryId` and `ids` are given */
export function pruneSelection({ discoveryId, ids }: wire.PruneCandidatesRequest): PruneSelection {
  if (discoveryId !== undefined && ids === undefined) return { discoveryId };
  if (ids !== undefined && discoveryId === undefined) return { ids };
  throw new InvalidRequestError('the request does not fit the contract', [
    { pointer: '', message: 'must have exactly one of discoveryId and ids' },
  ]);
}

export function eventToDomain(body: wire.StepStatusEvent): StepEvent {
  const { stepName, candidateId, status, metadata, reason, eventId } = body;
  return present({ stepName, candidateId, status, metadata, reason, eventId });
}

/** What an export is narrowed to, and its order. */
export function candidateFilter(
  query: Input<'exportCandidates'>['query'],
): Omit<CandidateQuery, 'limit' | 'cursor'> {
  const { status, kind, q, meta, attention, sort = 'id' } = query;
  return present({ sort, status, kind, q, meta, attention });
}

export function candidateQuery(query: Input<'listCandidates'>['query']): CandidateQuery {
  const { sort = 'id', limit, ...rest } = query;
  return { ...rest, sort, limit };
}
