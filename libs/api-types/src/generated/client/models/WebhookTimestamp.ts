/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Seconds since 1970 when it was signed (Standard Webhooks).
 */
export type WebhookTimestamp = string;
