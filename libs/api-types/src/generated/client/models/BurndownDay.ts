/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
export type BurndownDay = {
  day: string;
  total: number;
  completed: number;
  remaining: number;
};
