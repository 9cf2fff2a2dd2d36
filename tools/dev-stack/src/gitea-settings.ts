export interface GiteaSettings {
  /** Everything that it writes is below it. */
  directory: string;
  staticRoot: string | undefined;
  port: number;
}

/** Where the settings below are, which each of its commands is told. */
export const settingsFile = (directory: string): string => `${directory}/app.ini`;

/**
 * The settings of a Gitea for tests: on the loopback, with a database file, without mail, SSH, schedules or a look
 * at the network. Webhooks may go to the loopback, which it refuses by default.
 */
export function giteaSettings({ directory, staticRoot, port }: GiteaSettings): string {
  const sections: Record<string, Record<string, string>> = {
    server: {
      ...(staticRoot === undefined ? {} : { STATIC_ROOT_PATH: staticRoot }),
      HTTP_ADDR: '127.0.0.1',
      HTTP_PORT: String(port),
      // Its answers, its webhooks and its own git hooks name addresses below this one.
      ROOT_URL: `http://127.0.0.1:${port}/`,
      DISABLE_SSH: 'true',
      LFS_START_SERVER: 'false',
      OFFLINE_MODE: 'true',
    },
    database: { DB_TYPE: 'sqlite3', PATH: `${directory}/gitea.db` },
    security: { INSTALL_LOCK: 'true' },
    service: { DISABLE_REGISTRATION: 'true' },
    repository: { DEFAULT_BRANCH: 'main' },
    webhook: { ALLOWED_HOST_LIST: 'loopback' },
    indexer: { ISSUE_INDEXER_TYPE: 'db' },
    actions: { ENABLED: 'false' },
    cron: { ENABLED: 'false' },
    'cron.update_checker': { ENABLED: 'false' },
    log: { MODE: 'console', LEVEL: 'warn' },
  };
  const head = `RUN_MODE = prod\nWORK_PATH = ${directory}\n`;
  const body = Object.entries(sections).map(([name, values]) => {
    const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
    return `[${name}]\n${lines.join('\n')}\n`;
  });
  return [head, ...body].join('\n');
}
