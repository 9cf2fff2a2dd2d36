import { z } from 'zod';

/**
 * `schema` of an operation's query parameters, made to read what a query parser yields: a parameter that may repeat
 * but stands once is a list of one, and a parameter that the contract does not name is an error.
 */
export function querySchema<T extends z.ZodObject>(schema: T): z.ZodType<z.output<T>> {
  const lists = Object.keys(schema.shape).filter((name) => isList(schema.shape[name]));
  // `strict()` keeps every field of T, which its type cannot say of a T that is not known yet.
  return z.preprocess((query) => withLists(query, lists), schema.strict()) as unknown as z.ZodType<
    z.output<T>
  >;
}

function isList(field: unknown): boolean {
  if (
    field instanceof z.ZodExactOptional ||
    field instanceof z.ZodOptional ||
    field instanceof z.ZodDefault
  ) {
    return isList(field.unwrap());
  }
  return field instanceof z.ZodArray;
}

function withLists(query: unknown, lists: readonly string[]): unknown {
  if (typeof query !== 'object' || query === null) return query;
  const entries = Object.entries(query).map(([name, value]: [string, unknown]) =>
    lists.includes(name) && typeof value === 'string' ? [name, [value]] : [name, value],
  );
  return Object.fromEntries(entries);
}
