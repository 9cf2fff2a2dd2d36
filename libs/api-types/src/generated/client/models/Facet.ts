/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { FacetValue } from './FacetValue';
export type Facet = {
  key: string;
  values: Array<FacetValue>;
  /**
   * Whether the key has more values than are told.
   */
  truncated: boolean;
};
