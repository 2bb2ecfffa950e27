import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJson } from '../json';
import { decodeServerFrame } from '../protocol/frames';
import { ascii, equal, fromHex, padded, toHex, zeros32 } from './bytes';
import { betHash, bindMessage, intentBetHash, intentMessage } from './bet';
import { chainFrom, previousLink } from './chain';
import { Draws, drawsDigest, type Draw } from './draws';
import { blind, entryLink, leafHash, leaseKey, logEntry, roundKey } from './keys';
import { commit, openingFault, openingFields, openingHash } from './opening';
import { openRequest, sessionKey, signIntent, verifies } from './sign';

const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);

describe('the anchor of fairness.md section 9', () => {
  const seed = Uint8Array.from({ length: 32 }, (_, at) => at);
  const C = commit(seed);
  const O = openingHash({
    leaseId: bytes(0, 16), commit: C, player: bytes(0), clientSeed: ascii('hello'), clientMode: 1,
    beaconKind: 0, beaconRound: 0n, beaconValue: bytes(0), issuedMs: 1n, expiresMs: 2n, maxRounds: 3,
  });
  const KL = leaseKey(seed, O);
  const K1 = roundKey(KL, 1n, bytes(1), bytes(2), zeros32());
  const B1 = betHash({ deal: 1n, game: bytes(1), params: bytes(2), currency: padded('EUR', 8), stake: 100n, payload: ascii(''), nonce: zeros32() });
  const draws = new Draws(K1);
  const made: Draw[] = ([[0n, 37n], [0n, 10000n], [0n, (1n << 63n) + 1n], [1n, 6n]] as const)
    .map(([stream, bound]) => ({ stream, bound, value: draws.below(stream, bound) }));
  const D1 = drawsDigest(made);
  const link = entryLink({
    leaseId: bytes(0, 16), deal: 1n, bet: B1, draws: D1, outcome: bytes(3), stake: 100n, win: 0n, playedMs: 1n, edge: bytes(0, 16), prev: O,
  });

  it.each([
    ['C', C, 'da3936081e1e5f5bf251f058647449df2ea514648955b95953d419417c9a4bec'],
    ['O', O, '8e05f2a43c695d8ddfa4ccd2ea7de57e1fb2fd29a7acc4dc552c01abeae3bfdc'],
    ['KL', KL, '05e4a7bf9902b5b822a94dce220e1df432b82d957a0567e3ea978b79a40afe6c'],
    ['K_1', K1, '02dbdce253b7ff48fd34cbfb4ed307de9ffbbebd6e0f37125e5d6ec1a8e17e77'],
    ['B_1', B1, '334d214bd26b362d8dd218c5af322d6489cf31235b573cfceb5f6859c0f0fd37'],
    ['D_1', D1, 'c7baa893faf759493ad5739a98290ad0fb77c87368b2d70d16b7890641e020ca'],
    ['link_1', link, 'dc374c4095957ec7b129bedb4b270d0360c4e046ef6d363a54dd729b8d6eb540'],
    ['blind_1', blind(KL, 1n), '2d95004c58025022fac750f8c890bc29fabaf30c5e5de3281fa1489848375ced'],
    ['leaf', leafHash(logEntry(blind(KL, 1n), link)), '1e02d1a48403d300f89b33321ffe3dc377c7139a4babd5395cf70156e11e607b'],
  ] as const)('%s', (_, found, wanted) => expect(toHex(found)).toBe(wanted));

  it('draws', () => expect(made.map((draw) => draw.value)).toEqual([16n, 5049n, 5884947189628310598n, 1n]));
});

interface Vector { [field: string]: string | number | bigint | (number | bigint)[] }

describe('the vectors of the reference implementation', () => {
  const lines = readFileSync(new URL('vectors.jsonl', import.meta.url), 'utf8').trim().split('\n');

  it.each(lines.map((line, at) => [at + 1, line] as const))('line %i', (_, line) => {
    const v = readJson(line) as unknown as Vector;
    const raw = (field: string): Uint8Array => fromHex(v[field] as string);
    const whole = (field: string): bigint => BigInt(v[field] as number | bigint);
    const open = openingHash({
      leaseId: raw('lease_id'), commit: commit(raw('seed')), player: raw('player'), clientSeed: raw('client_seed'),
      clientMode: Number(v['client_mode']), beaconKind: Number(v['beacon_kind']), beaconRound: whole('beacon_round'),
      beaconValue: raw('beacon_value'), issuedMs: whole('issued_ms'), expiresMs: whole('expires_ms'), maxRounds: Number(v['max_rounds']),
    });
    const key = leaseKey(raw('seed'), open);
    const bet = betHash({
      deal: whole('round'), game: raw('game'), params: raw('params'), currency: raw('currency'), stake: whole('stake'),
      payload: raw('payload'), nonce: raw('client_nonce'),
    });
    const round = roundKey(key, whole('round'), raw('game'), raw('params'), raw('client_nonce'));
    expect(toHex(commit(raw('seed')))).toBe(v['commit']);
    expect(toHex(open)).toBe(v['open']);
    expect(toHex(key)).toBe(v['lease_key']);
    expect(toHex(bet)).toBe(v['bet']);
    expect(toHex(round)).toBe(v['round_key']);
    expect(toHex(previousLink(raw('client_nonce')))).toBe(v['chain_prev']);
    const draws = new Draws(round);
    const values = (v['bounds'] as (number | bigint)[]).map((bound) => draws.below(whole('stream'), BigInt(bound)));
    expect(values).toEqual((v['values'] as (number | bigint)[]).map(BigInt));
    const shuffled = Array.from({ length: Number(v['shuffle_n']) }, (_, at) => at);
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const j = Number(draws.below(whole('stream'), BigInt(i + 1)));
      [shuffled[i], shuffled[j]] = [shuffled[j] as number, shuffled[i] as number];
    }
    expect(shuffled).toEqual(v['shuffle']);
    const link = entryLink({
      leaseId: raw('lease_id'), deal: whole('round'), bet, draws: raw('draws'), outcome: raw('outcome'), stake: whole('stake'),
      win: whole('win'), playedMs: whole('played_ms'), edge: raw('edge'), prev: raw('prev'),
    });
    expect(toHex(link)).toBe(v['link']);
    expect(toHex(blind(key, whole('round')))).toBe(v['blind']);
    expect(toHex(logEntry(blind(key, whole('round')), link))).toBe(v['log_entry']);
    expect(toHex(leafHash(logEntry(blind(key, whole('round')), link)))).toBe(v['leaf_hash']);
  });
});

describe('the client', () => {
  const text = readFileSync(new URL('../../../../../crates/wire/fixtures/v1/server-opened.json', import.meta.url), 'utf8');
  const opened = decodeServerFrame(text).body;
  if (opened.kind !== 'opened') throw new Error('no opened frame');
  const terms = opened.value.terms;

  it('computes the fixture’s opening hash', () => {
    expect(openingFault(openingFields(terms.opening))).toBeNull();
    expect(toHex(openingHash(openingFields(terms.opening)))).toBe(terms.open);
  });

  it('walks its hash chain from the seed to its end', () => {
    const chain = chainFrom(bytes(9), 5);
    let before = chain.seed;
    for (let deal = 1n; deal <= 5n; deal += 1n) {
      expect(equal(previousLink(chain.nonce(deal)), before)).toBe(true);
      before = chain.nonce(deal);
    }
    expect(equal(before, bytes(9))).toBe(true);
    expect(() => chain.nonce(6n)).toThrow(RangeError);
    expect(() => chain.nonce(0n)).toThrow(RangeError);
  });

  it('signs openings and intents so that they verify, and only as they stand', () => {
    const key = sessionKey(bytes(7));
    const { lease, commit: C, player_tag, issued_ms, expires_ms, max_rounds } = terms.opening;
    const offer = { lease, commit: C, player_tag, issued_ms, expires_ms, max_rounds, offer_ms: issued_ms, signature: '' };
    const request = openRequest(offer, bytes(7, 16), 1, key);
    expect(verifies(key.publicHex, fromHex(terms.open), request.signature)).toBe(true);
    const intent = signIntent({
      lease, deal: 1n, game: toHex(bytes(1)), params: toHex(bytes(2)), currency: 'EUR', stake_minor: 100n,
      payload: '{"bets":[[17,"100"]]}', client_nonce: toHex(zeros32()),
    }, fromHex(terms.open), key);
    const message = intentMessage(fromHex(terms.open), intentBetHash(intent));
    expect(verifies(key.publicHex, message, intent.signature)).toBe(true);
    const dearer = intentMessage(fromHex(terms.open), intentBetHash({ ...intent, stake_minor: 101n }));
    expect(verifies(key.publicHex, dearer, intent.signature)).toBe(false);
    expect(verifies('00', message, intent.signature)).toBe(false);
  });

  it('lays a receipt out in 88 bytes', () => {
    expect(bindMessage(bytes(1), bytes(2), 3n).length).toBe(88);
  });
});
