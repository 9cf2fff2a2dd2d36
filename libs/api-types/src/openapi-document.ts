import document from './generated/openapi.json';

/** The contract as JSON, for `/openapi.json` and for tests that go through every operation. */
export const openApiDocument: Record<string, unknown> = document;
