/**
 * What programs started here get of this process's environment. A list of what is let in, since what a machine has set
 * for other work (a forge's address and token, another Loom's keys) must not turn a local Loom into a remote one.
 */
const PASSED_ON = [
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'TMPDIR',
    'TMP',
    'TEMP',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'TZ',
  ],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'],
  ...[
    'LOOM_HOST',
    'LOOM_LOG_LEVEL',
    'LOOM_TASK_QUEUE',
    'LOOM_DISPATCH_BUDGET',
    'LOOM_CONTINUE_AS_NEW_EVENTS',
  ],
  ...['LOOM_RECONCILE_INTERVAL', 'LOOM_SHUTDOWN_GRACE'],
  // Without the first of them the others do nothing.
  ...['OTEL_ENABLED', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'],
  ...[
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'OTEL_TRACES_SAMPLER',
    'OTEL_TRACES_SAMPLER_ARG',
    'OTEL_METRICS_EXPORTER',
  ],
];

/** Every program talks to others on this machine, which no proxy reaches. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

type Environment = Readonly<Record<string, string | undefined>>;

/** The allowed part of `env`, with proxies that leave this machine's own addresses alone. */
export function serviceEnvironment(env: Environment): Record<string, string> {
  const without = [env['NO_PROXY'] ?? env['no_proxy'] ?? '', ...LOOPBACK]
    .filter((name) => name !== '')
    .join();
  return { ...present(env, PASSED_ON), NO_PROXY: without, no_proxy: without };
}

/** Which servers somebody else runs, as the environment says. */
export interface LentServers {
  redis: boolean;
  temporal: boolean;
}

/** A variable that is empty is not set. */
export function lentServers(env: Environment): LentServers {
  return { redis: isSet(env, 'REDIS_ADDR'), temporal: isSet(env, 'TEMPORAL_HOSTPORT') };
}

/** What belongs to a lent server beside its address; our own servers have neither password nor other namespaces. */
export function lentServerSettings(env: Environment, lent: LentServers): Record<string, string> {
  return {
    ...(lent.redis ? present(env, ['REDIS_PASSWORD']) : {}),
    ...(lent.temporal ? present(env, ['TEMPORAL_NAMESPACE']) : {}),
  };
}

/** One line that says why nothing can begin anew with lent servers; undefined when it can. */
export function whyNotFresh(env: Environment): string | undefined {
  const [variable] = ['REDIS_ADDR', 'TEMPORAL_HOSTPORT'].filter((name) => isSet(env, name));
  return variable === undefined
    ? undefined
    : `${variable} is set: its data is not ours to clear; clear it yourself and start without --fresh, or unset ${variable}`;
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '') !== '';
}

function present(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
