// One turn of the state machine: a draft of the next state and what is to be done. Handlers replace fields of the draft.

import type { ClientBody, DealResult } from '../protocol/frames';
import { limits, type Effect, type Notice, type SessionState, type Timer } from './state';

export class Turn {
  readonly effects: Effect[] = [];
  constructor(public s: SessionState) {
    this.s = { ...s };
  }

  do(effect: Effect): void {
    this.effects.push(effect);
  }

  timer(timer: Timer, ms: number): void {
    this.do({ kind: 'timer', timer, ms });
  }

  cancel(...timers: Timer[]): void {
    timers.forEach((timer) => this.do({ kind: 'cancel', timer }));
  }

  ref(): number {
    const ref = this.s.nextRef;
    this.s.nextRef = ref >= 0xffffffff ? 1 : ref + 1;
    return ref;
  }

  send(body: Exclude<ClientBody, { kind: 'hello' }>): number {
    const ref = this.ref();
    this.do({ kind: 'send', ref, body });
    return ref;
  }

  tell(notice: Omit<Notice, 'id'>): void {
    const id = this.s.nextNotice;
    this.s.nextNotice = id + 1;
    this.s.notices = [...this.s.notices, { id, ...notice }].slice(-limits.notices);
  }
}

/** What a deal gave back: its win, and a refund if it is void. */
export function backMinor(result: DealResult): bigint {
  return result.win_minor + (result.void?.refund_minor ?? 0n);
}

export function add(sums: Record<string, bigint>, currency: string, minor: bigint): Record<string, bigint> {
  return { ...sums, [currency]: (sums[currency] ?? 0n) + minor };
}
