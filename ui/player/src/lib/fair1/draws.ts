// Draws (fairness.md section 5): ChaCha20 with a 64-bit counter and a 64-bit stream, Lemire's unbiased below(n).

import { concat, label, sha256, u64 } from './bytes';

export interface Draw {
  stream: bigint;
  bound: bigint;
  value: bigint;
}

const MAX_U64 = (1n << 64n) - 1n;

/** One 64-byte block of ChaCha20 with 20 rounds, as sixteen 32-bit words. */
export function chachaBlock(key: Uint8Array, counter: bigint, stream: bigint): Uint32Array {
  const view = new DataView(key.buffer, key.byteOffset, 32);
  const start = new Uint32Array(16);
  start.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  for (let word = 0; word < 8; word += 1) start[4 + word] = view.getUint32(word * 4, true);
  [counter, stream].forEach((long, at) => {
    start[12 + at * 2] = Number(long & 0xffffffffn);
    start[13 + at * 2] = Number(long >> 32n);
  });
  const state = start.slice();
  for (let round = 0; round < 10; round += 1) {
    for (const [a, b, c, d] of QUARTERS) quarter(state, a, b, c, d);
  }
  return state.map((word, at) => word + (start[at] as number));
}

const QUARTERS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
] as const;

function quarter(s: Uint32Array, a: number, b: number, c: number, d: number): void {
  mix(s, a, b, d, 16);
  mix(s, c, d, b, 12);
  mix(s, a, b, d, 8);
  mix(s, c, d, b, 7);
}

function mix(s: Uint32Array, to: number, by: number, turned: number, bits: number): void {
  s[to] = (s[to] as number) + (s[by] as number);
  const x = (s[turned] as number) ^ (s[to] as number);
  s[turned] = (x << bits) | (x >>> (32 - bits));
}

class Stream {
  private word = 0n;
  private block = new Uint32Array(0);
  constructor(private readonly key: Uint8Array, private readonly stream: bigint) {}

  next(): bigint {
    const at = Number(this.word % 8n);
    if (at === 0) this.block = new Uint32Array(chachaBlock(this.key, this.word / 8n, this.stream));
    this.word += 1n;
    return (BigInt(this.block[at * 2 + 1] as number) << 32n) | BigInt(this.block[at * 2] as number);
  }
}

/** The draws of one deal under K_r. */
export class Draws {
  private readonly streams = new Map<bigint, Stream>();
  constructor(private readonly key: Uint8Array) {}

  below(stream: bigint, bound: bigint): bigint {
    if (bound < 1n || bound > MAX_U64) throw new RangeError(`no draw below ${bound}`);
    const words = this.streams.get(stream) ?? new Stream(this.key, stream);
    this.streams.set(stream, words);
    const least = (1n << 64n) % bound;
    for (;;) {
      const product = words.next() * bound;
      if ((product & MAX_U64) >= least) return product >> 64n;
    }
  }
}

/** D_r. */
export function drawsDigest(draws: Draw[]): Uint8Array {
  return sha256(label('draws'), concat(...draws.flatMap((draw) => [u64(draw.stream), u64(draw.bound), u64(draw.value)])));
}
