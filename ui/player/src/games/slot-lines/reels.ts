// The reels on a plain canvas. They start when the bet goes out and stop on what the `reels` event says; what runs past in
// between is decoration in a fixed order. Frames are drawn only while something moves.

import { LETTERS, LINES, paintTiles, type Letter } from './symbols';

const REELS = 5;
const ROWS = 3;
const SPEED = 21;
const STOP_MS = 620;
const STAGGER_MS = 170;
/** Least time that the reels turn, so that the eye sees a spin. */
const LEAST_MS = 500;
const ASPECT = 0.94;

interface Reel {
  /** Index of the symbol in the top row; falls as the reel turns. */
  top: number;
  fixed: Map<number, Letter>;
  stop: { from: number; to: number; begins: number } | null;
  turning: boolean;
}

/** A line or a set of cells to be lit. */
export interface Highlight {
  /** 1 to 20, or null for cells that lie anywhere. */
  line: number | null;
  cells: [reel: number, row: number][];
}

export class Reels {
  private readonly reels: Reel[];
  private readonly pen: CanvasRenderingContext2D | null;
  private tiles = new Map<Letter, HTMLCanvasElement>();
  private width = 0;
  private cell = { w: 0, h: 0 };
  private frame = 0;
  private last = 0;
  private began = 0;
  private highlight: Highlight | null = null;
  private lit = 0;
  private done: (() => void) | null = null;

  constructor(private readonly canvas: HTMLCanvasElement, private readonly still: boolean) {
    this.pen = canvas.getContext('2d');
    this.reels = Array.from({ length: REELS }, () => ({ top: 0, fixed: new Map<number, Letter>(), stop: null, turning: false }));
  }

  resize(cssWidth: number): void {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const width = Math.round(cssWidth * ratio);
    if (width === this.width || width === 0) return;
    this.width = width;
    this.cell = { w: width / REELS, h: (width / REELS) * ASPECT };
    this.canvas.width = width;
    this.canvas.height = Math.round(this.cell.h * ROWS);
    this.tiles = paintTiles(this.cell.w, this.cell.h);
    this.draw(performance.now());
  }

  /** Lets all reels turn. */
  spin(): void {
    this.highlight = null;
    if (this.still) return;
    this.began = performance.now();
    for (const reel of this.reels) {
      reel.turning = true;
      reel.stop = null;
    }
    this.run();
  }

  /** Gives up a spin whose bet was not taken: the reels go back to what they showed. */
  halt(): void {
    for (const reel of this.reels) {
      const rounded = Math.round(reel.top);
      reel.turning = false;
      reel.stop = null;
      reel.top = rounded;
    }
    this.draw(performance.now());
  }

  /** Stops on `window`: three letters a reel, from the top. Resolves when all stand. */
  stop(window: string[], atOnce: boolean): Promise<void> {
    const now = performance.now();
    const first = Math.max(now, this.began + LEAST_MS);
    this.reels.forEach((reel, at) => {
      const moves = !atOnce && !this.still && reel.turning;
      const to = moves ? Math.floor(reel.top - (SPEED * (first - now + at * STAGGER_MS)) / 1000) - 6 : Math.floor(reel.top);
      reel.fixed = new Map([...(window[at] ?? '')].slice(0, ROWS).map((letter, row) => [to + row, letter as Letter]));
      if (moves) {
        reel.stop = { from: Number.NaN, to, begins: first + at * STAGGER_MS };
      } else {
        Object.assign(reel, { top: to, turning: false, stop: null });
      }
    });
    return new Promise((resolve) => {
      this.done = resolve;
      this.run();
    });
  }

  /** Everything stands at once. */
  finish(): void {
    for (const reel of this.reels) {
      if (reel.stop) Object.assign(reel, { top: reel.stop.to, turning: false, stop: null });
    }
    this.run();
  }

  show(highlight: Highlight | null): void {
    this.highlight = highlight;
    this.lit = performance.now();
    this.run();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.done = null;
  }

  private run(): void {
    if (this.frame !== 0) return;
    this.last = performance.now();
    const step = (now: number): void => {
      this.frame = 0;
      this.move(now);
      this.draw(now);
      const moving = this.reels.some(({ turning }) => turning);
      if (!moving && this.done) {
        const done = this.done;
        this.done = null;
        done();
      }
      if (moving || (this.highlight && !this.still)) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  private move(now: number): void {
    const passed = Math.min(now - this.last, 60);
    this.last = now;
    for (const reel of this.reels) {
      if (!reel.turning) continue;
      const { stop } = reel;
      if (!stop || now < stop.begins) {
        reel.top -= (SPEED * passed) / 1000;
        // A slow machine must not run past the place where the reel stops.
        if (stop) reel.top = Math.max(reel.top, stop.to + 3);
        continue;
      }
      if (Number.isNaN(stop.from)) stop.from = reel.top;
      const part = Math.min(1, (now - stop.begins) / STOP_MS);
      reel.top = stop.from + (stop.to - stop.from) * settle(part);
      if (part === 1) Object.assign(reel, { top: stop.to, turning: false, stop: null });
    }
  }

  private letter(reel: Reel, at: number, index: number): Letter {
    const fixed = reel.fixed.get(index);
    if (fixed) return fixed;
    const place = (((index * 7 + at * 3) % LETTERS.length) + LETTERS.length) % LETTERS.length;
    return LETTERS[place] as Letter;
  }

  private draw(now: number): void {
    const { pen, cell } = this;
    if (!pen || this.width === 0) return;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const cells = this.highlight?.cells ?? [];
    const bright = new Set(cells.map(([reel, row]) => reel * ROWS + row));
    this.reels.forEach((reel, at) => {
      const from = Math.floor(reel.top);
      const part = reel.top - from;
      for (let row = 0; row <= ROWS; row += 1) {
        const tile = this.tiles.get(this.letter(reel, at, from + row));
        pen.globalAlpha = bright.size > 0 && !bright.has(at * ROWS + row) ? 0.38 : 1;
        if (tile) pen.drawImage(tile, at * cell.w, (row - part) * cell.h);
      }
    });
    pen.globalAlpha = 1;
    if (this.highlight) this.drawHighlight(this.highlight, now);
  }

  private drawHighlight({ line, cells }: Highlight, now: number): void {
    const { pen, cell } = this;
    if (!pen) return;
    const pulse = this.still ? 1 : 0.72 + 0.28 * Math.sin((now - this.lit) / 140);
    pen.strokeStyle = `rgb(242 207 130 / ${pulse})`;
    pen.lineWidth = cell.w * 0.035;
    pen.lineJoin = pen.lineCap = 'round';
    for (const [reel, row] of cells) {
      const gap = cell.w * 0.035;
      pen.beginPath();
      pen.roundRect(reel * cell.w + gap, row * cell.h + gap, cell.w - 2 * gap, cell.h - 2 * gap, cell.w * 0.1);
      pen.stroke();
    }
    const rows = line === null ? undefined : LINES[line - 1];
    if (!rows) return;
    pen.lineWidth = cell.w * 0.02;
    pen.beginPath();
    rows.forEach((row, reel) => pen.lineTo((reel + 0.5) * cell.w, (row + 0.5) * cell.h));
    pen.stroke();
  }
}

/** From 0 to 1, a little past it, and back. */
function settle(part: number): number {
  const back = 1.1;
  const left = part - 1;
  return 1 + (back + 1) * left ** 3 + back * left ** 2;
}
