/** Asks one dependency whether it can be used. */
export interface HealthProbe {
  readonly name: string;
  /** Resolves when it answers; rejects with the reason otherwise. Bounded by the implementation (≤ 2 s). */
  check(): Promise<void>;
}
