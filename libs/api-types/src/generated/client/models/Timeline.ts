/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { TimelineDay } from './TimelineDay';
export type Timeline = {
  days: Array<TimelineDay>;
};
