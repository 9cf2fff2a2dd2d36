import { openApiDocument, problemSchema } from '@loom/api-types';
import express, { type Express, type RequestHandler } from 'express';
import { middleware } from 'express-openapi-validator';

interface Schema {
  type?: string;
  properties?: unknown;
  additionalProperties?: unknown;
}
interface Document {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, Schema> };
}
interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, unknown> }>;
}

/** Where the findings of a request belong: one validator serves every app, since making it takes long. */
const findings = new WeakMap<object, string[]>();

const validator = middleware({
  apiSpec: closedDocument() as never,
  validateApiSpec: false,
  validateRequests: false,
  validateSecurity: false,
  validateResponses: {
    onError: (error, _body, request) =>
      void findings.get(request)?.push(`${request.method} ${request.path}: ${error.message}`),
  },
  ignoreUndocumented: true,
  fileUploader: false,
});

/**
 * `app` as it is, with every answer held against the contract: its status, its content type, and each field of its
 * body (also those that the contract does not name). `broken` collects what does not fit; expect it to be empty.
 */
export function withOracle(app: Express): { app: Express; broken: string[]; seen: Set<string> } {
  const broken: string[] = [];
  const seen = new Set<string>();
  const outer = express();
  outer.disable('x-powered-by').enable('case sensitive routing');
  outer.use((request, _response, next) => {
    findings.set(request, broken);
    next();
  });
  outer.use(validator, documented(broken, seen), app);
  return { app: outer, broken, seen };
}

/** What the validator does not look at: answers without a body, content types, and paths outside of the contract. */
function documented(broken: string[], seen: Set<string>): RequestHandler {
  return (request, response, next) => {
    const operation = (request as { openapi?: { schema?: Operation } }).openapi?.schema;
    const at = `${request.method} ${request.path}`;
    const json = response.json.bind(response);
    response.json = (body: unknown) => {
      if (response.statusCode >= 400 && !isReadiness(operation) && !problemSchema.safeParse(body).success)
        broken.push(`${at}: ${response.statusCode} without a problem`);
      return json(body);
    };
    response.once('close', () => {
      if (response.get('x-request-id') === undefined) broken.push(`${at}: no x-request-id`);
      if (response.get('x-powered-by') !== undefined) broken.push(`${at}: x-powered-by`);
      if (operation === undefined) return;
      const answer = operation.responses[response.statusCode];
      if (answer === undefined) broken.push(`${at}: ${response.statusCode} is not in the contract`);
      const [type] = (response.get('content-type') ?? '').split(';');
      const types = Object.keys(answer?.content ?? {});
      if (type !== '' ? !types.includes(type ?? '') : types.length > 0)
        broken.push(`${at}: ${response.statusCode} with content type "${type}"`);
      seen.add(`${operation.operationId} ${response.statusCode}`);
    });
    next();
  };
}

function isReadiness(operation: Operation | undefined): boolean {
  return operation?.operationId === 'getReadiness';
}

/** What this server serves of the contract, with closed objects: a field which it does not name is an error. */
function closedDocument(): Document {
  const document = structuredClone(openApiDocument) as unknown as Document;
  document.paths = Object.fromEntries(
    Object.entries(document.paths).filter(([, item]) => item['x-loom-served-by'] === undefined),
  );
  for (const schema of Object.values(document.components.schemas)) {
    if (schema.type === 'object' && schema.properties !== undefined) schema.additionalProperties ??= false;
  }
  return document;
}
