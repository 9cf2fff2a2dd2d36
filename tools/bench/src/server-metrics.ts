/** Calls of the server's front, by operation, as Temporal's own metrics count them. */
export type Calls = ReadonlyMap<string, number>;

const LIMIT_MS = 10_000;

/** @param url of the server's Prometheus endpoint */
export async function readCalls(url: string): Promise<Calls> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  return callsIn(await answer.text());
}

export function callsIn(text: string): Calls {
  const calls = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, labels = '', value = ''] = /^service_requests\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (!labels.includes('service_name="frontend"')) continue;
    const operation = /operation="([^"]*)"/.exec(labels)?.[1] ?? '';
    calls.set(operation, (calls.get(operation) ?? 0) + Number(value));
  }
  return calls;
}

export function callsBetween(before: Calls, after: Calls): number {
  let sum = 0;
  for (const [operation, count] of after) sum += count - (before.get(operation) ?? 0);
  return sum;
}
