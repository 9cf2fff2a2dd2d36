import { dryRunResultSchema } from '@loom/api-types';
import type { StepDryRun } from '@loom/ports';

/**
 * Reads a migrator's dry-run answer, or says what is wrong with it. Encoders of other languages write `null` for an
 * empty list or an absent text, and leave out `false` and the empty text: both are taken as meant.
 */
export function parseDryRun(text: string): StepDryRun[] | { problem: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const result = dryRunResultSchema.safeParse(normalised(body));
  if (result.success) return result.data.steps;
  const [issue] = result.error.issues;
  const where = issue?.path.map(String).join('/') ?? '';
  return { problem: `not a dry-run result (/${where})` };
}

function normalised(body: unknown): unknown {
  if (!isObject(body)) return body;
  return { steps: list(body['steps'], (step) => ({ skipped: false, ...files(step) })) };
}

function files(step: Record<string, unknown>): Record<string, unknown> {
  const { files, ...rest } = step;
  return files === undefined ? rest : { ...rest, files: list(files, (file) => ({ after: '', ...file })) };
}

function list(value: unknown, each: (item: Record<string, unknown>) => unknown): unknown {
  if (value === null) return [];
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (isObject(item) ? each(withoutNulls(item)) : item));
}

function withoutNulls(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([key, value]) => value !== null || key === 'files'));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
