// What every game's page needs of the session: whether a bet can be made now, and each result once.

import type { DealResult } from '../lib/protocol/frames';
import type { PinnedGame } from '../lib/protocol/lease';
import { session } from '../lib/session/session.svelte';

export interface GameProps {
  /** The game as the lease pins it; null while there is no lease. */
  game: PinnedGame | null;
  /** Its canonical configuration. */
  config: string;
}

/** True while a bet is on its way or what was missed is being told. */
export function busy(): boolean {
  const { pending, resuming, phase } = session.state;
  return pending !== null || resuming !== null || (phase !== 'live' && pending !== null);
}

export function canBet(game: PinnedGame | null): boolean {
  const { lease, phase } = session.state;
  return game !== null && lease !== null && phase === 'live' && !busy();
}

/** The most that one deal may stake: the table's limit, or what is on it. */
export function mostStake(): bigint {
  const { lease } = session.state;
  if (!lease) return 0n;
  const { max_stake_minor } = lease.terms.limits;
  return lease.in_play_minor < max_stake_minor ? lease.in_play_minor : max_stake_minor;
}

export const reducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Calls `show` once for each new result of the game, live or not. Call while the component is set up. */
export function onResult(digest: () => string | undefined, show: (result: DealResult, live: boolean) => void): void {
  let last: DealResult | null = null;
  $effect(() => {
    const shown = session.state.shown;
    const wanted = digest();
    if (!shown || shown.result === last || shown.game === null || shown.game !== wanted) return;
    last = shown.result;
    show(shown.result, shown.live);
  });
}
