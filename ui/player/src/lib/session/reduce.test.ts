import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeServerFrame, type OpenedLease, type ServerBody, type ServerFrame } from '../protocol/frames';
import type { SignedIntent } from '../protocol/lease';
import { reduce } from './reduce';
import { initial, limits, type Effect, type Input, type SessionState } from './state';

const fixture = (name: string): ServerFrame =>
  decodeServerFrame(readFileSync(new URL(`../../../../../crates/wire/fixtures/v1/server-${name}.json`, import.meta.url), 'utf8'));

type Body<K> = Extract<ServerBody, { kind: K }>;

function of<K extends ServerBody['kind']>(name: string, kind: K): Body<K>['value'] {
  const { body } = fixture(name);
  if (body.kind !== kind) throw new Error(`${name} is no ${kind}`);
  return (body as unknown as Body<K>).value as Body<K>['value'];
}

const opened: OpenedLease = of('opened', 'opened');
const lease = opened.terms.opening.lease;
const game = opened.terms.games[0] as OpenedLease['terms']['games'][number];
const seat = { currency: 'EUR', escrowMinor: 20000n, strict: false, ownSeed: null };
const edges = [{ name: 'west-1', url: 'ws://west', rttMs: 3 }, { name: 'east-1', url: 'ws://east', rttMs: 9 }];

/** Drives the machine, and keeps what it asked for. */
class Driver {
  s: SessionState = { ...initial, own: [lease] };
  done: Effect[] = [];
  in(input: Input): this {
    const { state, effects } = reduce(this.s, input);
    this.s = state;
    this.done = effects;
    return this;
  }
  frame(body: ServerBody, re: number | null = null, deal = 7n): this {
    const frame: ServerFrame = { re, trace: null, cursor: { lease, deal, core_seq: 3n }, body };
    return this.in({ kind: 'frame', connection: this.s.connection, frame, nowMs: 10 });
  }
  timer(timer: Extract<Input, { kind: 'timer' }>['timer']): this {
    return this.in({ kind: 'timer', timer, nowMs: 10 });
  }
  close(code = 1006): this {
    return this.in({ kind: 'socket_closed', connection: this.s.connection, code });
  }
  welcome(with_: OpenedLease | null, edge = 'west-1'): this {
    this.in({ kind: 'socket_open', connection: this.s.connection });
    const welcome = { ...of('welcome', 'welcome'), lease: with_, left_behind: null, edge, wallet: [{ currency: 'EUR', available_minor: 50000n, in_play_minor: 0n }] };
    return this.frame({ kind: 'welcome', value: welcome }, this.s.helloRef);
  }
  sent(kind: string): Extract<Effect, { kind: 'send' }> | undefined {
    return this.done.find((effect) => effect.kind === 'send' && effect.body.kind === kind) as Extract<Effect, { kind: 'send' }> | undefined;
  }
  bet(deal: bigint): this {
    const intent: SignedIntent = {
      lease, deal, game: game.digest, params: game.params, currency: 'EUR', stake_minor: 100n, payload: '{"bets":[[17,"100"]]}',
      client_nonce: '00'.repeat(32), signature: '00'.repeat(64),
    };
    return this.in({ kind: 'play', intent, bet: `bet ${deal}` });
  }
  win(deal: bigint, win: bigint, re: number | null = null): this {
    const value = { ...of('result', 'result'), deal, stake_minor: 100n, win_minor: win };
    return this.frame({ kind: 'result', value }, re, deal);
  }
  kinds(): string[] {
    return this.s.notices.map((notice) => notice.kind);
  }
}

let d: Driver;
beforeEach(() => {
  d = new Driver().in({ kind: 'start', edges }).welcome(opened);
});

describe('a connection', () => {
  it('greets without a cursor first and with the last one after a loss', () => {
    const fresh = new Driver().in({ kind: 'start', edges });
    expect(fresh.done).toContainEqual({ kind: 'connect', connection: 1, url: 'ws://west' });
    fresh.in({ kind: 'socket_open', connection: 1 });
    expect(fresh.done.find(({ kind }) => kind === 'hello')).toMatchObject({ cursor: null });
    d.win(8n, 0n).close().timer('retry').in({ kind: 'socket_open', connection: d.s.connection });
    expect(d.done.find(({ kind }) => kind === 'hello')).toMatchObject({ cursor: { lease, deal: 8n, core_seq: 3n } });
  });

  it('is tried again at the same edge once, then at the next, ever slower', () => {
    d.close();
    expect(d.done).toContainEqual({ kind: 'timer', timer: 'retry', ms: limits.backoffMs[0] });
    expect(d.timer('retry').done).toContainEqual(expect.objectContaining({ kind: 'connect', url: 'ws://west' }));
    d.close();
    expect(d.done).toContainEqual({ kind: 'timer', timer: 'retry', ms: limits.backoffMs[1] });
    expect(d.timer('retry').done).toContainEqual(expect.objectContaining({ kind: 'connect', url: 'ws://east' }));
    for (let i = 0; i < 20; i += 1) d.close().timer('retry');
    d.close();
    expect(d.done).toContainEqual({ kind: 'timer', timer: 'retry', ms: limits.backoffMs.at(-1) });
  });

  it('that is old is not listened to', () => {
    const before = d.s;
    d.in({ kind: 'socket_closed', connection: before.connection - 1, code: 1006 });
    expect(d.s.phase).toBe('live');
    d.in({ kind: 'frame', connection: before.connection - 1, frame: fixture('resync'), nowMs: 1 });
    expect(d.s.cursor).toEqual(before.cursor);
  });

  it('renews its token when it is told to, and signs out when that fails', () => {
    d.close(4401);
    expect(d.done).toContainEqual({ kind: 'refresh_token' });
    expect(d.in({ kind: 'token', ok: true }).s.phase).toBe('connecting');
    d.close(4401).in({ kind: 'token', ok: false });
    expect(d.s.phase).toBe('signed_out');
  });

  it('that another took over stays away until it is asked back', () => {
    d.close(4409);
    expect([d.s.phase, d.s.parked]).toEqual(['parked', 'replaced']);
    expect(d.timer('retry').done).toEqual([]);
    expect(d.in({ kind: 'resume_here' }).s.phase).toBe('connecting');
  });

  it('goes to the edge that a draining one names', () => {
    d.frame({ kind: 'draining', value: { edges: [{ edge: 'north-1', region: 'north', url: 'ws://north' }] } });
    expect(d.done).toContainEqual({ kind: 'timer', timer: 'retry', ms: 0 });
    expect(d.timer('retry').done).toContainEqual(expect.objectContaining({ url: 'ws://north' }));
    d.welcome(opened, 'north-1');
    expect(d.kinds()).toEqual(['moved']);
  });

  it('is dropped when a ping stays unanswered', () => {
    expect(d.timer('pulse').sent('ping')).toBeDefined();
    expect(d.timer('silence').s.phase).toBe('waiting');
  });
});

describe('a bet', () => {
  it('is one, however often the button is pressed', () => {
    expect(d.bet(8n).sent('play')).toBeDefined();
    expect(d.bet(8n).sent('play')).toBeUndefined();
    expect(d.bet(9n).sent('play')).toBeUndefined();
  });

  it('is answered once: the money counts, the table follows', () => {
    d.bet(8n);
    d.win(8n, 3600n, d.s.pending?.ref ?? null);
    expect(d.s.pending).toBeNull();
    expect(d.s.net).toEqual({ EUR: 3500n });
    expect(d.s.lease?.next_deal).toBe(9n);
    expect(d.s.shown?.live).toBe(true);
    d.win(8n, 3600n);
    expect(d.s.net).toEqual({ EUR: 3500n });
    expect(d.kinds()).toEqual([]);
  });

  it('that arrived before the connection broke is told after it', () => {
    d.bet(8n).close().timer('retry').welcome({ ...opened, next_deal: 9n });
    expect(d.sent('play')).toBeUndefined();
    expect(d.s.resuming).not.toBeNull();
    d.win(8n, 420n);
    expect(d.s.notices).toMatchObject([{ kind: 'round_finished', amountMinor: 320n, currency: 'EUR' }]);
    expect([d.s.pending, d.s.resuming, d.s.shown?.live]).toEqual([null, null, false]);
  });

  it('that did not arrive is sent again, the very same', () => {
    d.bet(8n);
    const intent = d.s.pending?.intent;
    d.close().timer('retry').welcome(opened);
    expect(d.sent('play')?.body.value).toBe(intent);
    expect(d.kinds()).toEqual(['bet_sent_again']);
  });

  it.each(['too_soon', 'too_fast', 'unavailable', 'draining'])('refused as %s is sent again unchanged', (code) => {
    d.bet(8n);
    const first = d.s.pending;
    d.frame({ kind: 'refused', value: { code, detail: null } }, first?.ref ?? null);
    expect(d.done.some((effect) => effect.kind === 'timer' && effect.timer === 'resend')).toBe(true);
    expect(d.timer('resend').sent('play')?.body.value).toBe(first?.intent);
  });

  it('refused for good is over, and says why', () => {
    d.bet(8n);
    d.frame({ kind: 'refused', value: { code: 'stake_limit', detail: null } }, d.s.pending?.ref ?? null);
    expect(d.s.pending).toBeNull();
    expect(d.s.notices).toMatchObject([{ kind: 'refused', word: 'stake_limit' }]);
    expect(d.bet(8n).sent('play')).toBeDefined();
  });

  it('that clashes with what is bound already is resolved by resuming', () => {
    d.bet(8n);
    d.frame({ kind: 'refused', value: { code: 'deal_taken', detail: null } }, d.s.pending?.ref ?? null);
    expect(d.s.phase).toBe('waiting');
    d.timer('retry').welcome({ ...opened, next_deal: 9n }).win(8n, 0n);
    expect(d.s.pending).toBeNull();
    expect(d.s.net).toEqual({ EUR: -100n });
  });

  it('that was in flight when its lease was lost is found among the results or known not to be taken', () => {
    d.bet(8n).close().timer('retry').welcome(null);
    expect([d.s.lease, d.s.pending]).toEqual([null, null]);
    const other = new Driver();
    other.s = d.s;
    d.frame({ kind: 'closing', value: { lease, deals: 7n, reason: 'fenced' } });
    expect(d.kinds()).toContain('bet_not_taken');
    other.win(8n, 200n);
    expect(other.kinds()).toContain('round_finished');
    other.frame({ kind: 'closing', value: { lease, deals: 8n, reason: 'fenced' } });
    expect(other.kinds()).not.toContain('bet_not_taken');
  });

  it('without an answer breaks the connection, and is asked for again', () => {
    d.bet(8n).timer('answer');
    expect(d.s.phase).toBe('waiting');
    expect(d.s.pending?.ref).toBeNull();
  });
});

describe('a seat', () => {
  const seatless = (): Driver => new Driver().in({ kind: 'start', edges }).welcome(null);

  it('is an offer, a signature, an open lease', () => {
    const t = seatless().in({ kind: 'sit', seat });
    const asked = t.sent('offer');
    expect(asked?.body.value).toEqual({ currency: 'EUR', escrow_minor: 20000n, placement: 'regional' });
    const { commit, player_tag, issued_ms, expires_ms, max_rounds } = opened.terms.opening;
    t.frame({ kind: 'offer', value: { lease, commit, player_tag, issued_ms, expires_ms, max_rounds, offer_ms: 1n, signature: '' } }, asked?.ref ?? null);
    expect(t.done).toContainEqual(expect.objectContaining({ kind: 'sign_opening', seat }));
    t.in({ kind: 'signed_opening', request: { lease, client_seed: '', client_mode: 1, client_key: { alg: 'ed25519', public: '' }, signature: '' } });
    t.frame({ kind: 'opened', value: opened }, t.sent('open')?.ref ?? null);
    expect(t.s.lease?.terms.opening.lease).toBe(lease);
    expect(t.done).toContainEqual({ kind: 'read_balances' });
  });

  it('takes no more than there is', () => {
    const t = seatless().in({ kind: 'sit', seat: { ...seat, escrowMinor: 90000n } });
    expect(t.sent('offer')?.body.value).toMatchObject({ escrow_minor: 50000n });
  });

  it('is asked for again while an older lease is in the way, and given up in the end', () => {
    const t = seatless().in({ kind: 'sit', seat });
    for (let tries = 0; tries <= limits.seatTries; tries += 1) {
      const ref = t.s.opening && 'ref' in t.s.opening ? t.s.opening.ref : null;
      t.frame({ kind: 'refused', value: { code: 'lease_exists', detail: null } }, ref).timer('seat');
    }
    expect([t.s.seat, t.s.opening]).toEqual([null, null]);
    expect(t.kinds()).toEqual(['refused']);
  });

  it('is renewed when its time is over, and not when it was left', () => {
    d.frame({ kind: 'closing', value: { lease, deals: 7n, reason: 'expired' } });
    expect(d.s.settling[lease]).toEqual({ currency: 'EUR', minor: 23500n });
    expect(d.timer('seat').sent('offer')).toBeDefined();
    const left = new Driver().in({ kind: 'start', edges }).welcome(opened).in({ kind: 'leave' });
    expect(left.sent('close')).toBeDefined();
    left.frame({ kind: 'closing', value: { lease, deals: 7n, reason: 'asked' } }, left.s.closeRef);
    expect(left.timer('seat').sent('offer')).toBeUndefined();
  });

  it.each(['asked', 'fenced'] as const)('that was ended as %s while the player sits there is not taken again unasked', (reason) => {
    const event = { player: opened.terms.player, core_seq: 4n, at_ms: 1n, body: { kind: 'closed' as const, value: {
      lease, currency: 'EUR', returned_minor: 23500n, deals: 7n, reason, last_link: '00'.repeat(32), seed: '00'.repeat(32) } } };
    d.frame({ kind: 'wallet', value: event });
    expect(d.s.seat).toBeNull();
    expect(d.timer('seat').sent('offer')).toBeUndefined();
  });

  it('at an edge that the player has left is taken again when it is fenced', () => {
    d.close().timer('retry').welcome(null, 'east-1');
    expect(d.sent('offer')).toBeDefined();
    d.frame({ kind: 'closing', value: { lease, deals: 7n, reason: 'fenced' } });
    expect(d.s.seat).not.toBeNull();
  });

  it('of another browser is closed, and its money comes back', () => {
    const t = new Driver();
    t.s = { ...t.s, own: [] };
    t.in({ kind: 'start', edges }).welcome(opened);
    expect(t.s.lease).toBeNull();
    expect(t.sent('close')).toBeDefined();
    expect(t.kinds()).toEqual(['foreign_lease']);
  });

  it('that is settled gives its money back, and asks for deals that were not told', () => {
    const event = { player: opened.terms.player, core_seq: 4n, at_ms: 1n, body: { kind: 'closed' as const, value: {
      lease, currency: 'EUR', returned_minor: 23500n, deals: 9n, reason: 'fenced' as const, last_link: '00'.repeat(32), seed: '00'.repeat(32) } } };
    d.frame({ kind: 'wallet', value: event });
    expect([d.s.lease, d.s.settling]).toEqual([null, {}]);
    // The money itself is read from the ledger, for the event may be older than the balance that is known.
    expect(d.s.available['EUR']).toBe(50000n);
    expect(d.done).toContainEqual({ kind: 'read_balances' });
    expect(d.sent('catch_up')?.body.value).toEqual({ lease, after_deal: 7n });
  });
});

it('begins anew when what it missed is too old to be told', () => {
  d.bet(8n).close().timer('retry').welcome({ ...opened, next_deal: 40n });
  expect(d.s.resuming).not.toBeNull();
  d.frame({ kind: 'resync', value: { wallet: [{ currency: 'EUR', available_minor: 7n, in_play_minor: 0n }] } }, null, 39n);
  expect([d.s.resuming, d.s.pending, d.s.known[lease], d.s.available['EUR']]).toEqual([null, null, 39n, 7n]);
  expect(d.bet(40n).sent('play')).toBeDefined();
});

it('forgets a notice that was read', () => {
  d.frame({ kind: 'resync', value: { wallet: [] } });
  const [notice] = d.s.notices;
  expect(d.in({ kind: 'dismiss', notice: notice?.id ?? 0 }).s.notices).toEqual([]);
});
