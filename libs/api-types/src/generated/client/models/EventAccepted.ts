/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EventAcceptedStatus } from './EventAcceptedStatus';
export type EventAccepted = {
  status: EventAcceptedStatus;
};
