import { createLogger } from './logger';
import { createCallbackSigner } from './callback-signer';
import { memoryStream } from './testing/lines';

const CANARY = 'canary-4f1d9b7c2a';
const callbackId = createCallbackSigner([{ id: 'k1', secret: `${CANARY}-as-key` }]).sign(
  { runId: 'm__c', runAttempt: 1, stepIndex: 0, attempt: 2 },
  CANARY,
);
const mac = callbackId.split('~').at(-1) ?? '';

/** Every way in which a secret has been seen to reach a log line. */
const leaks: Record<string, Record<string, unknown>> = {
  'plain keys': {
    password: CANARY,
    token: CANARY,
    nonce: CANARY,
    mac: CANARY,
    cookie: CANARY,
    secret: CANARY,
  },
  'spellings of keys': {
    REDIS_PASSWORD: CANARY,
    'x-api-key': CANARY,
    accessToken: CANARY,
    'Set-Cookie': CANARY,
  },
  headers: { request: { headers: { authorization: `Bearer ${CANARY}`, Cookie: [CANARY] } } },
  'callback id by key': { callbackId, callbackUrl: `https://loom/event/${callbackId}` },
  'callback id in a text': { path: `/event/${callbackId}?x=1`, encoded: callbackId.replaceAll('~', '%7E') },
  'callback id as a key': { seen: { [callbackId]: 1 } },
  'url user information': {
    url: new URL(`http://loom:${CANARY}@host/x`),
    text: `to http://loom:${CANARY}@host/x`,
  },
  'credentials in a text': { said: `sent Authorization: Basic ${CANARY}` },
  'an error': { error: new Error(`failed: http://u:${CANARY}@h/ ${callbackId}`) },
  'an error with a cause': {
    error: new Error('x', { cause: Object.assign(new Error('y'), { token: CANARY }) }),
  },
  'an aggregate error': { error: new AggregateError([Object.assign(new Error('y'), { secret: CANARY })]) },
  collections: {
    list: [{ nonce: CANARY }],
    map: new Map([['token', CANARY]]),
    set: new Set([{ mac: CANARY }]),
  },
};

describe.each(['json', 'pretty'] as const)('secrets in %s lines', (format) => {
  it.each(Object.entries(leaks))('hides %s', (_name, fields) => {
    const out = memoryStream();
    const logger = createLogger({ level: 'debug', format, service: 'test', stream: out.stream });
    logger.info('plain', fields);
    logger.child(fields).error(`message with ${callbackId} and http://u:${CANARY}@host`, fields);
    expect(out.text()).toContain('[redacted]');
    expect(out.text()).not.toContain(CANARY);
    expect(out.text()).not.toContain(mac);
  });
});

describe('logger', () => {
  const setUp = (level: 'debug' | 'info' | 'warn' | 'error', format: 'json' | 'pretty' = 'json') => {
    const out = memoryStream();
    return { out, logger: createLogger({ level, format, service: 'api', stream: out.stream }) };
  };

  it('writes one JSON object a message, with its fields', () => {
    const { out, logger } = setUp('info');
    logger.info('hello', { runId: 'm__c', n: 3, when: new Date(0), big: 10n });
    expect(out.json()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        level: 'info',
        service: 'api',
        message: 'hello',
        runId: 'm__c',
        n: 3,
        when: '1970-01-01T00:00:00.000Z',
        big: '10',
      },
    ]);
  });

  it('keeps what names the run in a callback id and hides only its MAC', () => {
    const { out, logger } = setUp('info');
    logger.info('x', { path: `/event/${callbackId}` });
    expect(out.json()[0]?.['path']).toBe('/event/m__c~1~0~2~k1~[redacted]');
  });

  it('leaves out what is below its level', () => {
    const { out, logger } = setUp('warn');
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(out.json().map(({ message }) => message)).toEqual(['c', 'd']);
  });

  it('never changes what it is given', () => {
    const { logger } = setUp('info');
    const fields = Object.freeze({
      token: 'a',
      deep: Object.freeze({ password: 'b', list: Object.freeze([1]) }),
    });
    logger.info('x', fields);
    expect(fields).toEqual({ token: 'a', deep: { password: 'b', list: [1] } });
  });

  it('does not let a field stand in for time, level, service or message', () => {
    const { out, logger } = setUp('info');
    logger.info('real', { message: 'fake', level: 'fake', time: 'fake', service: 'fake', splat: 1 });
    expect(out.json()[0]).toMatchObject({ message: 'real', level: 'info', service: 'api', splat: 1 });
  });

  it('adds the fields of each child, the nearest last', () => {
    const { out, logger } = setUp('info');
    logger.child({ a: 1, b: 1 }).child({ b: 2 }).info('x', { c: 3 });
    expect(out.json()[0]).toMatchObject({ a: 1, b: 2, c: 3 });
  });

  it('tells an error with its stack, code and cause', () => {
    const { out, logger } = setUp('info');
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    logger.error('failed', { error: new TypeError('no store', { cause }) });
    expect(out.json()[0]?.['error']).toMatchObject({
      name: 'TypeError',
      message: 'no store',
      stack: expect.stringContaining('logger.test.ts') as string,
      cause: { message: 'refused', code: 'ECONNREFUSED', stack: expect.any(String) as string },
    });
  });

  it('survives cycles, depth and getters that throw', () => {
    const { out, logger } = setUp('info');
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    const deep = Array.from({ length: 30 }).reduce<unknown>((inner) => ({ inner }), 'end');
    const bad = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    logger.info('x', { cycle, deep, bad, list: Array.from({ length: 500 }, (_, i) => i) });
    expect(out.json()[0]).toMatchObject({
      cycle: { name: 'a', self: '[circular]' },
      bad: { x: '[unreadable]' },
    });
    expect(out.text()).toContain('[too deep]');
    expect(out.text()).toContain('[400 more]');
  });

  it('writes message and fields on one readable line, whatever they contain', () => {
    const { out, logger } = setUp('info', 'pretty');
    logger.info('two\nlines', { runId: 'm__c', text: 'a b\n\u001b[31m', n: 1, none: undefined, o: { a: 1 } });
    expect(out.text()).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}two\\x0alines runId=m__c text="a b\\n\\u001b\[31m" n=1 o=\{"a":1\}\n$/,
    );
  });

  it('writes the stacks of an error and its causes below the line', () => {
    const { out, logger } = setUp('info', 'pretty');
    logger.error('failed', { error: new Error('outer', { cause: new Error('inner', { cause: 'root' }) }) });
    const [head, ...rest] = out.text().trimEnd().split('\n');
    expect(head).toMatch(/error failed error="outer"$/);
    expect(rest.join('\n')).toMatch(
      /^ {4}Error: outer\n {8}at [^]*caused by Error: inner\n[^]*caused by error: root$/,
    );
  });
});
