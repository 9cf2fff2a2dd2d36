import { openApiDocument } from '@loom/api-types';

/** An operation of the contract, as far as the fuzzer must know it. */
export interface Operation {
  id: string;
  path: string;
  servedBy: 'loom' | 'migrator';
  /** Its answer never ends. */
  streams: boolean;
  /** Statuses that it may answer with. */
  statuses: number[];
}

type Json = Record<string, unknown>;

/** Every operation of the contract. */
export function operations(): Operation[] {
  return Object.entries(openApiDocument['paths'] as Record<string, Json>).flatMap(([path, item]) =>
    Object.values(item).flatMap((value) => {
      const { operationId, responses } = value as { operationId?: string; responses?: Record<string, Json> };
      if (operationId === undefined || responses === undefined) return [];
      return [
        {
          id: operationId,
          path,
          servedBy: item['x-loom-served-by'] === 'migrator' ? ('migrator' as const) : ('loom' as const),
          streams: responses['200']?.['$ref'] === '#/components/responses/EventStream',
          statuses: Object.keys(responses).map(Number),
        },
      ];
    }),
  );
}
