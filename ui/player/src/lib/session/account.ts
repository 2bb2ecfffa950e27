// Who is logged in: tokens, renewed before they end. Only the tab that plays renews them, for a refresh token is good once.
// The time left is counted from the server's own clock, so a wrong clock here renews no sooner and no later.

import { account as codec, call, Problem, type Account } from '../api/http';
import { object, str, type Typed } from '../protocol/codec';
import { forget, load, save } from '../store';

const kept = object({ name: str, player: str, session: str, access: str, refresh: str, renewAt: str, since: str });
export type Kept = Typed<typeof kept>;
const KEY = 'account';
/** Tokens are renewed when this part of their time is over. */
const RENEW_AFTER = 0.7;

export function currentAccount(): Kept | null {
  return load(KEY, (json) => kept.decode(json, KEY));
}

export async function register(name: string, password: string): Promise<void> {
  await call({ method: 'POST', path: '/players', body: { name, password } });
}

export async function logIn(name: string, password: string): Promise<Kept> {
  const answer = await call({ method: 'POST', path: '/sessions', body: { name, password } });
  const tokens = codec.decode(answer.json, 'session');
  return keep(name, tokens, answer.serverMs, Date.now());
}

export async function logOut(): Promise<void> {
  const who = currentAccount();
  forget(KEY);
  if (who) await call({ method: 'DELETE', path: '/sessions', token: who.access }).catch(() => undefined);
}

function keep(name: string, tokens: Account, serverMs: number | null, since: number): Kept {
  const now = Date.now();
  const left = Number(tokens.access_expires_ms) - (serverMs ?? now);
  const next: Kept = {
    name,
    player: tokens.player,
    session: tokens.session,
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    renewAt: String(now + left * RENEW_AFTER),
    since: String(since),
  };
  save(KEY, kept.encode(next));
  return next;
}

let renewing: Promise<Kept | null> | null = null;

/** New tokens; null when the session is over, and the player has to log in. Concurrent calls share one renewal. */
export function renewTokens(): Promise<Kept | null> {
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<Kept | null> {
  const who = currentAccount();
  if (!who) return null;
  try {
    const answer = await call({ method: 'POST', path: '/sessions/refresh', body: { refresh_token: who.refresh } });
    return keep(who.name, codec.decode(answer.json, 'session'), answer.serverMs, Number(who.since));
  } catch (error) {
    if (error instanceof Problem && (error.retryable || error.status === 0)) throw error;
    forget(KEY);
    return null;
  }
}

/** A token that is good for a while, renewed if need be. */
export async function goodToken(mayRenew: boolean): Promise<string | null> {
  const who = currentAccount();
  if (!who || !mayRenew || Date.now() < Number(who.renewAt)) return who?.access ?? null;
  return (await renewTokens())?.access ?? null;
}
