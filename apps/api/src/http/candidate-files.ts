import type * as wire from '@loom/api-types';
import type { CandidateRow } from '@loom/domain';
import { csvLine } from './export-csv';
import type { ExportFile } from './export-stream';
import { rowToWire } from './to-wire';

const COLUMNS = [
  ...['id', 'kind', 'status', 'updatedAt', 'attempt', 'startedAt', 'completedAt'],
  ...['step', 'stepStatus', 'reason', 'attention', 'attentionSince', 'inputs', 'metadata', 'state'],
];

/** Candidates as a file: a line a candidate. */
export const CANDIDATE_FILES: Record<wire.ExportFormat, ExportFile<CandidateRow>> = {
  csv: {
    name: 'candidates.csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(COLUMNS),
    line: (row) => {
      const { id, kind, status, updatedAt, run, attention, metadata, state } = rowToWire(row);
      const step = run?.currentStep;
      return csvLine([
        ...[id, kind, status, updatedAt, run?.attempt, run?.startedAt, run?.completedAt],
        ...[step?.name, step?.status, step?.reason, attention?.kind, attention?.since],
        ...[run?.inputs, metadata, state],
      ]);
    },
  },
  ndjson: {
    name: 'candidates.ndjson',
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (row) => `${JSON.stringify(rowToWire(row))}\n`,
  },
};
