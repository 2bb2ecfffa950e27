// A round as far as this browser knows it: its deals in order. Pages show nothing but what the events of these say.

import type { Json } from '../lib/json';
import { any, list, minor, object, optional, str, u64, type Typed } from '../lib/protocol/codec';
import type { ShownEvent } from '../lib/protocol/frames';

export interface Step {
  lease: string;
  deal: bigint;
  stakeMinor: bigint;
  backMinor: bigint;
  finished: boolean;
  events: ShownEvent[];
}

/** The open round as it is kept over a reload, or until it is carried to another table. */
export const keptRound = object({
  game: str,
  lease: str,
  steps: list(object({ deal: u64, stake_minor: minor, back_minor: minor, events: list(object({ name: str, data: optional(any) })) })),
});

export interface Standing {
  /** Digest of the game. */
  game: string;
  lease: string;
  nextDeal: bigint;
  open: boolean;
  /** Deals of a round that came from an earlier table; null when none did. */
  carriedDeals: number | null;
}

export interface Told extends Step {
  game: string | null;
}

/** True for the deal that begins a round. */
export type Opens = (step: Step) => boolean;

export const staked: Opens = ({ stakeMinor }) => stakeMinor > 0n;

export function keep(game: string, steps: Step[]): Json | undefined {
  const lease = steps.at(-1)?.lease ?? '';
  const kept: Typed<typeof keptRound> = { game, lease, steps: steps.map(({ deal, stakeMinor, backMinor, events }) => ({ deal, stake_minor: stakeMinor, back_minor: backMinor, events })) };
  return keptRound.encode(kept);
}

export function readKept(json: Json): { game: string; lease: string; steps: Step[] } {
  const { game, lease, steps } = keptRound.decode(json, 'round');
  return { game, lease, steps: steps.map(({ deal, stake_minor, back_minor, events }) => ({ lease, deal, stakeMinor: stake_minor, backMinor: back_minor, finished: false, events: events.map(({ name, data }) => ({ name, data: data ?? null })) })) };
}

/**
 * The newest round of the game, oldest deal first: from what was told since the page was opened (newest first), and before that
 * from what was kept. A gap ends it: then its earlier deals are not known.
 */
export function trail(told: Told[], kept: ReturnType<typeof readKept> | null, at: Standing, opens: Opens): Step[] {
  const steps: Step[] = [];
  const before = new Map<bigint, Step>();
  if (kept?.game === at.game && at.open && kept.lease === at.lease) kept.steps.forEach((step) => before.set(step.deal, step));
  const known = new Map(told.filter(({ lease, game }) => lease === at.lease && game === at.game).map((step) => [step.deal, step as Step]));
  for (let deal = at.nextDeal - 1n; ; deal -= 1n) {
    const step = known.get(deal) ?? before.get(deal);
    if (!step || (step.finished && steps.length > 0)) break;
    steps.unshift(step);
    if (opens(step)) return steps;
  }
  const first = steps[0]?.deal ?? at.nextDeal;
  const carried = at.open && kept !== null && kept.game === at.game && kept.lease !== at.lease && at.carriedDeals === kept.steps.length && first === 1n;
  return carried ? [...kept.steps, ...steps] : steps;
}
