/** Limits of the wire contract; bytes are of UTF-8 JSON. */
export const LIMITS = {
  bodyBytes: 32 * 1024 * 1024,
  candidatesPerSubmit: 10_000,
  /** Removed by one request; about a second of work. */
  candidatesPerPrune: 10_000,
  /** Told of those removed. */
  pruneExamples: 20,
  /** Of a migration; which candidates older ones submitted is forgotten. */
  discoveriesKept: 8,
  stepsPerDefinition: 200,
  candidateBytes: 64 * 1024,
  definitionBytes: 512 * 1024,
  eventBytes: 64 * 1024,
  /** Of a run, all together; the engine refuses payloads above 2 MiB. */
  inputsBytes: 64 * 1024,
  /** Default and greatest page length of a list. */
  pageDefault: 100,
  pageMax: 1000,
  /** Distinct metadata keys of a migration that are indexed, in the order seen. */
  indexedMetadataKeys: 16,
  /** A total is exact up to here, and wherever a maintained counter gives it. */
  exactTotal: 10_000,
} as const;
