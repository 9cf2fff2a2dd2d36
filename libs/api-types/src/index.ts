export * from './generated/client/index';
export * from './generated/zod/index';
export { openApiDocument } from './openapi-document';
