import type { RequestHandler } from 'express';
import type { Service } from '../../service/service';
import { attemptToWire, auditFilter, auditToWire, AUDIT_FILES } from '../audit-wire';
import { endpoint } from '../endpoint';
import type { SendExport } from '../export-stream';
import { cursorToWire } from '../to-wire';
import { parseRequest } from '../validate';

/** Who did what, and what became of each attempt. */
export function auditHandlers(service: Service, send: SendExport) {
  const exportAudit: RequestHandler = async (request, response) => {
    const { query } = parseRequest('exportAudit', request);
    await send(
      request,
      response,
      AUDIT_FILES[query.format ?? 'ndjson'],
      service.auditPages(auditFilter(query)),
    );
  };

  return {
    exportAudit,

    listAudit: endpoint('listAudit', async ({ query }) => {
      const { limit, cursor } = query;
      const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
      const { rows, nextCursor } = await service.listAudit({ ...auditFilter(query), ...page });
      return { status: 200, body: { entries: rows.map(auditToWire), ...cursorToWire(nextCursor) } };
    }),

    listAttempts: endpoint('listAttempts', async ({ path, query }) => {
      const address = { migrationId: path.id, candidateId: path.cid };
      const { rows, nextCursor } = await service.attempts(address, query);
      return { status: 200, body: { attempts: rows.map(attemptToWire), ...cursorToWire(nextCursor) } };
    }),
  };
}
