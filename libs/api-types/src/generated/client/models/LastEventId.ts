/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Id of the last frame received; wins over `from`. One that is no longer held, or of no stream, is answered
 * with a `reset` and the stream from now on.
 *
 */
export type LastEventId = string;
