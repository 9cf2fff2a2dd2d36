import { eventFingerprint, isRepeat, markOf } from './event-fingerprint';
import type { StepEvent } from './step-event';

const event: StepEvent = { stepName: 's', candidateId: 'c', status: 'open', metadata: { a: '1', b: '2' } };

describe('an event is a repeat', () => {
  it('when it has the same eventId, whatever it says', () => {
    const mark = markOf({ ...event, eventId: 'e1' });
    expect(isRepeat(mark, { ...event, status: 'merged', eventId: 'e1' })).toBe(true);
    expect(isRepeat(mark, { ...event, eventId: 'e2' })).toBe(false);
  });

  it('when its eventId is long as well, which is remembered in short', () => {
    const [one, two] = ['1', '2'].map((end) => ({ ...event, eventId: `${'\u0001'.repeat(255)}${end}` }));
    if (one === undefined || two === undefined) throw new Error('two events');
    const mark = markOf(one);
    expect(JSON.stringify(mark).length).toBeLessThan(120);
    expect([isRepeat(mark, one), isRepeat(mark, two)]).toEqual([true, false]);
    expect(isRepeat({ fingerprint: '', eventId: one.eventId }, one)).toBe(true);
  });

  it('without an eventId, when it says the same in any key order', () => {
    expect(isRepeat(markOf(event), { ...event, metadata: { b: '2', a: '1' } })).toBe(true);
  });

  it('never of nothing, and never across having an id and having none', () => {
    expect(isRepeat(undefined, event)).toBe(false);
    expect(isRepeat(markOf(event), { ...event, eventId: 'e' })).toBe(false);
    expect(isRepeat(markOf({ ...event, eventId: 'e' }), event)).toBe(false);
  });

  it.each<[string, Partial<StepEvent>]>([
    ['status', { status: 'merged' }],
    ['reason', { reason: 'r' }],
    ['step', { stepName: 't' }],
    ['candidate', { candidateId: 'd' }],
    ['metadata value', { metadata: { a: '1', b: '3' } }],
    ['metadata key', { metadata: { a: '1', c: '2' } }],
    ['metadata split', { metadata: { a: '1,b', b: '2' } }],
  ])('not when its %s differs', (_what, over) => {
    expect(eventFingerprint({ ...event, ...over })).not.toBe(eventFingerprint(event));
  });

  it('also when one sender omits empty metadata and reason', () => {
    const bare: StepEvent = { stepName: 's', candidateId: 'c', status: 'open' };
    expect(eventFingerprint({ ...bare, metadata: {}, reason: '' })).toBe(eventFingerprint(bare));
  });
});
