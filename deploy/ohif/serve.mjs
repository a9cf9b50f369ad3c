#!/usr/bin/env node
/**
 * Serves the OHIF viewer over a service on this machine, to try it out: it signs in as admin for whoever opens it, and listens
 * on loopback only. The viewer comes from npm once.
 *
 * Usage: serve.mjs [SERVICE] [PASSWORD-FILE] [PORT] [FOLDER]
 */
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, statSync} from 'node:fs';
import http from 'node:http';
import {dirname, extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';

const VERSION = '3.12.10';
const SHA_512 = '0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA=='; // as the registry states it
const TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml',
  '.json': 'application/json', '.png': 'image/png'};

const here = dirname(fileURLToPath(import.meta.url));
const [service = 'http://127.0.0.1:8080', passwordFile = 'm2ib-data/admin-password', port = '3000', folder = join(here, '../../target/ohif')]
  = process.argv.slice(2);
const authorization = `Basic ${Buffer.from(`admin:${readFileSync(passwordFile, 'utf8').trim()}`).toString('base64')}`;
const pages = join(folder, 'package/dist');

function install() {
  const archive = `ohif-app-${VERSION}.tgz`;
  if (existsSync(join(folder, archive)) && existsSync(pages)) {
    return;
  }
  mkdirSync(folder, {recursive: true});
  execFileSync('npm', ['pack', '--silent', `@ohif/app@${VERSION}`], {cwd: folder});
  if (createHash('sha512').update(readFileSync(join(folder, archive))).digest('base64') !== SHA_512) {
    throw new Error(`${archive} is not what the registry stated`);
  }
  execFileSync('tar', ['xzf', archive], {cwd: folder});
}

/** The viewer shares memory between threads, which browsers allow only so isolated. */
const ISOLATED = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};

function forward(request, response, path) {
  const headers = {...request.headers, authorization, 'x-forwarded-host': request.headers.host, 'x-forwarded-proto': 'http'};
  request.pipe(http.request(new URL(path, service), {method: request.method, headers}, answer => {
    response.writeHead(answer.statusCode, {...answer.headers, ...ISOLATED});
    answer.pipe(response);
  }).on('error', problem => response.writeHead(502).end(problem.message)));
}

/** A file of the viewer; any other path is one of its pages. */
function page(response, path) {
  let file = path === '/app-config.js' ? join(here, path) : normalize(join(pages, decodeURI(path)));
  if (!file.startsWith(here) && !file.startsWith(normalize(pages)) || !existsSync(file) || !statSync(file).isFile()) {
    file = join(pages, 'index.html');
  }
  response.writeHead(200, {'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', ...ISOLATED}).end(readFileSync(file));
}

install();
const server = http.createServer((request, response) => {
  const path = request.url.split('?')[0];
  if (path.startsWith('/dicom-web/')) {
    forward(request, response, request.url);
  } else if (path.startsWith('/m2ib/assets/')) {
    forward(request, response, request.url.replace('/m2ib', ''));
  } else {
    page(response, path);
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log(`OHIF: http://127.0.0.1:${server.address().port}/`));
