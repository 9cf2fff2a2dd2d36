import { once } from 'node:events';
import type { Request, Response } from 'express';
import { DependencyUnavailableError } from '@loom/domain';
import type { Logger } from '@loom/ports';
import { markFailure } from './access-log';
import { HttpError } from './http-error';

export interface ExportDeps {
  logger: Logger;
  /** Cuts every export off, so that a shutdown does not wait for its readers. */
  stopping: AbortSignal;
  /** Exports under way in this process; more are refused. */
  mostExports: number;
  /** How long a reader may leave a full buffer unread before it is cut off. */
  stallMs: number;
}

export const EXPORT_DEFAULTS = { mostExports: 20, stallMs: 60_000 } as const;

/** Nothing went wrong then: whoever reads may leave at any time. */
const GONE = new Error('its reader has gone');

/** A whole list as a file. */
export interface ExportFile<T> {
  /** Suggested to whoever saves it. */
  name: string;
  contentType: string;
  /** Before all rows. */
  head: string;
  /** A row, with its line end. */
  line: (row: T) => string;
}

/**
 * Sends lists of any length: one page is read at a time, and only once the one before it has left for the reader.
 * A file that is not whole never looks whole: where a page cannot be read, or the process stops, the connection is cut
 * before the end of the chunked body, which every HTTP client reports as an error.
 */
export function createExports({ logger, stopping, mostExports, stallMs }: ExportDeps) {
  let open = 0;

  async function send<T>(
    response: Response,
    file: ExportFile<T>,
    pages: AsyncIterator<T[]>,
    { isHead, cut }: { isHead: boolean; cut: AbortController },
  ): Promise<void> {
    // Before the head: what fails at once is answered like any other request's.
    let page = await pages.next();
    response.writeHead(200, {
      'content-type': file.contentType,
      'content-disposition': `attachment; filename="${file.name}"`,
      'cache-control': 'no-store, no-transform',
    });
    if (!isHead) response.write(file.head);
    for (; !isHead && page.done !== true; page = await pages.next()) {
      cut.signal.throwIfAborted();
      if (!response.write(page.value.map(file.line).join(''))) await drained(response, cut);
    }
    response.end();
  }

  async function drained(response: Response, cut: AbortController): Promise<void> {
    const stalled = setTimeout(() => cut.abort(new Error('its reader stopped reading')), stallMs);
    try {
      await once(response, 'drain', { signal: cut.signal });
    } finally {
      clearTimeout(stalled);
    }
  }

  /** Answers with all of `pages`; a HEAD request with their head alone. */
  return async <T>(
    request: Request,
    response: Response,
    file: ExportFile<T>,
    pages: AsyncIterable<T[]>,
  ): Promise<void> => {
    if (open >= mostExports)
      throw new HttpError('rate_limited', 'too many exports are under way', { 'retry-after': '5' });
    open += 1;
    // One controller for all that ends it: who reads, how fast, and the process itself.
    const cut = new AbortController();
    const stop = () => cut.abort(new Error('the process stops'));
    stopping.addEventListener('abort', stop);
    response.once('close', () => {
      open -= 1;
      stopping.removeEventListener('abort', stop);
      cut.abort(GONE);
    });
    const iterator = pages[Symbol.asyncIterator]();
    try {
      await send(response, file, iterator, { isHead: request.method === 'HEAD', cut });
    } catch (error) {
      if (!response.headersSent) throw error;
      if (error instanceof DependencyUnavailableError) markFailure(response, error.code, error);
      else if (cut.signal.reason !== GONE)
        logger.warn('an export was cut off', { error: cut.signal.aborted ? cut.signal.reason : error });
      response.destroy();
    } finally {
      await iterator.return?.();
    }
  };
}

export type SendExport = ReturnType<typeof createExports>;
