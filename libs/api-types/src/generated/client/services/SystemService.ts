/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { HealthReport } from '../models/HealthReport';
import type { OpenApiDocument } from '../models/OpenApiDocument';
import type { ReadinessReport } from '../models/ReadinessReport';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class SystemService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * Is the process alive?
   * Says nothing of its dependencies.
   * @returns HealthReport It is.
   * @throws ApiError
   */
  public getHealth(): CancelablePromise<HealthReport> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/healthz',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Can it serve?
   * Asks each dependency; not ready either while shutting down.
   * @returns ReadinessReport It can.
   * @throws ApiError
   */
  public getReadiness(): CancelablePromise<ReadinessReport> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/readyz',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `It cannot.`,
      },
    });
  }
  /**
   * This document
   * The contract that this server was built from, as JSON.
   * @returns OpenApiDocument The document.
   * @throws ApiError
   */
  public getOpenApi(): CancelablePromise<OpenApiDocument> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/openapi.json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
      },
    });
  }
}
