/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { ProblemCode } from './ProblemCode';
import type { ProblemDetail } from './ProblemDetail';
/**
 * An error (RFC 9457).
 */
export type Problem = {
  /**
   * A URI of the kind of problem, or `about:blank`.
   */
  type: string;
  title: string;
  status: number;
  detail: string;
  /**
   * Path of the request; of a callback never with its id.
   */
  instance: string;
  code: ProblemCode;
  errors?: Array<ProblemDetail>;
  /**
   * The run met.
   */
  runId?: string;
  /**
   * Its run attempt; 0 while queued.
   */
  attempt?: number;
  startedAt?: string;
};
