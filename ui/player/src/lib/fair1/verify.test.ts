import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import type { ReceiptRecord } from '../session/receipts';
import { betHash, bindMessage, intentMessage } from './bet';
import type { Bundle, Commitments } from './bundle';
import { ascii, padded, toHex, zeros32 } from './bytes';
import { chainFrom } from './chain';
import { Draws, drawsDigest } from './draws';
import { entryLink, leaseKey, roundKey } from './keys';
import { commit, offerMessage, openingFields, openingHash } from './opening';
import { sessionKey } from './sign';
import { STEPS, verify, type Evidence } from './verify';

const fill = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);
const lease = '01010101-0101-0101-0101-010101010101';
const [core, dealer] = [fill(21), fill(22)];
const sign = (secret: Uint8Array, message: Uint8Array): string => toHex(ed25519.sign(message, secret));

/** A lease of three deals, made by hand as the core and the dealer make it. */
function evidence(): Evidence {
  const seed = fill(5);
  const chain = chainFrom(fill(8), 9);
  const me = sessionKey(fill(7));
  const opening = {
    lease, commit: toHex(commit(seed)), player_tag: toHex(fill(6)), client_seed: toHex(chain.seed), client_mode: 2, beacon_kind: 0,
    beacon_round: 0n, beacon_value: toHex(zeros32()), issued_ms: 1000n, expires_ms: 9000n, max_rounds: 9,
  };
  const O = openingHash(openingFields(opening));
  const key = leaseKey(seed, O);
  const receipts: ReceiptRecord[] = [];
  const rounds: Bundle['rounds'] = [];
  let prev = O;
  for (const round of [1n, 2n, 3n]) {
    const nonce = chain.nonce(round);
    const payload = ascii(`{"bets":[[${round},"100"]]}`);
    const bet = betHash({ deal: round, game: fill(2), params: fill(3), currency: padded('EUR', 8), stake: 100n, payload, nonce });
    const from = new Draws(roundKey(key, round, fill(2), fill(3), nonce));
    const draws = [37n, (1n << 63n) + 1n].map((bound) => ({ stream: 0n, bound, value: from.below(0n, bound) }));
    const playedMs = 1000n * round;
    prev = entryLink({ leaseId: fill(1, 16), deal: round, bet, draws: drawsDigest(draws), outcome: fill(9), stake: 100n, win: 36n, playedMs, edge: fill(1, 16), prev });
    rounds.push({
      round, game: toHex(fill(2)), params: toHex(fill(3)), currency: toHex(padded('EUR', 8)), stake: 100n, payload: toHex(payload),
      client_nonce: toHex(nonce), outcome: toHex(fill(9)), win: 36n, played_ms: playedMs, edge: toHex(fill(1, 16)), draws, link: toHex(prev), proof: null,
    });
    receipts.push({
      lease, deal: round, bet: toHex(bet), played_ms: playedMs, dealer_signature: sign(dealer, bindMessage(O, bet, playedMs)),
      own_signature: me.sign(intentMessage(O, bet)), link: toHex(prev), game: 'roulette',
    });
  }
  const { lease: _lease, player_tag, ...others } = opening;
  const bundle: Bundle = {
    spec: 'fair1', open: { lease_id: toHex(fill(1, 16)), player: player_tag, ...others }, seed: toHex(seed), rounds,
    close: { rounds: 3n, last_link: toHex(prev) }, vkeys: [],
  };
  const { issued_ms, expires_ms, max_rounds } = opening;
  const offer = { lease, commit: opening.commit, offer_ms: 1n, player_tag, issued_ms, expires_ms, max_rounds, signature: sign(core, offerMessage(fill(1, 16), commit(seed), 1n)) };
  const commitments: Commitments = {
    lease, state: 'settled', commit: opening.commit, core_key: sessionKey(core).publicHex, offer,
    opening: {
      fields: opening, open: toHex(O), client_key: { alg: 'ed25519', public: me.publicHex }, client_signature: me.sign(O),
      core_signature: sign(core, O), dealer: 'dealer-west', dealer_key: sessionKey(dealer).publicHex,
    },
  };
  return { bundle, commitments, ownSeed: chain.seed, ownKey: me.publicHex, receipts };
}

const broken = (of: Evidence): string[] => [...verify(of)].filter(({ faults }) => faults.length > 0).map(({ name }) => name);
const other = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`;

describe('a lease that is as it should be', () => {
  it('passes every step, in order', () => {
    const steps = [...verify(evidence())];
    expect(steps.map(({ name }) => name)).toEqual([...STEPS]);
    expect(steps.flatMap(({ faults }) => faults)).toEqual([]);
    expect(steps.find(({ name }) => name === 'bets')?.note?.values).toEqual({ checked: 3, missing: 0 });
  });

  it('passes without what this browser kept, and says so', () => {
    const steps = [...verify({ ...evidence(), ownSeed: null, ownKey: null, receipts: [] })];
    expect(steps.flatMap(({ faults }) => faults)).toEqual([]);
    expect(steps.find(({ name }) => name === 'bets')?.note?.values).toEqual({ checked: 0, missing: 3 });
  });
});

describe('a lease in which something was changed', () => {
  const changes: [string, string, (of: Evidence) => void][] = [
    ['the seed', 'commit', ({ bundle }) => (bundle.seed = toHex(fill(6)))],
    ['the opening’s time', 'opening', ({ bundle }) => (bundle.open.expires_ms += 1n)],
    ['the client seed', 'own_seed', ({ bundle }) => (bundle.open.client_seed = toHex(fill(4)))],
    ['the core’s signature', 'signatures', ({ commitments }) => (commitments.offer.signature = other(commitments.offer.signature))],
    ['the session key', 'signatures', ({ commitments }) => ((commitments.opening as NonNullable<Commitments['opening']>).client_key.public = sessionKey(fill(33)).publicHex)],
    ['a deal’s number', 'numbers', ({ bundle }) => ((bundle.rounds[1] as Bundle['rounds'][number]).round = 5n)],
    ['a nonce', 'chain', ({ bundle }) => ((bundle.rounds[1] as Bundle['rounds'][number]).client_nonce = toHex(fill(1)))],
    ['a stake', 'bets', ({ bundle }) => ((bundle.rounds[0] as Bundle['rounds'][number]).stake = 99n)],
    ['a draw', 'draws', ({ bundle }) => (((bundle.rounds[2] as Bundle['rounds'][number]).draws[0] as { value: bigint }).value ^= 1n)],
    ['a win', 'links', ({ bundle }) => ((bundle.rounds[2] as Bundle['rounds'][number]).win = 0n)],
    ['a receipt’s signature', 'bets', ({ receipts }) => { const first = receipts[0] as ReceiptRecord; first.dealer_signature = other(first.dealer_signature); }],
    ['the link that was told', 'links', ({ receipts }) => ((receipts[0] as ReceiptRecord).link = toHex(fill(1)))],
    ['the closing’s count', 'close', ({ bundle }) => (bundle.close.rounds = 2n)],
  ];
  it.each(changes)('%s fails at %s', (_, step, change) => {
    const changed = evidence();
    change(changed);
    expect(broken(changed)).toContain(step);
  });

  it('by leaving the last deal out fails by the receipt of it', () => {
    const cut = evidence();
    cut.bundle.rounds.pop();
    cut.bundle.close = { rounds: 2n, last_link: (cut.bundle.rounds[1] as Bundle['rounds'][number]).link };
    expect(broken(cut)).toEqual(['bets']);
  });
});

