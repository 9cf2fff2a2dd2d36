export * from './generated/client';
export * from './generated/zod';
export * from './client';
export * from './event-parser';
export * from './event-stream';
export * from './loom-event';
export { openApiDocument } from './openapi-document';
export { querySchema } from './query-schema';
