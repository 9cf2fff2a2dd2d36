import { operations as zodOperations } from './generated/zod';
import { openApiDocument } from './openapi-document';
import {
  contractOperations,
  examplesOf,
  walk,
  type ContractOperation,
  type Json,
} from './testing/contract-operations';

const operations = contractOperations();
const served = operations.filter((each) => each.servedBy === 'loom');
const named = (each: ContractOperation): [string, ContractOperation] => [each.id, each];
const isPublic = ({ operation }: ContractOperation): boolean =>
  Array.isArray(operation['security']) && operation['security'].length === 0;

const IDEMPOTENT = ['executeCandidate', 'queueCandidate', 'retryStep', 'startCandidate'];
const OPERATION_IDS = [
  ...[
    'acceptLostAttempts',
    'announceMigration',
    'cancelCandidate',
    'cancelStep',
    'dequeueCandidate',
    'dispatchStep',
  ],
  ...[
    'dryRunCandidate',
    'dryRunMigration',
    'dryRunSteps',
    'executeCandidate',
    'exportAudit',
    'exportCandidates',
    'getBurndown',
    'getCandidate',
    'getFacets',
  ],
  ...[
    'getHealth',
    'getLastReconciliation',
    'getMigration',
    'getMigrationStatistics',
    'getMigratorHealth',
    'getOpenApi',
  ],
  ...['getReadiness', 'getReconciliation', 'getStatisticsOverview', 'getSteps', 'getTimeline'],
  ...[
    'listAttempts',
    'listAttention',
    'listAudit',
    'listCancelledAttempts',
    'listCandidates',
    'listFailures',
    'listMigrations',
    'pruneCandidates',
    'queueCandidate',
    'raiseEvent',
    'reconcile',
    'resetCandidate',
    'retryStep',
  ],
  ...['limitAll', 'limitMigration'],
  ...['getControls', 'pauseAll', 'pauseMigration', 'resumeAll', 'resumeMigration'],
  ...['archiveMigration', 'unarchiveMigration'],
  ...['startCandidate', 'streamEvents', 'streamMigrationEvents', 'submitCandidates', 'updateInputs'],
];

describe('the contract', () => {
  it('has exactly the operations of the design, each under its own id', () => {
    expect(operations.map((each) => each.id).sort()).toEqual([...OPERATION_IDS].sort());
  });

  it.each(operations.map(named))(
    '%s has a summary, a description, a tag and examples of each body',
    (_, each) => {
      for (const field of ['summary', 'description'])
        expect(each.operation[field]).toEqual(expect.any(String));
      expect(each.operation['tags']).toHaveLength(1);
      for (const body of [each.requestBody ?? {}, ...Object.values(each.responses)]) {
        for (const { examples } of examplesOf(body)) expect(examples).not.toHaveLength(0);
      }
    },
  );

  it.each(operations.map(named))('%s has examples that its zod schemas take, and keep whole', (id, each) => {
    const schemas = zodOperations[id as keyof typeof zodOperations];
    const json = (body: Json): unknown[] =>
      examplesOf(body).flatMap(({ mediaType, examples }) => (mediaType.endsWith('json') ? examples : []));
    for (const example of json(each.requestBody ?? {}))
      expect(schemas.request?.parse(example)).toEqual(example);
    const responses: Record<string, { parse: (value: unknown) => unknown }> = {
      ...schemas.responses,
      ...schemas.errors,
    };
    for (const [status, response] of Object.entries(each.responses)) {
      for (const example of json(response)) expect(responses[status]?.parse(example)).toEqual(example);
    }
  });

  it.each(served.map(named))('%s answers every error that can occur, as a problem', (_, each) => {
    const expected = isPublic(each) ? ['400', '500'] : ['400', '401', '403', '429', '500', '503'];
    if (each.requestBody !== undefined) expected.push('413', '415');
    if (each.path.includes('{')) expected.push('404');
    expect(Object.keys(each.responses)).toEqual(expect.arrayContaining(expected));
    expect(Object.keys(each.responses)).not.toContain('default');
    for (const [status, { content }] of Object.entries(each.responses)) {
      if (Number(status) < 400 || (each.id === 'getReadiness' && status === '503')) continue;
      const { schema } = (content as Record<string, Json>)['application/problem+json'] ?? {};
      expect(schema).toEqual({ $ref: '#/components/schemas/Problem' });
    }
  });

  it.each(served.map(named))('%s names its request in each answer, and says when to come back', (_, each) => {
    for (const [status, { headers }] of Object.entries(each.responses)) {
      expect(headers).toHaveProperty('x-request-id');
      if (status === '429' || status === '503') expect(headers).toHaveProperty('Retry-After');
    }
  });

  it.each(served.map(named))('%s says who may call it, unless it is public', (_, each) => {
    const roles = each.operation['x-loom-roles'];
    if (isPublic(each)) expect(roles).toBeUndefined();
    else expect(roles).toContain('admin');
  });

  it.each(operations.map(named))('%s takes an Idempotency-Key where it should', (id, each) => {
    const header = each.parameters.find((parameter) => parameter['name'] === 'Idempotency-Key');
    expect(header !== undefined).toBe(IDEMPOTENT.includes(id) || id === 'dispatchStep');
  });

  it('marks the operations that stream as events, and no other', () => {
    for (const { operation, responses } of operations) {
      const streams = Object.keys(responses['200']?.['content'] ?? {}).includes('text/event-stream');
      expect((operation['tags'] as string[]).includes('events')).toBe(streams);
    }
  });

  it('has meta as a deep object', () => {
    const list = operations.find((each) => each.id === 'listCandidates');
    const meta = list?.parameters.find((parameter) => parameter['name'] === 'meta');
    expect(meta).toMatchObject({ in: 'query', style: 'deepObject', explode: true });
  });
});

describe('the schemas', () => {
  const components = openApiDocument['components'] as Record<string, Json>;

  it('keep to what every generator understands', () => {
    walk(components['schemas'], (schema, path) => {
      expect([path, schema['additionalProperties'] === false]).toEqual([path, false]);
      if (schema['additionalProperties'] !== undefined) expect(schema).not.toHaveProperty('properties');
      // Of a plain integer alone every generator makes the same; types.test.ts holds them to it.
      const isPlainInteger = schema['type'] === 'integer' && schema['enum'] === undefined;
      if (!isPlainInteger) expect([path, schema['nullable']]).toEqual([path, undefined]);
      if (Array.isArray(schema['enum'])) {
        // Enums are components of their own, of strings only.
        expect(path).toHaveLength(1);
        expect([path, schema['type']]).toEqual([path, 'string']);
        expect(schema['enum'].every((value) => typeof value === 'string')).toBe(true);
      }
    });
  });

  it('are all used', () => {
    const references = new Set<unknown>();
    walk(openApiDocument, (object) => references.add(object['$ref']));
    for (const [kind, members] of Object.entries(components)) {
      if (kind === 'securitySchemes') continue;
      const unused = Object.keys(members).filter((name) => !references.has(`#/components/${kind}/${name}`));
      expect([kind, unused]).toEqual([kind, []]);
    }
  });

  it('document every dialect by an example, and name none of them', () => {
    const { dialects } = openApiDocument['x-loom-dialects'] as { dialects: Json[] };
    expect(dialects.map((dialect) => dialect['name'])).toEqual([
      ...['status-succeeded', 'status-pending', 'success-phase', 'worker-names', 'null-lists'],
      ...['candidate-status', 'basic-key'],
    ]);
    for (const { example } of dialects) expect(Object.keys(example as Json)).toEqual(['from', 'to']);
    expect(JSON.stringify(components['schemas'])).not.toMatch(
      /workerApp|workerUrl|succeeded|"pending"|"phase"/,
    );
  });
});
