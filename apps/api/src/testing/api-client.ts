import type { Express } from 'express';
import type { ProblemDetail } from '@loom/api-types';
import request from 'supertest';

/** The fields of our answers that tests look into one by one; supertest itself says `any`. */
interface Body {
  code: string;
  status: unknown;
  detail: string;
  instance: string;
  errors: ProblemDetail[];
  migrations: { id: string }[];
  candidates: { id: string }[];
  cancelledAttempts: unknown[];
  attempts: unknown[];
  entries: { action: string }[];
  candidateRuns: unknown;
  facets: unknown[];
  steps: unknown;
  counts: unknown;
  run: unknown;
  migratorUrl: string;
  archived: unknown;
  paused: unknown;
  nextCursor: string;
  total: number;
  streamPosition: string;
  added: number;
}

export interface Answer {
  status: number;
  text: string;
  body: Body;
  headers: Record<string, string>;
  get(name: string): string | undefined;
}

/** One request: what is set is sent, what is expected is checked when it is awaited. */
export interface Call extends PromiseLike<Answer> {
  set(name: string, value: string): Call;
  type(name: string): Call;
  auth(user: string, password: string): Call;
  query(parameters: object): Call;
  serialize(write: (body: unknown) => string): Call;
  send(body?: string | object): Call;
  expect(status: number, body?: object): Call;
  expect(header: string, value: RegExp): Call;
}

export type Api = Record<
  'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options',
  (url: string) => Call
>;

/** supertest on `app`, typed. */
export function apiOf(app: Express): Api {
  return request(app);
}
