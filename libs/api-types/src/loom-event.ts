import type { EventFrame } from './event-parser';
import type { CandidateEvent, CountsEvent, ResetEvent, StepEvent } from './generated/client';
import { candidateEventSchema } from './generated/zod/candidateEventSchema';
import { countsEventSchema } from './generated/zod/countsEventSchema';
import { resetEventSchema } from './generated/zod/resetEventSchema';
import { stepEventSchema } from './generated/zod/stepEventSchema';

/** A change as the event streams tell it; `id` is what a later `lastEventId` may be. */
export type LoomEvent = { id?: string } & (
  | { type: 'candidate'; data: CandidateEvent }
  | { type: 'step'; data: StepEvent }
  | { type: 'counts'; data: CountsEvent }
  | { type: 'reset'; data: ResetEvent }
);

/**
 * The event in `frame`; undefined for an event of a type that this version does not know, which is to be ignored.
 * @throws ZodError or SyntaxError when the data is not what its type says.
 */
export function toLoomEvent(frame: EventFrame): LoomEvent | undefined {
  const id = frame.id === undefined ? {} : { id: frame.id };
  switch (frame.event) {
    case 'candidate':
      return { ...id, type: 'candidate', data: candidateEventSchema.parse(JSON.parse(frame.data)) };
    case 'step':
      return { ...id, type: 'step', data: stepEventSchema.parse(JSON.parse(frame.data)) };
    case 'counts':
      return { ...id, type: 'counts', data: countsEventSchema.parse(JSON.parse(frame.data)) };
    case 'reset':
      return { ...id, type: 'reset', data: resetEventSchema.parse(JSON.parse(frame.data)) };
    default:
      return undefined;
  }
}
