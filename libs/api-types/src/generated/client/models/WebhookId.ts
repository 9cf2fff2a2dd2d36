/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Id of this delivery (Standard Webhooks); present where dispatches are signed.
 */
export type WebhookId = string;
