import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { createLimiter } from '../concurrency';
import { errorLine } from '../errors';
import type { Git } from '../git/git';
import type { Repositories, Repository } from '../repositories/repositories';
import type { AccessControl } from './auth';
import { parameter } from './request';

const maximumBodyBytes = 512 * 1024 * 1024;
const maximumHeaderBytes = 64 * 1024;
const requestTimeoutMs = 120_000;
/** Clones and pushes at a time; each is a few processes, and a slow client holds its own for long. */
const maximumRequests = 32;

export type SmartHttpDeps = {
  readonly dir: string;
  readonly git: Git;
  readonly repositories: Repositories;
  readonly access: AccessControl;
  /** Called after a push has ended and before the client is told so. */
  readonly pushed: (repository: Repository) => Promise<void>;
  readonly warn: (line: string) => void;
};

/** Paths of git's smart protocol, with or without `.git`, below `/{owner}/{name}`. */
export const smartHttpPath =
  /^\/(?<owner>[^/]+)\/(?<name>[^/]+?)(?:\.git)?\/(?<service>info\/refs|git-upload-pack|git-receive-pack)$/;

const optional = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };

const cgiEnvironment = (deps: SmartHttpDeps, req: Request, repository: Repository, service: string) => {
  const count = Number(deps.git.environment['GIT_CONFIG_COUNT']);
  return {
    ...deps.git.environment,
    // Who may push was decided before; without this setting git asks for a REMOTE_USER.
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: 'http.receivepack',
    [`GIT_CONFIG_VALUE_${count}`]: 'true',
    GIT_PROJECT_ROOT: join(deps.dir, 'repos'),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${repository.fullName}.git/${service}`,
    REQUEST_METHOD: req.method,
    QUERY_STRING: new URL(req.originalUrl, 'http://forge').search.slice(1),
    REMOTE_ADDR: req.socket.remoteAddress ?? '',
    ...optional('CONTENT_TYPE', req.get('content-type')),
    ...optional('CONTENT_LENGTH', req.get('content-length')),
    ...optional('HTTP_CONTENT_ENCODING', req.get('content-encoding')),
    ...optional('GIT_PROTOCOL', req.get('git-protocol')),
  };
};

const applyHeaders = (res: Response, text: string): void => {
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([^:]+): *(.*)$/.exec(line) ?? [];
    if (name.toLowerCase() === 'status') res.status(Number.parseInt(value, 10) || 500);
    else if (name !== '') res.setHeader(name, value);
  }
};

/** Passes a CGI answer on: its headers to `res`, its body as it comes. Ends nothing. */
const createAnswer = (res: Response) => {
  let head: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!head) {
        done(null, chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = /\r?\n\r?\n/.exec(head.toString('latin1'));
      if (!end) {
        done(head.length > maximumHeaderBytes ? new Error('answer without headers') : null);
        return;
      }
      const rest = head.subarray(end.index + end[0].length);
      applyHeaders(res, head.subarray(0, end.index).toString('latin1'));
      head = undefined;
      done(null, rest);
    },
  });
};

const createCounter = (maximum: number) => {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maximum ? new Error('the push is too large') : null, chunk);
    },
  });
};

/** Connects a request to the process and resolves when the process has ended. */
const exchange = (
  req: Request,
  res: Response,
  child: ChildProcessWithoutNullStreams,
): Promise<string | undefined> =>
  new Promise((resolve) => {
    let problem: string | undefined;
    const fail = (reason: string): void => {
      problem ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => fail('took too long'), requestTimeoutMs);
    const counter = createCounter(maximumBodyBytes);
    const answer = createAnswer(res);
    counter.on('error', (error) => fail(error.message));
    answer.on('error', (error) => fail(error.message));
    child.on('error', (error) => {
      fail(error.message);
      resolve(problem);
    });
    // git may answer, and end, before it has read everything; that is no failure of its own.
    child.stdin.on('error', () => undefined);
    req.on('aborted', () => fail('the client went away'));
    req.pipe(counter).pipe(child.stdin);
    child.stdout.pipe(answer).pipe(res, { end: false });
    child.stderr.resume();
    // Nobody reads any more. What was pushed is not undone by that, so the process ends in its own time.
    res.on('close', () => {
      answer.unpipe(res);
      answer.resume();
    });
    let answered = false;
    answer.on('end', () => (answered = true));
    child.on('close', () => {
      clearTimeout(timer);
      req.unpipe(counter);
      if (answered || problem !== undefined) {
        resolve(problem);
        return;
      }
      answer.on('end', () => resolve(problem));
    });
  });

/** Serves clone, fetch and push by `git http-backend`. Mount it at `smartHttpPath`. */
export const createSmartHttp = (deps: SmartHttpDeps): RequestHandler => {
  const limiter = createLimiter(maximumRequests);

  const serve = async (
    req: Request,
    res: Response,
    repository: Repository,
    service: string,
  ): Promise<void> => {
    const env = cgiEnvironment(deps, req, repository, service);
    const child = spawn('git', ['http-backend'], { env, cwd: repository.directory });
    const problem = await exchange(req, res, child);
    if (problem !== undefined) deps.warn(`git ${service} of ${repository.fullName}: ${problem}`);
    if (service === 'git-receive-pack') {
      // Also when the client went away: its push may have been made all the same.
      await deps.pushed(repository).catch((error: unknown) => deps.warn(`after a push: ${errorLine(error)}`));
    }
    if (problem !== undefined && !res.headersSent) res.status(500);
    if (problem !== undefined && res.headersSent) res.destroy();
    else res.end();
  };

  return async (req, res) => {
    const service = parameter(req, 'service');
    const pushes = service === 'git-receive-pack' || req.query['service'] === 'git-receive-pack';
    const access = deps.access.of(req.get('authorization'));
    if (access === 'refused' || (pushes && access !== 'granted')) {
      res
        .status(401)
        .set('www-authenticate', 'Basic realm="local-forge"')
        .type('text')
        .send('Authentication failed\n');
      return;
    }
    const repository = await deps.repositories.find(parameter(req, 'owner'), parameter(req, 'name'));
    await limiter.run(() => serve(req, res, repository, service));
  };
};
