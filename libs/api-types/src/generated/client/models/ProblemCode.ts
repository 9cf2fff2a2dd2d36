/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * The closed list of what can go wrong; stable, to be branched upon.
 */
export type ProblemCode = 'migration_not_found' | 'candidate_not_found' | 'run_not_found' | 'candidate_already_running' | 'candidate_already_completed' | 'candidate_not_running' | 'candidate_not_queued' | 'candidate_not_completed' | 'candidate_already_queued' | 'run_cancelling' | 'migration_paused' | 'migration_archived' | 'migration_in_use' | 'run_limit_reached' | 'step_not_failed' | 'event_not_expected' | 'attempt_unknown' | 'invalid_request' | 'invalid_inputs' | 'migrator_url_not_allowed' | 'migrator_unreachable' | 'migrator_error' | 'migrator_timeout' | 'unauthenticated' | 'forbidden' | 'not_found' | 'method_not_allowed' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'dependency_unavailable' | 'internal';
