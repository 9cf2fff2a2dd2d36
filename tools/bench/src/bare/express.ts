// What Express alone costs: one route that answers the JSON in a file, read once. Arguments: port, file.
import { readFileSync } from 'node:fs';
import express from 'express';

const [port = '0', file = ''] = process.argv.slice(2);
const body: unknown = JSON.parse(readFileSync(file, 'utf8'));
const app = express();
app.get('/healthz', (_request, response) => {
  response.json({ status: 'ok' });
});
app.get('/', (_request, response) => {
  response.json(body);
});
app.listen(Number(port), '127.0.0.1');
