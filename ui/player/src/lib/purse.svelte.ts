// What the always visible figures say: the currency in use, free money, money in play, the net position and the time.

import { session } from './session/session.svelte';

class Purse {
  now = $state(Date.now());

  constructor() {
    setInterval(() => (this.now = Date.now()), 1000);
  }

  /** The lease's currency, else the one with the most money, else euros. */
  get currency(): string {
    const { lease, available } = session.state;
    if (lease) return lease.terms.currency;
    const [richest] = Object.entries(available).sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
    return richest && richest[1] > 0n ? richest[0] : 'EUR';
  }

  get available(): bigint {
    return session.state.available[this.currency] ?? 0n;
  }

  /** On the table, and in tables that are still being settled. */
  get inPlay(): bigint {
    const settling = Object.values(session.state.settling).filter(({ currency }) => currency === this.currency);
    return settling.reduce((sum, { minor }) => sum + minor, session.state.lease?.in_play_minor ?? 0n);
  }

  get net(): bigint {
    return session.state.net[this.currency] ?? 0n;
  }

  /** `h:mm:ss` since the log-in. */
  get clock(): string {
    const since = Number(session.account?.since ?? this.now);
    const seconds = Math.max(0, Math.floor((this.now - since) / 1000));
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
}

export const purse = new Purse();
