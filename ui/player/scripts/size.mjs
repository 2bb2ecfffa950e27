// Prints what a browser fetches before a game page loads, compressed, and fails when it is more than the budget.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 60 * 1024;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
const files = new Set(['index.html', 'config.json', 'icon.svg']);
const follow = (chunk) => {
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  (chunk.css ?? []).forEach((file) => files.add(file));
  (chunk.imports ?? []).forEach((name) => follow(manifest[name]));
};
follow(entry);
// The log-in page belongs to what everybody needs before a game.
const login = manifest['src/pages/Login.svelte'];
if (login) follow(login);

const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
let total = 0;
for (const file of files) {
  const bytes = size(file);
  total += bytes;
  console.log(`${String(bytes).padStart(7)}  ${file}`);
}
console.log(`${String(total).padStart(7)}  bytes compressed before a game page loads; the budget is ${BUDGET}`);
if (total > BUDGET) {
  console.error('over the budget');
  process.exit(1);
}
