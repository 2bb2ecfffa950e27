// The thin shell around reduce.ts: the socket, the timers, the clock, the storage, the signing key. It carries out what the
// state machine asks for and tells it what happened.

import { balances as balancesCodec, read } from '../api/http';
import { findEdges } from '../config';
import { writeJson } from '../json';
import { cursor as cursorCodec, decodeServerFrame, encodeClientFrame, type ClientBody } from '../protocol/frames';
import { payload as payloadCodec, signedIntent, type Payload } from '../protocol/lease';
import { fallback, list, minor, object, optional, str, type Typed } from '../protocol/codec';
import { load, save } from '../store';
import { currentAccount, goodToken, logOut, renewTokens, type Kept } from './account';
import { backToTable, measure } from './edges';
import { keepReceipts, receiptsOf, type ReceiptRecord } from './receipts';
import { reduce } from './reduce';
import { keepSecret, secretsOf } from './secrets';
import type { Hand } from './hand';
import { initial, type Effect, type Input, type SessionState, type Timer } from './state';
import { Tabs } from './tabs';

const progress = object({
  cursor: optional(cursorCodec),
  session: str,
  net: fallback(list(object({ currency: str, minor })), []),
  roundGame: optional(str),
  pending: optional(object({ intent: signedIntent, bet: str, atMs: str })),
});
/** A bet that was under way when the page was reloaded is sent again within this time; later it is let go unless it was bound. */
const PENDING_MS = 60_000;
const BALANCES_MS = 150;
const RENEW_LOOK_MS = 15_000;
const ACCOUNT = 'house.account';

class Session {
  state = $state.raw<SessionState>(initial);
  account = $state.raw<Kept | null>(null);
  /** The receipts of this browser, newest first. */
  receipts = $state.raw<ReceiptRecord[]>([]);
  private socket: WebSocket | null = null;
  private readonly timers = new Map<Timer, ReturnType<typeof setTimeout>>();
  private hand: Hand | null = null;
  /** Signing and hashing: fetched with the first table, so that the lobby comes without it. */
  private signing: typeof import('./hand') | null = null;
  private balancesAt: ReturnType<typeof setTimeout> | null = null;
  private saved = '';
  private queue: Input[] = [];
  private busy = false;
  private readonly tabs = new Tabs({ onHeld: () => void this.go(), onLost: () => this.standAside() });

  /** Begins with the account that is kept, if there is one. */
  begin(): void {
    addEventListener('online', () => this.tell({ kind: 'wake' }));
    addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.tell({ kind: 'wake' }));
    addEventListener('storage', ({ key }) => key === ACCOUNT && this.followAccount());
    setInterval(() => void this.renewInTime(), RENEW_LOOK_MS);
    const who = currentAccount();
    if (who) this.enter(who);
  }

  /** Another tab has logged in or out. */
  private followAccount(): void {
    const who = currentAccount();
    if (!who && this.account) {
      this.tell({ kind: 'sign_out' });
      this.state = initial;
    } else if (who && !this.account) {
      this.enter(who);
    }
  }

  /** Tokens are renewed before they end, also while nothing is asked over HTTP. */
  private async renewInTime(): Promise<void> {
    if (!this.account || !this.tabs.holds) return;
    const token = await this.token().catch(() => '');
    if (token === null) this.tell({ kind: 'sign_out' });
  }

  /** Somebody has logged in. */
  enter(who: Kept): void {
    this.account = who;
    this.pickUp(who);
    this.tabs.ask();
  }

  /** Begins from what is kept: another tab may have played on since this one last did. */
  private pickUp(who: Kept): void {
    const { connection, nextRef, nextNotice, edges } = this.state;
    this.receipts = receiptsOf(who.player);
    const own = secretsOf(who.player).map(({ lease }) => lease);
    this.state = { ...initial, connection, nextRef, nextNotice, edges, ...this.restored(who), own };
  }

  async leaveHouse(): Promise<void> {
    this.tell({ kind: 'sign_out' });
    this.tabs.free();
    await logOut();
    this.account = null;
    this.state = initial;
  }

  /** Takes the table over from another tab or another browser. */
  takeOver(): void {
    this.tabs.take();
  }

  private standAside(): void {
    this.tell({ kind: 'park', why: 'other_tab' });
    this.readBalances();
  }

  async token(): Promise<string | null> {
    return goodToken(this.tabs.holds);
  }

  /** Fetches what a table needs beyond the lobby. */
  async prepare(): Promise<void> {
    this.signing ??= await import('./hand');
  }

  /** Signs and sends the next deal's bet; false when none can be made now. */
  bet(digest: string, payload: Payload, stake: bigint): boolean {
    const { lease, pending, resuming } = this.state;
    const game = lease?.terms.games.find((each) => each.digest === digest);
    if (!lease || !game || pending || resuming) return false;
    const hand = this.handFor(lease.terms.opening.lease);
    if (!hand || !this.signing) return false;
    const { intent, bet } = this.signing.signedBet(hand, lease, game, writeJson(payloadCodec.encode(payload)), stake);
    this.tell({ kind: 'play', intent, bet });
    return true;
  }

  tell(input: Input): void {
    this.queue.push(input);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) this.turn(next);
    this.busy = false;
  }

  private turn(input: Input): void {
    const before = this.state;
    if (input.kind === 'frame') this.keepReceipt(input, before);
    const { state, effects } = reduce(before, input);
    this.state = state;
    this.keep();
    effects.forEach((effect) => this.carryOut(effect));
    if (before.phase !== 'signed_out' && state.phase === 'signed_out') this.account = null;
  }

  /** This tab may play: finds the nearest edge and connects. */
  private async go(): Promise<void> {
    if (!this.account) return;
    this.pickUp(this.account);
    if (this.state.edges.length > 0) return this.tell({ kind: 'resume_here' });
    for (let tries = 0; ; tries += 1) {
      try {
        const edges = backToTable(await measure(await findEdges()), this.state.cursor?.lease ? load('edge', String) : null);
        return this.tell({ kind: 'start', edges });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** tries, 8000)));
      }
      if (!this.account || !this.tabs.holds) return;
    }
  }

  private carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'connect':
        return this.open(effect.connection, effect.url);
      case 'disconnect':
        return this.hangUp();
      case 'hello':
        return void this.greet(effect);
      case 'send':
        return this.send(effect.ref, effect.body);
      case 'timer':
        return this.setTimer(effect.timer, effect.ms);
      case 'cancel':
        clearTimeout(this.timers.get(effect.timer));
        this.timers.delete(effect.timer);
        return;
      case 'refresh_token':
        return void this.renew();
      case 'read_balances':
        return this.readBalances();
      case 'sign_opening':
        return void this.signOpening(effect);
    }
  }

  private open(connection: number, url: string): void {
    this.hangUp();
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => this.tell({ kind: 'socket_open', connection });
    socket.onclose = ({ code }) => this.tell({ kind: 'socket_closed', connection, code });
    socket.onmessage = ({ data }) => {
      try {
        const frame = decodeServerFrame(String(data));
        this.tell({ kind: 'frame', connection, frame, nowMs: performance.now() });
      } catch {
        // A frame that can't be read leaves a gap: only a resume closes it.
        this.tell({ kind: 'socket_closed', connection, code: 1003 });
      }
    };
  }

  private hangUp(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
  }

  private async greet({ ref, cursor }: Extract<Effect, { kind: 'hello' }>): Promise<void> {
    const connection = this.state.connection;
    const token = await this.token().catch(() => currentAccount()?.access ?? null);
    if (connection !== this.state.connection) return;
    if (token === null) return this.tell({ kind: 'sign_out' });
    this.send(ref, { kind: 'hello', value: { token, cursor } });
  }

  private send(ref: number, body: ClientBody): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encodeClientFrame({ ref, body }));
  }

  private setTimer(timer: Timer, ms: number): void {
    clearTimeout(this.timers.get(timer));
    this.timers.set(timer, setTimeout(() => this.tell({ kind: 'timer', timer, nowMs: performance.now() }), ms));
  }

  private async renew(): Promise<void> {
    try {
      this.tell({ kind: 'token', ok: (await renewTokens()) !== null });
    } catch {
      setTimeout(() => this.state.phase === 'renewing' && void this.renew(), 1000);
    }
  }

  /** Soon, and once for many events: the ledger's own figures are shown, never sums made here. */
  readBalances(): void {
    if (this.balancesAt !== null) return;
    this.balancesAt = setTimeout(() => {
      this.balancesAt = null;
      void this.balancesNow();
    }, BALANCES_MS);
  }

  async balancesNow(): Promise<void> {
    const token = await this.token().catch(() => null);
    if (token === null) return;
    const found = await read(balancesCodec, { path: '/balances', token }).catch(() => null);
    if (found) this.tell({ kind: 'balances', balances: found.balances });
  }

  private async signOpening({ offer, seat }: Extract<Effect, { kind: 'sign_opening' }>): Promise<void> {
    const player = this.account?.player;
    await this.prepare();
    if (player === undefined || !this.signing) return;
    const secret = this.signing.freshSecret(offer.lease, seat.ownSeed, offer.max_rounds);
    keepSecret(player, secret);
    this.hand = this.signing.handOf(secret);
    this.tell({ kind: 'signed_opening', request: this.signing.opened(this.hand, offer) });
  }

  private handFor(lease: string): Hand | null {
    if (this.hand?.lease === lease) return this.hand;
    const secret = this.account ? secretsOf(this.account.player).find((each) => each.lease === lease) : undefined;
    this.hand = secret && this.signing ? this.signing.handOf(secret) : null;
    return this.hand;
  }

  private keepReceipt({ frame }: Extract<Input, { kind: 'frame' }>, before: SessionState): void {
    if (frame.body.kind !== 'result' || !this.account) return;
    const { lease, deal, receipt, link } = frame.body.value;
    if (this.receipts.some((each) => each.lease === lease && each.deal === deal)) return;
    const intent = before.pending?.intent;
    const own = intent?.lease === lease && intent.deal === deal ? intent : null;
    const record: ReceiptRecord = {
      lease,
      deal,
      bet: own && before.pending ? before.pending.bet : receipt.bet,
      played_ms: receipt.played_ms,
      dealer_signature: receipt.signature,
      own_signature: own?.signature ?? null,
      link,
      game: before.lease?.terms.games.find(({ digest }) => digest === own?.game)?.game ?? null,
    };
    this.receipts = [record, ...this.receipts];
    keepReceipts(this.account.player, this.receipts);
  }

  private keep(): void {
    const { cursor, net, roundGame, pending } = this.state;
    if (!this.account) return;
    const kept: Typed<typeof progress> = {
      cursor,
      session: this.account.session,
      net: Object.entries(net).map(([currency, sum]) => ({ currency, minor: sum })),
      roundGame,
      pending: pending ? { intent: pending.intent, bet: pending.bet, atMs: String(Date.now()) } : null,
    };
    // The time of the bet is when it was first made, so it does not count as a change.
    const mark = writeJson({ ...(progress.encode({ ...kept, pending: null }) as object), bet: pending?.bet ?? null });
    if (mark === this.saved) return;
    this.saved = mark;
    const edge = this.state.edges[this.state.at];
    if (this.state.lease && edge) save('edge', edge.name);
    save(`progress.${this.account.player}`, progress.encode(kept));
  }

  private restored(who: Kept): Partial<SessionState> {
    const found = load(`progress.${who.player}`, (json) => progress.decode(json, 'progress'));
    if (!found?.cursor) return {};
    const { cursor, pending } = found;
    const young = pending !== null && Date.now() - Number(pending.atMs) < PENDING_MS;
    return {
      cursor,
      known: cursor.lease === null ? {} : { [cursor.lease]: cursor.deal },
      net: found.session === who.session ? Object.fromEntries(found.net.map((each) => [each.currency, each.minor])) : {},
      roundGame: found.roundGame,
      pending: young ? { intent: pending.intent, bet: pending.bet, ref: null, tries: 0 } : null,
    };
  }
}

export const session = new Session();
