import type { Clock } from '../clock';

/** A clock that stands still until it is moved. */
export class MemoryClock implements Clock {
  constructor(private time = '2026-01-01T00:00:00.000Z') {}

  now(): string {
    return this.time;
  }

  set(time: string): void {
    this.time = time;
  }

  advance(ms: number): void {
    this.time = new Date(Date.parse(this.time) + ms).toISOString();
  }
}
