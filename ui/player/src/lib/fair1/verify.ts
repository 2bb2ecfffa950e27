// The check of a closed lease, step by step (fairness.md section 8): all but the replay of the game's component.
//
// What the player's own browser kept, its seed and the dealer's receipts, is held against what the core shows: a core that
// rewrote the lease would need receipts that the dealer signed, and the player's own signature.

import type { ReceiptRecord } from '../session/receipts';
import { betHash, bindMessage, intentMessage } from './bet';
import type { Bundle, BundleDeal, Commitments } from './bundle';
import { equal, fromHex, toHex, zeros32 } from './bytes';
import { previousLink } from './chain';
import { Draws, drawsDigest } from './draws';
import { entryLink, leaseKey, roundKey } from './keys';
import { commit, MODE_CHAIN, offerMessage, openingFault, openingFields, openingHash, type OpeningFields } from './opening';
import { verifies } from './sign';

export const STEPS = ['commit', 'opening', 'own_seed', 'signatures', 'numbers', 'chain', 'bets', 'draws', 'links', 'close'] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  name: StepName;
  /** What does not agree, each in a few words; empty when all does. */
  faults: string[];
  /** For the reader: a message's name and its values, or plain values. */
  note?: { key: 'detail.receipts' | 'detail.draws' | 'detail.deals' | 'detail.not_here' | 'detail.static'; values: Record<string, number> };
  values?: [string, string][];
}

export interface Evidence {
  bundle: Bundle;
  commitments: Commitments;
  /** The client seed that this browser chose for the lease, if it was this one. */
  ownSeed: Uint8Array | null;
  /** The session key that this browser made for the lease. */
  ownKey: string | null;
  receipts: ReceiptRecord[];
}

/** The steps in the order of [`STEPS`], one at a time, so that a page can show each as it is done. */
export function* verify(evidence: Evidence): Generator<Step, void, void> {
  const { bundle } = evidence;
  const open = fieldsOf(bundle);
  const O = openingHash(open);
  const key = leaseKey(fromHex(bundle.seed), O);
  yield checkCommit(evidence);
  yield checkOpening(open, O, evidence);
  yield checkOwnSeed(evidence);
  yield checkSignatures(O, evidence);
  yield checkNumbers(evidence);
  yield checkChain(evidence);
  yield checkBets(O, evidence);
  yield checkDraws(key, evidence);
  yield* checkLinks(open, O, evidence);
}

function fieldsOf({ open }: Bundle): OpeningFields {
  return {
    leaseId: fromHex(open.lease_id),
    commit: fromHex(open.commit),
    player: fromHex(open.player),
    clientSeed: fromHex(open.client_seed),
    clientMode: open.client_mode,
    beaconKind: open.beacon_kind,
    beaconRound: open.beacon_round,
    beaconValue: fromHex(open.beacon_value),
    issuedMs: open.issued_ms,
    expiresMs: open.expires_ms,
    maxRounds: open.max_rounds,
  };
}

function checkCommit({ bundle, commitments }: Evidence): Step {
  const computed = toHex(commit(fromHex(bundle.seed)));
  const faults = [];
  if (bundle.spec !== 'fair1') faults.push(`the specification is ${bundle.spec}`);
  if (computed !== bundle.open.commit) faults.push('the seed is not the one committed to');
  if (commitments.offer.commit !== bundle.open.commit) faults.push('the offer has another commitment');
  return { name: 'commit', faults, values: [['S', bundle.seed], ['C', computed]] };
}

function checkOpening(open: OpeningFields, O: Uint8Array, { commitments }: Evidence): Step {
  const fault = openingFault(open);
  const faults = fault === null ? [] : [fault];
  if (commitments.opening === null) faults.push('the core shows no opening');
  else {
    if (commitments.opening.open !== toHex(O)) faults.push('the opening that was signed is another');
    if (!equal(openingHash(openingFields(commitments.opening.fields)), O)) faults.push('the opening’s fields are others');
  }
  return { name: 'opening', faults, values: [['O', toHex(O)]] };
}

function checkOwnSeed({ bundle, ownSeed }: Evidence): Step {
  if (ownSeed === null) return { name: 'own_seed', faults: [], note: { key: 'detail.not_here', values: {} } };
  const faults = toHex(ownSeed) === bundle.open.client_seed ? [] : ['another client seed than yours was used'];
  return { name: 'own_seed', faults, values: [['client seed', bundle.open.client_seed]] };
}

function checkSignatures(O: Uint8Array, { commitments, ownKey }: Evidence): Step {
  const { offer, opening, core_key } = commitments;
  const faults = [];
  const leaseId = fromHex(offer.lease.replaceAll('-', ''));
  if (!verifies(core_key, offerMessage(leaseId, fromHex(offer.commit), offer.offer_ms), offer.signature)) faults.push('the offer is not signed by the core');
  if (opening) {
    if (!verifies(core_key, O, opening.core_signature)) faults.push('the opening is not signed by the core');
    if (ownKey !== null && opening.client_key.public !== ownKey) faults.push('the opening names another session key than yours');
    if (opening.client_key.alg === 'ed25519' && !verifies(opening.client_key.public, O, opening.client_signature)) faults.push('the opening is not signed by you');
  }
  return { name: 'signatures', faults, values: [['core', core_key], ['you', opening?.client_key.public ?? '']] };
}

function checkNumbers({ bundle }: Evidence): Step {
  const { issued_ms, expires_ms, max_rounds } = bundle.open;
  const faults = bundle.rounds.flatMap((deal, at) => {
    const number = BigInt(at + 1);
    const found = [];
    if (deal.round !== number) found.push(`deal ${number} is numbered ${deal.round}`);
    if (deal.played_ms < issued_ms || deal.played_ms > expires_ms) found.push(`deal ${number} was played outside of the lease’s time`);
    return found;
  });
  if (bundle.rounds.length > max_rounds) faults.push(`there are more than ${max_rounds} deals`);
  return { name: 'numbers', faults, note: { key: 'detail.deals', values: { count: bundle.rounds.length } } };
}

function checkChain({ bundle }: Evidence): Step {
  const chained = bundle.open.client_mode === MODE_CHAIN;
  let before = fromHex(bundle.open.client_seed);
  const faults: string[] = [];
  for (const deal of bundle.rounds) {
    const nonce = fromHex(deal.client_nonce);
    if (!equal(chained ? previousLink(nonce) : nonce, chained ? before : zeros32())) faults.push(`the nonce of deal ${deal.round} does not follow`);
    before = nonce;
  }
  return chained ? { name: 'chain', faults } : { name: 'chain', faults, note: { key: 'detail.static', values: {} } };
}

function betOf(deal: BundleDeal): Uint8Array {
  return betHash({
    deal: deal.round,
    game: fromHex(deal.game),
    params: fromHex(deal.params),
    currency: fromHex(deal.currency),
    stake: deal.stake,
    payload: fromHex(deal.payload),
    nonce: fromHex(deal.client_nonce),
  });
}

function checkBets(O: Uint8Array, { bundle, commitments, receipts }: Evidence): Step {
  const kept = new Map(receipts.map((receipt) => [receipt.deal, receipt]));
  const { client_key, dealer_key } = commitments.opening ?? { client_key: null, dealer_key: null };
  const faults: string[] = [];
  let checked = 0;
  for (const deal of bundle.rounds) {
    const receipt = kept.get(deal.round);
    kept.delete(deal.round);
    if (!receipt) continue;
    checked += 1;
    const bet = betOf(deal);
    if (toHex(bet) !== receipt.bet) faults.push(`deal ${deal.round} is not the bet you made`);
    if (receipt.played_ms !== deal.played_ms) faults.push(`deal ${deal.round} has another time than its receipt`);
    if (dealer_key !== null && !verifies(dealer_key, bindMessage(O, bet, deal.played_ms), receipt.dealer_signature)) faults.push(`the receipt of deal ${deal.round} is not the dealer’s`);
    if (receipt.own_signature !== null && client_key?.alg === 'ed25519' && !verifies(client_key.public, intentMessage(O, bet), receipt.own_signature)) faults.push(`deal ${deal.round} is not signed by you`);
  }
  for (const deal of kept.keys()) faults.push(`deal ${deal}, of which you hold a receipt, is left out`);
  return { name: 'bets', faults, note: { key: 'detail.receipts', values: { checked, missing: bundle.rounds.length - checked } } };
}

function checkDraws(key: Uint8Array, { bundle }: Evidence): Step {
  const faults: string[] = [];
  let count = 0;
  for (const deal of bundle.rounds) {
    const draws = new Draws(roundKey(key, deal.round, fromHex(deal.game), fromHex(deal.params), fromHex(deal.client_nonce)));
    for (const { stream, bound, value } of deal.draws) {
      count += 1;
      if (bound < 1n || draws.below(stream, bound) !== value) {
        faults.push(`a draw of deal ${deal.round} does not follow from the seed`);
        break;
      }
    }
  }
  return { name: 'draws', faults, note: { key: 'detail.draws', values: { count } } };
}

function* checkLinks(open: OpeningFields, O: Uint8Array, { bundle, receipts }: Evidence): Generator<Step, void, void> {
  const told = new Map(receipts.map(({ deal, link }) => [deal, link]));
  const faults: string[] = [];
  let prev = O;
  for (const deal of bundle.rounds) {
    prev = entryLink({
      leaseId: open.leaseId,
      deal: deal.round,
      bet: betOf(deal),
      draws: drawsDigest(deal.draws),
      outcome: fromHex(deal.outcome),
      stake: deal.stake,
      win: deal.win,
      playedMs: deal.played_ms,
      edge: fromHex(deal.edge),
      prev,
    });
    if (toHex(prev) !== deal.link) faults.push(`the link of deal ${deal.round} is wrong`);
    const known = told.get(deal.round);
    if (known !== undefined && known !== deal.link) faults.push(`you were told another link for deal ${deal.round}`);
  }
  yield { name: 'links', faults, note: { key: 'detail.deals', values: { count: bundle.rounds.length } } };
  const last: string[] = [];
  if (bundle.close.rounds !== BigInt(bundle.rounds.length)) last.push(`the closing counts ${bundle.close.rounds} deals`);
  if (bundle.close.last_link !== toHex(prev)) last.push('the closing names another last link');
  yield { name: 'close', faults: last, values: [['link', bundle.close.last_link]] };
}
