import type { Request } from 'express';
import type { z } from 'zod';
import { ForgeError, invalid, notFound, type FieldError } from '../errors';
import type { Addresses } from '../payloads';

/** A path parameter; the segments of a wildcard are joined, whether the client escaped its slashes or not. */
export const parameter = (req: Request, name: string): string => {
  const value = (req.params as Readonly<Record<string, string | string[] | undefined>>)[name];
  return Array.isArray(value) ? value.join('/') : (value ?? '');
};

/** A path parameter that is a positive number. @throws not-found */
export const numberParameter = (req: Request, name: string): number => {
  const value = parameter(req, name);
  if (!/^[1-9]\d{0,15}$/.test(value)) throw notFound();
  return Number(value);
};

/** A query parameter given once; '' counts as absent. */
export const query = (req: Request, name: string): string | undefined => {
  const value = (req.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const fieldError =
  (resource: string) =>
  (issue: z.core.$ZodIssue): FieldError => ({
    resource,
    field: issue.path.map(String).join('.'),
    code: issue.code === 'invalid_type' && issue.input === undefined ? 'missing_field' : 'invalid',
    message: issue.message,
  });

/**
 * The body as `schema` reads it; an absent body counts as an empty one.
 * @throws bad-request unless it is an object · validation naming each field that cannot be used
 */
export const body = <T>(req: Request, resource: string, schema: z.ZodType<T>): T => {
  const given: unknown = req.body ?? {};
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ForgeError('bad-request', 'Body should be a JSON object');
  }
  const parsed = schema.safeParse(given, { reportInput: true });
  if (!parsed.success) throw invalid(...parsed.error.issues.map(fieldError(resource)));
  return parsed.data;
};

const hostPattern = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:]{2,39}\])(?::\d{1,5})?$/;

/** Where this client reaches the forge: the configured address, else the one it used itself. */
export const addressesOf = (publicUrl: string | undefined, req: Request): Addresses => {
  const host = req.get('host') ?? '';
  if (publicUrl === undefined && !hostPattern.test(host))
    throw new ForgeError('bad-request', 'Bad Host header');
  const base = publicUrl ?? `http://${host}`;
  return { base, api: base + req.baseUrl };
};
