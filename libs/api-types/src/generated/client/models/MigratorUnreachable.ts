/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Since when no connection to its migrator app can be made, and why the last one could not. Found by dispatches and
 * dry runs of any migration of that app; over with the first one that is taken, or when the app announces itself.
 */
export type MigratorUnreachable = {
  since: string;
  detail: string;
};
