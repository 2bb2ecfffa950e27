import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJson, writeJson, type Json } from '../json';
import type { Codec } from './codec';
import { clientFrame, decodeServerFrame, serverFrame } from './frames';
import { payload } from './lease';
import { walletEvent } from './wallet';

const folder = new URL('../../../../../crates/wire/fixtures/v1/', import.meta.url);
const files = readdirSync(folder);

function codecOf(file: string): Codec<unknown> | null {
  if (file.startsWith('client-')) return clientFrame as Codec<unknown>;
  if (file.startsWith('server-')) return serverFrame as Codec<unknown>;
  if (file.startsWith('wallet-')) return walletEvent as Codec<unknown>;
  return null;
}

describe('the frozen fixtures of the protocol', () => {
  const framed = files.filter((file) => codecOf(file) !== null);

  it('are there', () => expect(framed.length).toBeGreaterThanOrEqual(20));

  it.each(framed)('%s reads and writes back unchanged', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const json = readJson(text);
    const codec = codecOf(file) as Codec<unknown>;
    const again = codec.encode(codec.decode(json, '')) as Json;
    expect(JSON.parse(writeJson(again))).toEqual(JSON.parse(text));
  });

  it('are refused once a field is of another type or missing', () => {
    const text = readFileSync(new URL('server-result.json', folder), 'utf8');
    expect(() => decodeServerFrame(text.replace('"win_minor": "3600"', '"win_minor": 3600'))).toThrow(/win_minor/);
    expect(() => decodeServerFrame(text.replace('"finished": true,', ''))).toThrow(/finished/);
    expect(() => decodeServerFrame(text.replace('"result"', '"outcome"'))).toThrow(/result/);
  });

  it('may carry a field that this client does not know yet', () => {
    const text = readFileSync(new URL('server-result.json', folder), 'utf8');
    expect(decodeServerFrame(text.replace('"finished": true,', '"finished": true, "later": 1,')).body.kind).toBe('result');
  });
});

describe('payloads', () => {
  it('are written in their canonical form', () => {
    expect(writeJson(payload.encode({ kind: 'bets', value: [[17, 100n], [3, 5n]] }))).toBe('{"bets":[[17,"100"],[3,"5"]]}');
    expect(writeJson(payload.encode({ kind: 'act', value: [1, -4n] }))).toBe('{"act":[1,-4]}');
  });
});
