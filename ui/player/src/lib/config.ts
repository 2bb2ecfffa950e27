// `config.json` beside the page: where the core is ("" for the origin that served the page) and the edges. A list that is
// empty or missing is asked from the core.

import { edges as edgesCodec, read, setCore } from './api/http';
import { fallback, list, object, str } from './protocol/codec';
import { readJson } from './json';

const config = object({ core: fallback(str, ''), edges: fallback(list(object({ name: str, url: str })), []) });

let named: { name: string; url: string }[] = [];

export async function loadConfig(): Promise<void> {
  try {
    const response = await fetch('./config.json', { cache: 'no-cache' });
    const found = config.decode(readJson(await response.text()), 'config.json');
    setCore(found.core);
    named = found.edges;
  } catch {
    // Without a readable file all comes from the origin.
  }
}

/** The edges by WebSocket address; a path is taken from the origin that served the page. */
export async function findEdges(): Promise<{ name: string; url: string }[]> {
  if (named.length > 0) return named.map(({ name, url }) => ({ name, url: absolute(url) }));
  const { edges } = await read(edgesCodec, { path: '/edges' });
  return edges.map(({ edge, url }) => ({ name: edge, url: absolute(url) }));
}

function absolute(url: string): string {
  const found = new URL(url, location.href);
  found.protocol = found.protocol.replace('http', 'ws');
  return found.href;
}
