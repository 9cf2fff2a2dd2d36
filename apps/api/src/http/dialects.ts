/**
 * Earlier forms of this contract, rewritten to the normal one before validation, and nowhere else. The contract's
 * `x-loom-dialects` documents each by name. Whatever is not of the expected shape is left for validation to refuse.
 */
type Fields = Record<string, unknown>;

/** `worker-names`, `null-lists`, `candidate-status` of an announcement. */
export function normaliseAnnouncement(body: unknown): unknown {
  return mapFields(body, (fields) =>
    renamed(lists(fields, { overview: keep, requiredInputs: keep, steps: step, candidates: candidate }), {
      workerApp: 'migratorApp',
      workerUrl: 'migratorUrl',
    }),
  );
}

/** `null-lists` and `candidate-status` of a submit. */
export function normaliseSubmit(body: unknown): unknown {
  return mapFields(body, (fields) => lists(fields, { candidates: candidate }));
}

/** `null-lists` and `candidate-status` of a preview's candidate. */
export function normaliseDryRun(body: unknown): unknown {
  return mapFields(body, (fields) =>
    Object.hasOwn(fields, 'candidate') ? { ...fields, candidate: candidate(fields['candidate']) } : fields,
  );
}

/** `status-succeeded`, `status-pending`, `success-phase` of an event. */
export function normaliseEvent(body: unknown): unknown {
  return mapFields(body, (fields) => {
    const status = eventStatus(fields);
    return status === undefined ? fields : { ...fields, status };
  });
}

function eventStatus({ status, success, phase, metadata }: Fields): string | undefined {
  if (status === 'succeeded') return 'completed';
  if (status === 'pending') return hasPullRequest(metadata) ? 'open' : 'awaiting_review';
  if (status !== undefined || typeof success !== 'boolean') return undefined;
  if (!success) return 'failed';
  return phase === 'open' || phase === 'awaiting_review' || phase === 'merged' ? phase : 'completed';
}

function hasPullRequest(metadata: unknown): boolean {
  return isFields(metadata) && typeof metadata['prUrl'] === 'string' && metadata['prUrl'] !== '';
}

function candidate(value: unknown): unknown {
  return mapFields(value, (fields) => {
    const rewritten = lists(fields, { files: fileGroup, steps: step });
    delete rewritten['status'];
    return rewritten;
  });
}

function fileGroup(value: unknown): unknown {
  return mapFields(value, (fields) => lists(fields, { files: keep }));
}

function step(value: unknown): unknown {
  return mapFields(value, (fields) =>
    renamed(lists(fields, { files: keep }), { workerApp: 'migratorApp', workerUrl: 'migratorUrl' }),
  );
}

/** Each named list with `null` as an empty one and its items rewritten. */
function lists(fields: Fields, named: Record<string, (item: unknown) => unknown>): Fields {
  const rewritten = Object.entries(named)
    .filter(([name]) => Object.hasOwn(fields, name))
    .map(([name, item]) => {
      const value = fields[name];
      return [name, value === null ? [] : Array.isArray(value) ? value.map(item) : value] as const;
    });
  return { ...fields, ...Object.fromEntries(rewritten) };
}

/** Old names take the place of new ones that are absent. */
function renamed(fields: Fields, names: Record<string, string>): Fields {
  const added = Object.entries(names)
    .filter(([old, name]) => Object.hasOwn(fields, old) && !Object.hasOwn(fields, name))
    .map(([old, name]) => [name, fields[old]] as const);
  return { ...fields, ...Object.fromEntries(added) };
}

const keep = (item: unknown): unknown => item;

function mapFields(value: unknown, rewrite: (fields: Fields) => Fields): unknown {
  return isFields(value) ? rewrite(value) : value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
