/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `reported`: nothing could be proved, and nothing was changed.
 */
export type ReconcileAct = 'settled' | 'completed' | 'brought_forward' | 'restored' | 'cancel_asked' | 'reported';
