/** Which statuses each operation answered with, and how often. */
export interface Answers {
  add(operation: string, status: number): void;
  /** A line for each of `operations`, those of them that never succeeded, and those that answered with 500. */
  table(operations: readonly string[]): { lines: string[]; withoutSuccess: string[]; failed: string[] };
}

export function createAnswers(): Answers {
  const counts = new Map<string, Map<number, number>>();
  const of = (operation: string): Map<number, number> => counts.get(operation) ?? new Map<number, number>();
  const has = (operation: string, from: number, to: number): boolean =>
    [...of(operation).keys()].some((status) => status >= from && status < to);
  return {
    add(operation, status) {
      const statuses = of(operation);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      counts.set(operation, statuses);
    },
    table(operations) {
      const width = Math.max(...operations.map((operation) => operation.length));
      return {
        lines: operations.map((operation) => {
          const told = [...of(operation)].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
          return `${operation.padEnd(width)}  ${told.join('  ')}`;
        }),
        withoutSuccess: operations.filter((operation) => !has(operation, 200, 300)),
        failed: operations.filter((operation) => has(operation, 500, 501)),
      };
    },
  };
}
