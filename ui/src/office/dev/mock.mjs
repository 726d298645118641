/**
 * A stand-in for the shop, for looking at the office alone: serves the built pages and made-up answers.
 * `npm run build && node src/office/dev/mock.mjs 7171 [setup]`. Nothing of it is in the build.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as data from './fixtures.mjs';

const dist = process.env.DIST ?? fileURLToPath(new URL('../../../dist/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
let setup = process.argv[3] === 'setup';
let signedIn = !setup && process.argv[3] !== 'out';
let job = null;
let verification = data.record.verification;
let settings = data.settings;

const problem = (status, code, refusal) => ({ status, body: { type: 'about:blank', status, code, title: code, ...(refusal ? { refusal } : {}) } });

function importStep() {
  if (!job) return;
  job.progress.done = Math.min(job.progress.total, job.progress.done + job.progress.total / 6);
  if (job.progress.done < job.progress.total) return;
  if (job.state === 'analysing') Object.assign(job, { state: 'ready', preview: data.preview });
  else if (job.state === 'applying') Object.assign(job, { state: 'done', outcome: data.outcome });
}

async function answer(method, path, query, body) {
  const [, first, second, third] = path.split('/');
  switch (`${method} /${first}`) {
    case 'GET /session':
      return signedIn ? { ...data.session, setup_needed: setup } : { person: null, permissions: [], till: null, setup_needed: setup };
    case 'GET /setup':
      return { needed: setup, countries: data.countries };
    case 'POST /setup':
      if (body.code === 'WRONG') return problem(403, 'wrong_setup_code');
      [setup, signedIn] = [false, true];
      return data.session;
    case 'POST /office':
      if (body.passphrase === 'wrong') return problem(401, 'wrong_secret');
      signedIn = true;
      return data.session;
    case 'POST /sign-out':
      signedIn = false;
      return {};
    case 'GET /settings':
      return settings;
    case 'GET /country':
      return data.country_view;
    case 'GET /today':
      return data.today;
    case 'GET /receipts':
      return third ? data.receipt : { receipts: data.receipts(query.get('before')), next: query.get('before') ? null : '100' };
    case 'GET /payments':
      return data.payments(query.get('state'));
    case 'GET /terminals':
    case 'POST /terminals':
      return data.terminals;
    case 'GET /items': {
      if (second) return data.item(Number(second));
      const q = (query.get('q') ?? '').toLowerCase();
      const hits = data.items.filter((row) => row.name.toLowerCase().includes(q) && (!query.get('group') || row.group === Number(query.get('group'))));
      return { items: hits.slice(0, Number(query.get('limit') ?? 50)), next: hits.length > 8 ? 'x' : null };
    }
    case 'GET /stock':
      if (third) return data.movements;
      return { items: query.get('low') ? data.stock.filter((row) => row.minimum !== null && row.stock < row.minimum) : data.stock, next: null };
    case 'GET /unknown-codes':
      return data.unknown;
    case 'GET /tiles':
      return data.tiles;
    case 'GET /days':
      return { days: data.days, next: null };
    case 'GET /people':
      return data.people;
    case 'POST /people':
      return body.secret === '123456' ? problem(422, 'pin_too_easy') : {};
    case 'GET /record':
      if (verification?.state === 'running') {
        verification.checked = Math.min(verification.entries, verification.checked + 12_000);
        if (verification.checked === verification.entries) verification = { ...verification, state: 'good', ended: new Date().toISOString() };
      }
      return { ...data.record, verification };
    case 'POST /record':
      verification = { state: 'running', began: new Date().toISOString(), ended: null, checked: 0, entries: 48_213, problem: null, names: [] };
      return {};
    case 'POST /imports':
      if (third === 'apply') Object.assign(job, { state: 'applying', progress: { done: 0, total: 12_480 } });
      else job = { id: 1, name: query.get('name'), state: 'analysing', progress: { done: 0, total: 5_000_000 }, preview: null, outcome: null, failure: null };
      return job;
    case 'GET /imports':
      importStep();
      return job;
    case 'DELETE /imports':
      job.state = 'cancelled';
      return job;
    case 'POST /shop':
      if (body.type === 'put_item' && body.draft.number === '4711') return problem(422, 'taken', { code: 'taken', field: 'number', value: '4711' });
      if (body.type === 'configure') settings = body.settings;
      return { id: body.id, repeated: false, entries: [1, 1], receipt: null, view: null, made: body.type === 'put_item' ? { kind: 'item', item: 3 } : body.type === 'put_person' ? { kind: 'person', person: 3 } : null };
    default:
      return problem(404, 'not_found');
  }
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  const path = url.pathname;
  if (path.startsWith('/api/v1')) {
    if (path.endsWith('/html')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'" });
      return response.end(data.paper);
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    let body = {};
    try { body = JSON.parse(text); } catch { /* a file */ }
    const found = await answer(request.method, path.slice(7), url.searchParams, body);
    const status = found?.body ? found.status : 200;
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' });
    return response.end(JSON.stringify(found?.body ?? found ?? {}));
  }
  const file = /^\/(office|till|display)/.test(path) ? `${path.split('/')[1]}.html` : path.slice(1);
  try {
    const bytes = await readFile(join(dist, file));
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-security-policy': csp });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}).listen(Number(process.argv[2] ?? 7171), '127.0.0.1');
