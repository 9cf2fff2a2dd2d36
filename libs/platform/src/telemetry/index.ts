// An entry of its own: importing it loads neither Express nor anything else that telemetry observes.
export * from './run-program';
export type { Telemetry } from './telemetry';
