import { Pool } from 'undici';

export interface HttpClient {
  get: (path: string) => Promise<string>;
  post: (path: string, body: string) => Promise<string>;
  close: () => Promise<void>;
}

/** Keeps its connections; anything but a 2xx is an error. */
export function createHttpClient(base: string, connections = 4): HttpClient {
  const pool = new Pool(base, { connections, bodyTimeout: 120_000, headersTimeout: 120_000 });
  const call = async (method: 'GET' | 'POST', path: string, body?: string): Promise<string> => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await pool.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.body.text();
    if (response.statusCode >= 300)
      throw new Error(`${method} ${path} answered ${response.statusCode}: ${text}`);
    return text;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    close: () => pool.close(),
  };
}
