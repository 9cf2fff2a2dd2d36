/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * What was done. The last five are Loom's own: they take back a start that Temporal did not begin, begin one that
 * a crash left, end a cancelled run, bring back one that the store had lost, and correct one that it showed wrong.
 *
 */
export type AuditAction = 'announce' | 'submit' | 'prune' | 'queue' | 'dequeue' | 'start' | 'execute' | 'update_inputs' | 'retry' | 'event' | 'cancel' | 'accept_attempts' | 'reset' | 'archive' | 'unarchive' | 'pause' | 'resume' | 'limit' | 'give_back' | 'restart' | 'settle_cancel' | 'restore' | 'repair';
