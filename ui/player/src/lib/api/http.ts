// The core's HTTP interface, as `docs/openapi.json` says. Errors are RFC 9457 problems with a stable code.

import { bool, list, minor, nullable, object, str, u64, uuid, type Codec, type Typed } from '../protocol/codec';
import { readJson, writeJson, type Json } from '../json';

const TIMEOUT_MS = 10_000;

/** The server's no, or the network's: `code` is what to branch on. */
export class Problem extends Error {
  override name = 'Problem';
  constructor(readonly code: string, readonly status: number, readonly retryable: boolean) {
    super(code);
  }
}

export interface Answer {
  json: Json;
  /** The server's clock when it answered, Unix milliseconds; null if it may not be read. */
  serverMs: number | null;
}

export interface Request {
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  token?: string;
  body?: Json;
}

let core = '';

/** Where the API is, without `/v1`; empty for the origin that served the page. */
export function setCore(url: string): void {
  core = url.replace(/\/+$/, '');
}

export async function call({ method = 'GET', path, token, body }: Request): Promise<Answer> {
  const headers = new Headers();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS), cache: 'no-store', credentials: 'omit' };
  if (body !== undefined) init.body = writeJson(body);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${core}/v1${path}`, init);
    text = await response.text();
  } catch {
    throw new Problem('offline', 0, true);
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!response.ok) throw problem(text, response.status);
  return { json: text === '' ? null : readJson(text), serverMs: Number.isNaN(date) ? null : date };
}

function problem(text: string, status: number): Problem {
  try {
    const found = object({ code: str, retryable: bool }).decode(readJson(text), 'problem');
    return new Problem(found.code, status, found.retryable);
  } catch {
    return new Problem('unknown', status, status >= 500);
  }
}

export const account = object({ player: uuid, session: uuid, access_token: str, access_expires_ms: u64, refresh_token: str });
export const balances = object({
  balances: list(object({ currency: str, available_minor: minor, in_play_minor: minor, withdrawing_minor: minor })),
});
export const edges = object({ edges: list(object({ edge: str, region: str, url: str })) });
export const receipt = object({ id: uuid, transfer: uuid, currency: str, amount_minor: minor, available_minor: minor, posted_ms: u64 });
export const settledDeal = object({
  lease: uuid,
  deal: u64,
  game: str,
  stake_minor: minor,
  win_minor: minor,
  refund_minor: minor,
  link: str,
  played_ms: u64,
  void_code: nullable(str),
});
export const history = object({ deals: list(settledDeal), next_before_ms: nullable(u64) });
export const lease = object({
  lease: uuid,
  state: str,
  edge: str,
  region: str,
  dealer: str,
  currency: str,
  escrow_minor: minor,
  offered_ms: u64,
  expires_ms: u64,
  deals: nullable(u64),
  reason: nullable(str),
});
export const leases = object({ leases: list(lease) });
export const games = object({ games: list(object({ game: str, title: str, digest: str, params: str, min_cycle_ms: u64, status: str })) });

export type Account = Typed<typeof account>;
export type HistoryDeal = Typed<typeof settledDeal>;
export type Lease = Typed<typeof lease>;

export async function read<T>(codec: Codec<T>, request: Request): Promise<T> {
  return codec.decode((await call(request)).json, request.path);
}

/** A version 7 UUID: the time first, so a player's orders lie together. */
export function uuid7(nowMs: number, random: Uint8Array): string {
  const bytes = random.slice(0, 16);
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Math.floor(nowMs)) << 16n) | 0x7000n | BigInt((((random[6] as number) & 0x0f) << 8) | (random[7] as number)));
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
