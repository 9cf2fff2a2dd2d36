import type { IncomingHttpHeaders } from 'node:http';
import express, { type RequestHandler } from 'express';
import { unsupportedType } from './framework-errors';

/** Reads a JSON body of at most `limit` bytes (after decompression); a body of another type is refused, none is fine. */
export function jsonBody(limit: number): RequestHandler {
  const parse: RequestHandler = express.json({ limit, type: ({ headers }) => isJson(headers) });
  return (request, response, next) => {
    if (hasBody(request.headers) && !isJson(request.headers)) throw unsupportedType();
    parse(request, response, next);
  };
}

function isJson(headers: IncomingHttpHeaders): boolean {
  return /^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '');
}

function hasBody({ 'content-length': length, 'transfer-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding !== undefined || (length !== undefined && length !== '0');
}
