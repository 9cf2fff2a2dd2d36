import type { Candidate, FileGroup, MigrationDefinition, StepDefinition } from '@loom/domain';

/**
 * What a store keeps of a candidate: the fields of the entity and nothing else, so that neither a status that a
 * migrator claims nor a null list gets in. Records are sorted, hence two equal candidates have one JSON text.
 */
export function storedCandidate(candidate: Candidate): Candidate {
  const { id, kind, metadata, state, files, steps } = candidate;
  return compact({
    id: wellFormed(id),
    kind: text(kind),
    metadata: record(metadata),
    state: record(state),
    files: list(files)?.map(storedGroup),
    steps: list(steps)?.map(storedStep),
  });
}

/** What a store keeps of a definition; two equal definitions have one JSON text. */
export function storedDefinition(definition: MigrationDefinition): MigrationDefinition {
  const { id, name, description, overview, migratorApp, migratorUrl, steps, requiredInputs } = definition;
  return compact({
    id,
    name,
    description,
    overview: list(overview)?.map(wellFormed),
    migratorApp,
    migratorUrl,
    steps: (list(steps) ?? []).map(storedStep),
    requiredInputs: list(requiredInputs)?.map((input) =>
      compact({ name: input.name, label: input.label, description: text(input.description) }),
    ),
  });
}

/**
 * The order in which a submit is applied: by id, of one id as given. Neighbours are written together, which costs a
 * sorted set far less than places all over it.
 */
export function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function storedStep(step: StepDefinition): StepDefinition {
  return compact({
    name: wellFormed(step.name),
    description: text(step.description),
    migratorApp: wellFormed(step.migratorApp),
    type: text(step.type),
    config: record(step.config),
    files: list(step.files)?.map(wellFormed),
    timeoutSeconds: step.timeoutSeconds ?? undefined,
  });
}

function storedGroup(group: FileGroup): FileGroup {
  const files = list(group.files) ?? [];
  return {
    name: wellFormed(group.name),
    repo: wellFormed(group.repo),
    files: files.map(({ path, url }) => ({ path: wellFormed(path), url: wellFormed(url) })),
  };
}

/** The same without what is undefined. */
function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  const kept: Partial<T> = {};
  for (const name of Object.keys(value) as (keyof T)[]) {
    const field = value[name];
    if (field !== undefined) kept[name] = field;
  }
  return kept as T;
}

function list<T>(value: readonly T[] | null | undefined): readonly T[] | undefined {
  return value ?? undefined;
}

function text(value: string | null | undefined): string | undefined {
  return typeof value === 'string' ? wellFormed(value) : undefined;
}

function record(value: Record<string, string> | null | undefined): Record<string, string> | undefined {
  if (value === null || value === undefined) return undefined;
  const entries: [string, string][] = [];
  for (const [key, field] of Object.entries(value)) {
    if (typeof field === 'string') entries.push([wellFormed(key), wellFormed(field)]);
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Half a surrogate pair has no UTF-8: it would come back as something else, and scripts fail at its JSON escape. */
function wellFormed(value: string): string {
  return value.toWellFormed();
}
