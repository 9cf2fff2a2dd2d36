/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Chosen by the caller. A repeat by the same principal within 24 h gets the first answer's run attempt; the
 * same key with another body is a 400. An answer of 5xx is never kept.
 *
 */
export type IdempotencyKey = string;
