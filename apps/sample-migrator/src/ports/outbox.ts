import type { StepEvent } from '@loom/domain';
import type { TraceCarrier } from '@loom/ports';

/** An event on its way to Loom. */
export interface OutboxMessage {
  /** Also the event's eventId. */
  id: string;
  /** The work that it is about. Messages of one work are delivered in the order in which they were put. */
  workKey: string;
  /** A secret: never log it. */
  callbackId: string;
  event: StepEvent;
  /** Of the dispatch that it answers. */
  trace?: TraceCarrier | undefined;
  /** When it was put, in epoch milliseconds. */
  putAt: number;
  /** Deliveries tried so far. */
  attempts: number;
}

/** A message as it is put. */
export type NewOutboxMessage = Omit<OutboxMessage, 'putAt' | 'attempts'>;

/** Events until Loom accepted them. Every method is atomic; times are epoch milliseconds. */
export interface Outbox {
  /** Puts a message behind those of the same work. Nothing happens when that id is already there. */
  put(message: NewOutboxMessage, now: number): Promise<void>;
  /** The first message of each work that is due and that nobody holds; the caller's until `until`. */
  claim(now: number, until: number, limit: number): Promise<OutboxMessage[]>;
  /** It was not accepted: counts the attempt, and tries it again at `at`. */
  defer(message: OutboxMessage, at: number): Promise<void>;
  /** It was accepted, or never will be: the next message of the work is due at once. */
  settle(message: OutboxMessage, now: number): Promise<void>;
  /** Messages that are not settled. */
  size(): Promise<number>;
}
