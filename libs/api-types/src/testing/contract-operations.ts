/** Reads the contract as the tests want it: operation by operation, with references followed. */
import { openApiDocument } from '../openapi-document';

export type Json = Record<string, unknown>;

export interface ContractOperation {
  id: string;
  method: string;
  path: string;
  servedBy: 'loom' | 'migrator';
  operation: Json;
  /** Of the path and of the operation. */
  parameters: Json[];
  requestBody: Json | undefined;
  responses: Record<string, Json>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The object that `value` is, or refers to. */
export function resolve(value: unknown): Json {
  const object = value as Json;
  if (typeof object['$ref'] !== 'string') return object;
  const target = object['$ref']
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((at, key) => (at as Json)[key], openApiDocument);
  return resolve(target);
}

/** Every operation of the contract. */
export function contractOperations(): ContractOperation[] {
  return Object.entries(openApiDocument['paths'] as Record<string, Json>).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => {
      const operation = item[method] as Json;
      const own = [
        ...((item['parameters'] ?? []) as unknown[]),
        ...((operation['parameters'] ?? []) as unknown[]),
      ];
      const responses = Object.entries(operation['responses'] as Json);
      return {
        id: String(operation['operationId']),
        method,
        path,
        servedBy: item['x-loom-served-by'] === 'migrator' ? 'migrator' : 'loom',
        operation,
        parameters: own.map(resolve),
        requestBody: operation['requestBody'] === undefined ? undefined : resolve(operation['requestBody']),
        responses: Object.fromEntries(responses.map(([status, response]) => [status, resolve(response)])),
      };
    }),
  );
}

/** The values of `example` and `examples` of each media type of a body or response, by media type. */
export function examplesOf(bodyOrResponse: Json): { mediaType: string; examples: unknown[] }[] {
  return Object.entries((bodyOrResponse['content'] ?? {}) as Record<string, Json>).map(
    ([mediaType, content]) => {
      const named = Object.values((content['examples'] ?? {}) as Json).map((each) => resolve(each)['value']);
      return {
        mediaType,
        examples: content['example'] === undefined ? named : [content['example'], ...named],
      };
    },
  );
}

/** Calls `visit` with every object below `value`, and the path of keys that leads to it. */
export function walk(
  value: unknown,
  visit: (object: Json, path: string[]) => void,
  path: string[] = [],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Json, path);
  for (const [key, inner] of Object.entries(value)) walk(inner, visit, [...path, key]);
}
