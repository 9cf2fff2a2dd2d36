/** One unit of work of a migration, executed by the migrator named in `migratorApp`. */
export interface StepDefinition {
  name: string;
  description?: string;
  migratorApp: string;
  /** Free for the migrator to route by; the console knows `manual-review`. */
  type?: string;
  config?: Record<string, string>;
  /** URLs of files that the step touches. */
  files?: string[];
  /** Seconds from the first dispatch of a step attempt to its terminal event; absent = no deadline. */
  timeoutSeconds?: number;
}

/** The first step name that stands twice in `steps`, or undefined. */
export function duplicateStepName(steps: readonly StepDefinition[]): string | undefined {
  const seen = new Set<string>();
  for (const step of steps) {
    if (seen.has(step.name)) return step.name;
    seen.add(step.name);
  }
  return undefined;
}
