import { maxHeaderSize } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What Node says of a request of which it cannot read the head; everything else is no HTTP. */
const REASONS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `the request line and the headers together are larger than ${String(maxHeaderSize / 1024)} KiB`,
  ERR_HTTP_REQUEST_TIMEOUT: 'the request did not come to its end in time',
};

/**
 * Answers what is no readable request as every other mistake of a client is answered: 400 with a problem that says what
 * is wrong. Node alone would answer with statuses that no contract has, and without a body.
 */
export function refuseUnreadable(server: Server, open: ReadonlySet<ServerResponse>): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const isAnswering = [...open].some((response) => response.socket === socket && response.headersSent);
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering) {
      socket.destroy();
      return;
    }
    socket.end(answer(REASONS[error.code ?? ''] ?? 'what was sent is not HTTP'));
  });
}

function answer(detail: string): string {
  const problem = { type: 'about:blank', title: 'Invalid request', status: 400, detail };
  const body = JSON.stringify({ ...problem, instance: '/', code: 'invalid_request' });
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${String(Buffer.byteLength(body))}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
