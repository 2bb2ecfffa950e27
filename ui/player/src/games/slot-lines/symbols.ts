// The ten symbols as drawings in a square of 100 units, painted once into tiles of the size that the reels need.

export const LETTERS = ['K', 'L', 'H', 'C', 'W', 'D', 'R', 'S', 'M', 'P'] as const;
export type Letter = (typeof LETTERS)[number];

/** Line stakes for three, four and five from the left, as the game's rules say. */
export const PAYS: [Letter, number, number, number][] = [
  ['H', 40, 150, 500], ['C', 30, 100, 350], ['W', 20, 60, 200], ['D', 15, 40, 150],
  ['R', 8, 25, 80], ['S', 8, 20, 70], ['M', 5, 15, 50], ['P', 5, 12, 40],
];

/** The row of each of the twenty lines on each reel, 0 on top. */
export const LINES = [
  '11111', '00000', '22222', '01210', '21012', '00122', '22100', '10001', '12221', '01110',
  '21112', '10121', '12101', '01010', '21212', '11011', '11211', '00200', '22022', '02120',
].map((rows) => [...rows].map(Number));

const BY_NAME: Record<string, Letter> = {
  kingfisher: 'K', lantern: 'L', heron: 'H', carp: 'C', 'water lily': 'W', dragonfly: 'D', reed: 'R', stone: 'S', moss: 'M', pebble: 'P',
};
export const letterOf = (name: string): Letter | undefined => BY_NAME[name];

type Pen = CanvasRenderingContext2D;

function shape(pen: Pen, fill: string, path: string): void {
  pen.fillStyle = fill;
  pen.fill(new Path2D(path));
}

function stroke(pen: Pen, colour: string, width: number, path: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = 'round';
  pen.stroke(new Path2D(path));
}

function oval(pen: Pen, fill: string, x: number, y: number, rx: number, ry: number, turn = 0): void {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.ellipse(x, y, rx, ry, turn, 0, Math.PI * 2);
  pen.fill();
}

const TILES: Record<Letter, [string, string]> = {
  K: ['#204f63', '#12303f'], L: ['#5b3a1c', '#332112'], H: ['#33465c', '#1d2a3a'], C: ['#4f2d24', '#2f1b17'], W: ['#47304a', '#2a1d2e'],
  D: ['#20494a', '#142c2e'], R: ['#2c3d26', '#1a2518'], S: ['#2e3438', '#1c2124'], M: ['#24392a', '#16231a'], P: ['#333029', '#201e1a'],
};

const DRAW: Record<Letter, (pen: Pen) => void> = {
  K(pen) {
    shape(pen, '#2d9fb5', 'M30 66Q28 38 52 30Q74 30 76 52Q74 74 54 80Q40 82 30 66Z');
    shape(pen, '#f08c3c', 'M44 60Q60 50 72 56Q70 74 54 80Q46 76 44 60Z');
    shape(pen, '#1d6f8c', 'M34 56Q22 70 22 86Q36 82 46 70Z');
    oval(pen, '#35b3c8', 60, 34, 19, 16);
    shape(pen, '#f4efe2', 'M62 42Q74 40 78 48Q70 52 60 48Z');
    shape(pen, '#d9b56c', 'M76 30L98 38L76 42Z');
    oval(pen, '#0d1518', 66, 31, 3.6, 3.6);
    oval(pen, '#ffffff', 67.2, 29.8, 1.2, 1.2);
    shape(pen, '#1d6f8c', 'M48 22Q56 12 66 18Q58 22 52 28Z');
  },
  L(pen) {
    const glow = pen.createRadialGradient(50, 52, 6, 50, 52, 46);
    glow.addColorStop(0, '#ffd88acc');
    glow.addColorStop(1, '#ffd88a00');
    pen.fillStyle = glow;
    pen.fillRect(0, 0, 100, 100);
    stroke(pen, '#3a2414', 4, 'M50 10V22');
    shape(pen, '#7b4a20', 'M36 22H64L70 32H30Z');
    shape(pen, '#f4ad48', 'M30 32H70Q82 54 70 74H30Q18 54 30 32Z');
    stroke(pen, '#c5702b', 2.6, 'M42 32Q36 54 42 74M58 32Q64 54 58 74');
    oval(pen, '#fff0c4', 50, 56, 8, 13);
    shape(pen, '#7b4a20', 'M30 74H70L62 84H38Z');
    stroke(pen, '#d9b56c', 2.4, 'M50 84V94');
  },
  H(pen) {
    stroke(pen, '#c9b27c', 3, 'M46 76L42 96M54 76L56 96');
    shape(pen, '#9db4cb', 'M22 72Q38 46 64 56Q70 70 54 78Q38 84 22 72Z');
    shape(pen, '#6e88a4', 'M18 78Q36 58 58 64Q48 78 18 78Z');
    stroke(pen, '#d5e1ec', 7.5, 'M60 62Q76 50 64 38Q54 26 62 18');
    oval(pen, '#e8eff5', 64, 17, 8.5, 6.5);
    shape(pen, '#e3b14e', 'M70 13L95 19L70 22Z');
    stroke(pen, '#27405a', 2.6, 'M60 13Q48 8 38 14');
    oval(pen, '#10181d', 66, 16, 1.8, 1.8);
  },
  C(pen) {
    shape(pen, '#e4622f', 'M26 50Q46 22 76 44Q84 50 76 58Q46 80 26 50Z');
    shape(pen, '#f6ede0', 'M42 36Q54 32 60 40Q54 50 42 46ZM50 62Q62 56 68 62Q60 68 50 68Z');
    shape(pen, '#ef8750', 'M28 50L8 30Q12 50 8 70Z');
    shape(pen, '#ef8750', 'M48 33Q56 18 68 22Q62 30 62 36ZM50 66Q50 80 40 84Q40 72 44 64Z');
    oval(pen, '#13191b', 74, 47, 3, 3);
    stroke(pen, '#ffffff66', 1.8, 'M62 42Q66 51 62 60');
  },
  W(pen) {
    oval(pen, '#2f6b4b', 50, 76, 38, 11);
    for (const [turn, fill] of [[-1.1, '#c86f9c'], [1.1, '#c86f9c'], [-0.62, '#dd8bb2'], [0.62, '#dd8bb2'], [0, '#f2b9d2']] as const) {
      pen.save();
      pen.translate(50, 76);
      pen.rotate(turn);
      shape(pen, fill, 'M0 0Q-15 -30 0 -56Q15 -30 0 0Z');
      pen.restore();
    }
    oval(pen, '#f6d774', 50, 68, 9, 6);
  },
  D(pen) {
    for (const [x, y, turn] of [[30, 36, 0.5], [70, 36, -0.5], [32, 56, -0.15], [68, 56, 0.15]] as const) oval(pen, '#a8e6e299', x, y, 24, 8, turn);
    stroke(pen, '#2fb39a', 6, 'M50 34V88');
    stroke(pen, '#1b7c6c', 2, 'M50 52V88');
    oval(pen, '#36c5aa', 50, 38, 8, 11);
    oval(pen, '#1d6d63', 44, 24, 6, 6);
    oval(pen, '#1d6d63', 56, 24, 6, 6);
  },
  R(pen) {
    stroke(pen, '#6c9c52', 4, 'M38 94Q40 60 36 40M60 94Q58 56 64 30');
    stroke(pen, '#54803f', 5, 'M48 94Q46 66 22 50M52 94Q58 70 82 58');
    oval(pen, '#8a5a2e', 36, 32, 6.5, 17);
    oval(pen, '#8a5a2e', 64, 24, 6.5, 17);
    stroke(pen, '#b98549', 2, 'M34 22V40M62 14V32');
  },
  S(pen) {
    oval(pen, '#697680', 50, 78, 34, 14);
    oval(pen, '#87949d', 48, 55, 25, 12, -0.08);
    oval(pen, '#a9b4bb', 52, 35, 17, 9.5, 0.1);
    oval(pen, '#c9d1d6', 49, 19, 9.5, 6.5);
    oval(pen, '#ffffff40', 42, 51, 9, 3, -0.1);
  },
  M(pen) {
    shape(pen, '#3f7a44', 'M12 82Q18 46 42 52Q50 32 66 46Q88 44 90 82Z');
    for (const [x, y, r] of [[28, 70, 8], [44, 62, 9], [62, 58, 9], [76, 70, 8], [54, 76, 9], [36, 80, 6]] as const) oval(pen, '#5b9e58', x, y, r, r);
    for (const [x, y] of [[30, 66], [46, 58], [64, 54], [77, 66], [55, 72]] as const) oval(pen, '#8bc67d', x, y, 3, 3);
  },
  P(pen) {
    oval(pen, '#8f8877', 34, 66, 21, 14, -0.2);
    oval(pen, '#b5ab94', 66, 64, 19, 15, 0.25);
    oval(pen, '#736d60', 52, 78, 22, 11);
    oval(pen, '#d0c6ae', 50, 48, 14, 9, -0.1);
    oval(pen, '#ffffff33', 62, 58, 7, 4, 0.2);
  },
};

/** Every symbol as a tile of `width` by `height` device pixels. */
export function paintTiles(width: number, height: number): Map<Letter, HTMLCanvasElement> {
  return new Map(LETTERS.map((letter) => [letter, paint(letter, width, height)]));
}

function paint(letter: Letter, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const pen = canvas.getContext('2d');
  if (!pen) return canvas;
  const gap = Math.min(width, height) * 0.035;
  const [from, to] = TILES[letter];
  const back = pen.createLinearGradient(0, 0, 0, height);
  back.addColorStop(0, from);
  back.addColorStop(1, to);
  pen.fillStyle = back;
  pen.beginPath();
  pen.roundRect(gap, gap, width - 2 * gap, height - 2 * gap, Math.min(width, height) * 0.11);
  pen.fill();
  pen.strokeStyle = letter === 'K' || letter === 'L' ? '#d9b56c' : '#ffffff1f';
  pen.lineWidth = letter === 'K' || letter === 'L' ? gap * 0.8 : gap * 0.5;
  pen.stroke();
  const size = Math.min(width, height) * 0.86;
  pen.translate((width - size) / 2, (height - size) / 2);
  pen.scale(size / 100, size / 100);
  DRAW[letter](pen);
  return canvas;
}
