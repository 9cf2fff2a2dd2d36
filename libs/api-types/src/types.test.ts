import type { z } from 'zod';
import type * as types from './generated/client';
import * as schemas from './generated/zod';
import { openApiDocument } from './openapi-document';

/** True only where both are the same type, optional fields and index signatures included. */
// The compiler compares two generic signatures for identity, not for assignability; that is what T is for.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters */
type Equal<A, B> =
  (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : false;
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** Resolves what a type is made of, so that the comparison sees fields, not the way they were declared. */
type Flat<T> = T extends (infer E)[] ? Flat<E>[] : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;

type Inferred<K extends keyof typeof schemas> = (typeof schemas)[K] extends z.ZodType<infer T> ? T : never;

/** Does not compile unless each entry is `true`. */
const same: {
  announcement: Equal<Inferred<'migrationAnnouncementSchema'>, types.MigrationAnnouncement>;
  cancelledAttemptList: Equal<Inferred<'cancelledAttemptListSchema'>, types.CancelledAttemptList>;
  cancelRequest: Equal<Inferred<'cancelRequestSchema'>, types.CancelRequest>;
  cancelStep: Equal<Inferred<'cancelStepRequestSchema'>, types.CancelStepRequest>;
  candidate: Equal<Inferred<'candidateSchema'>, types.Candidate>;
  candidateEvent: Equal<Inferred<'candidateEventSchema'>, types.CandidateEvent>;
  candidateList: Equal<Inferred<'candidateListSchema'>, types.CandidateList>;
  candidateWithStatus: Equal<Inferred<'candidateWithStatusSchema'>, types.CandidateWithStatus>;
  countsEvent: Equal<Inferred<'countsEventSchema'>, types.CountsEvent>;
  dispatchStep: Equal<Inferred<'dispatchStepRequestSchema'>, types.DispatchStepRequest>;
  dryRunRequest: Equal<Inferred<'dryRunRequestSchema'>, types.DryRunRequest>;
  dryRunResult: Equal<Inferred<'dryRunResultSchema'>, types.DryRunResult>;
  facetList: Equal<Inferred<'facetListSchema'>, types.FacetList>;
  migration: Equal<Inferred<'migrationSchema'>, types.Migration>;
  migrationDryRun: Equal<Inferred<'migrationDryRunRequestSchema'>, types.MigrationDryRunRequest>;
  migrationList: Equal<Inferred<'migrationListSchema'>, types.MigrationList>;
  problem: Equal<Inferred<'problemSchema'>, types.Problem>;
  problemCode: Equal<Inferred<'problemCodeSchema'>, types.ProblemCode>;
  readiness: Equal<Inferred<'readinessReportSchema'>, types.ReadinessReport>;
  retryStep: Equal<Inferred<'retryStepRequestSchema'>, types.RetryStepRequest>;
  runLimits: Equal<Inferred<'runLimitsRequestSchema'>, types.RunLimitsRequest>;
  start: Equal<Inferred<'startRequestSchema'>, types.StartRequest>;
  stepEvent: Equal<Inferred<'stepEventSchema'>, types.StepEvent>;
  steps: Equal<Inferred<'stepsResponseSchema'>, types.StepsResponse>;
  stepStatusEvent: Equal<Inferred<'stepStatusEventSchema'>, types.StepStatusEvent>;
  submit: Equal<Inferred<'submitCandidatesRequestSchema'>, types.SubmitCandidatesRequest>;
  prune: Equal<Inferred<'pruneCandidatesRequestSchema'>, types.PruneCandidatesRequest>;
  updateInputs: Equal<Inferred<'updateInputsRequestSchema'>, types.UpdateInputsRequest>;
} = {
  announcement: true,
  cancelledAttemptList: true,
  cancelRequest: true,
  cancelStep: true,
  candidate: true,
  candidateEvent: true,
  candidateList: true,
  candidateWithStatus: true,
  countsEvent: true,
  dispatchStep: true,
  dryRunRequest: true,
  dryRunResult: true,
  facetList: true,
  migration: true,
  migrationDryRun: true,
  migrationList: true,
  problem: true,
  problemCode: true,
  readiness: true,
  retryStep: true,
  runLimits: true,
  start: true,
  stepEvent: true,
  steps: true,
  stepStatusEvent: true,
  submit: true,
  prune: true,
  updateInputs: true,
};

/** The comparison itself must be able to say no. */
const different: {
  optional: Equal<{ a?: string }, { a?: string | undefined }>;
  missing: Equal<types.Candidate, Omit<types.Candidate, 'kind'>>;
  wider: Equal<{ status: string }, types.EventAccepted>;
} = { optional: false, missing: false, wider: false };

describe('zod schemas and generated types', () => {
  it('are the same, as the compiler has shown', () => {
    expect(Object.values(same)).not.toContain(false);
    expect(Object.values(different)).not.toContain(true);
  });

  it('exist for every component schema', () => {
    const { schemas: components } = openApiDocument['components'] as { schemas: Record<string, unknown> };
    const expected = Object.keys(components).map(
      (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Schema`,
    );
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(expected));
  });

  it('ignore unknown fields, and take a missing field but not an undefined one', () => {
    const candidate: types.Candidate = { id: 'billing-api' };
    expect(schemas.candidateSchema.parse({ ...candidate, status: 'completed' })).toEqual(candidate);
    expect(schemas.candidateSchema.safeParse({ ...candidate, kind: undefined }).success).toBe(false);
    expect(schemas.candidateSchema.safeParse({ ...candidate, kind: null }).success).toBe(false);
  });

  it.each(['a', 'A1', 'a.b_c-d', 'x'.repeat(128), 'a-_b'])('take %s for an id', (id) => {
    expect(schemas.entityIdSchema.safeParse(id).success).toBe(true);
  });

  it.each(['', '-a', 'a-', 'a__b', '__', 'a/b', 'a~b', 'ä', 'a b', 'a\n', 'x'.repeat(129)])(
    'do not take %j for an id',
    (id) => {
      expect(schemas.entityIdSchema.safeParse(id).success).toBe(false);
    },
  );
});
