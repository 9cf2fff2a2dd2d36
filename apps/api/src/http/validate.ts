import type { Request } from 'express';
import { operations } from '@loom/api-types';
import { InvalidRequestError, escapePointer, type FieldProblem } from '@loom/domain';
import { z } from 'zod';
import { textProblems } from './text-problems';

type Operations = typeof operations;
export type OperationId = keyof Operations;
type Infer<S> = S extends z.ZodType ? z.infer<S> : object;

/** The parts of a request to one operation, parsed. */
export interface Input<Id extends OperationId> {
  path: Infer<Operations[Id]['parameters']['path']>;
  query: Infer<Operations[Id]['parameters']['query']>;
  header: Infer<Operations[Id]['parameters']['header']>;
  body: Infer<Operations[Id]['request']>;
}

export interface ValidateOptions {
  /** Rewrites earlier dialects of a body to the normal form. */
  normalise?: (body: unknown) => unknown;
  /** In place of the operation's own body schema. */
  bodySchema?: (body: unknown) => z.ZodType;
}

/** More would only make the answer long. */
const MOST_PROBLEMS = 100;

/**
 * The request as the contract has it. An absent body counts as `{}`: where fields are required, each is named.
 * @throws InvalidRequestError with a pointer to each part that does not fit
 */
export function parseRequest<Id extends OperationId>(
  id: Id,
  request: Request,
  options: ValidateOptions = {},
): Input<Id> {
  const { parameters, request: ownSchema } = operations[id];
  // First of all: what reads the rest could not stand each of these.
  refuse(textProblems(request.body, '', MOST_PROBLEMS));
  const problems: FieldProblem[] = [];
  const part = (schema: z.ZodType | undefined, value: unknown, at: string): unknown => {
    if (schema === undefined) return {};
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    problems.push(...result.error.issues.slice(0, MOST_PROBLEMS).flatMap((issue) => toProblems(issue, at)));
    return undefined;
  };
  const query = request.query as Record<string, unknown>;
  problems.push(...unknownParameters(parameters.query, query));
  const raw: unknown = options.normalise?.(request.body ?? {}) ?? request.body ?? {};
  const input = {
    path: part(parameters.path, request.params, '/path'),
    query: part(parameters.query, typedQuery(parameters.query, query), '/query'),
    header: part(parameters.header, headersOf(parameters.header, request), '/header'),
    body: part(options.bodySchema?.(raw) ?? ownSchema, raw, ''),
  };
  refuse(problems.slice(0, MOST_PROBLEMS));
  // Each part was parsed by the very schema that its type is inferred from.
  return input as unknown as Input<Id>;
}

function refuse(problems: FieldProblem[]): void {
  if (problems.length > 0) throw new InvalidRequestError('the request does not fit the contract', problems);
}

function toProblems(issue: z.core.$ZodIssue, at: string): FieldProblem[] {
  const path = issue.path.map((key) => `/${escapePointer(String(key))}`).join('');
  return [{ pointer: at + path, message: issue.message }];
}

function unknownParameters(schema: z.ZodType | undefined, query: Record<string, unknown>): FieldProblem[] {
  const known = shapeOf(schema);
  return Object.keys(query)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => ({
      pointer: `/query/${escapePointer(name)}`,
      message: 'is not a parameter of this operation',
    }));
}

/** A value alone is a list of one where a list is wanted, only digits are a number, and `true` and `false` a boolean. */
function typedQuery(schema: z.ZodType | undefined, query: Record<string, unknown>): Record<string, unknown> {
  const shape = shapeOf(schema);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const kind = kindOf(shape[name]);
      if (kind === 'array' && typeof value === 'string') return [name, [value]];
      if (kind === 'number' && !(typeof value === 'string' && /^-?\d{1,15}$/.test(value))) return [name, NaN];
      if (kind === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true'];
      return [name, value];
    }),
  );
}

function headersOf(schema: z.ZodType | undefined, request: Request): Record<string, string> {
  const given = Object.keys(shapeOf(schema)).map((name) => [name, request.get(name)] as const);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function shapeOf(schema: z.ZodType | undefined): Readonly<Record<string, z.core.$ZodType>> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}

/** The kind of a schema below its `optional`, `default` and the like. */
function kindOf(schema: z.core.$ZodType | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const { def } = schema._zod;
  return 'innerType' in def ? kindOf(def.innerType as z.core.$ZodType) : def.type;
}
