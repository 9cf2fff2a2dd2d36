/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AuditRole } from './AuditRole';
export type AuditActor = {
  id: string;
  role: AuditRole;
};
