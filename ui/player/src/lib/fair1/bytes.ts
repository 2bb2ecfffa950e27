// Bytes, labels and the two primitives of fair1: SHA-256 and HMAC-SHA-256 over parts. Integers are big-endian.

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

export { bytesToHex as toHex, concatBytes as concat };

export const fromHex = (text: string): Uint8Array => hexToBytes(text);

/** H over the parts, one after the other. */
export const sha256 = (...parts: Uint8Array[]): Uint8Array => noble(concatBytes(...parts));

/** MAC under `key` over the parts. */
export const mac = (key: Uint8Array, ...parts: Uint8Array[]): Uint8Array => hmac(noble, key, concatBytes(...parts));

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** L(text): the label zero-padded to 16 bytes. */
export const label = (text: string): Uint8Array => padded(`fair1.${text}`, 16);

/** `text` zero-padded to `length` bytes. */
export function padded(text: string, length: number): Uint8Array {
  const bytes = ascii(text);
  if (bytes.length > length) throw new RangeError(`${text} is longer than ${length} bytes`);
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
}

export function u64(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(8);
  const whole = BigInt(value);
  if (whole < 0n || whole >> 64n) throw new RangeError(`${value} does not fit 64 bits`);
  new DataView(bytes.buffer).setBigUint64(0, whole);
  return bytes;
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** The 16 bytes of a hyphenated id. */
export const uuidBytes = (id: string): Uint8Array => hexToBytes(id.replaceAll('-', ''));

export const zeros32 = (): Uint8Array => new Uint8Array(32);

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
