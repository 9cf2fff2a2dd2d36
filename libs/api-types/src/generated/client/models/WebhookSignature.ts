/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `v1,` and the base64 HMAC-SHA256 of `{id}.{timestamp}.{raw body}` (Standard Webhooks); several when keys rotate.
 */
export type WebhookSignature = string;
