import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from './problem';

/** Reads a JSON body of at most `limit` bytes (after decompression); a body of another type is refused, none is fine. */
export function jsonBody(limit: number): RequestHandler {
  const parse = express.json({ limit, type: isJson });
  return (request, response, next) => {
    if (hasBody(request) && !isJson(request))
      throw new HttpError('unsupported_media_type', 'the body must be application/json');
    parse(request, response, next);
  };
}

function isJson(request: Parameters<typeof hasBody>[0]): boolean {
  return /^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? '');
}

function hasBody(request: Pick<Request, 'headers'>): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}
