// A picture and a line for each game in the lobby, drawn here so that nothing is fetched.

import type { Key } from '../lib/i18n.svelte';

interface Art {
  background: string;
  svg: string;
  line: Key;
}

function wheel(): string {
  const slices = Array.from({ length: 37 }, (_, at) => {
    const [from, to] = [at, at + 1].map((edge) => (edge / 37) * 2 * Math.PI) as [number, number];
    const point = (angle: number, radius: number): string => `${(60 + radius * Math.sin(angle)).toFixed(2)} ${(40 - radius * Math.cos(angle)).toFixed(2)}`;
    const colour = at === 0 ? '#1f7a54' : at % 2 ? '#a83a3c' : '#15191a';
    return `<path d="M${point(from, 30)}A30 30 0 0 1 ${point(to, 30)}L${point(to, 20)}A20 20 0 0 0 ${point(from, 20)}Z" fill="${colour}"/>`;
  }).join('');
  return `<circle cx="60" cy="40" r="34" fill="#6b4f22"/><circle cx="60" cy="40" r="31" fill="#d9b56c"/>${slices}<circle cx="60" cy="40" r="19.5" fill="#3c2c14"/><path d="M60 27v26M47 40h26" stroke="#d9b56c" stroke-width="2.4" stroke-linecap="round"/><circle cx="60" cy="40" r="5" fill="#d9b56c"/><circle cx="77" cy="22" r="2.6" fill="#f7f4ea"/>`;
}

function lantern(x: number, y: number, size: number): string {
  return `<g transform="translate(${x} ${y}) scale(${size})"><circle r="20" fill="#ffcf7a" opacity=".14"/><path d="M0-15V-11" stroke="#3b2a16" stroke-width="1.6"/><path d="M-6-11H6L8-7H-8Z" fill="#5a3418"/><path d="M-8-7H8Q12 2 8 9H-8Q-12 2-8-7Z" fill="#f2a94a"/><path d="M-3-7Q-5 2-3 9M3-7Q5 2 3 9" stroke="#b8672a" fill="none"/><path d="M-7 9H7L5 12H-5Z" fill="#5a3418"/></g>`;
}

const pond = `<rect width="120" height="80" fill="#16303f"/><path d="M0 56H120V80H0Z" fill="#0f222e"/><circle cx="94" cy="17" r="8" fill="#e9e3cc" opacity=".9"/><path d="M8 80Q10 58 6 44M14 80Q14 62 20 50M108 80Q106 60 112 48" stroke="#2f5a4c" stroke-width="2" fill="none"/><path d="M22 66H44M60 71H92" stroke="#f2a94a" opacity=".3" stroke-width="1.4"/>${lantern(36, 36, 1)}${lantern(68, 30, 0.8)}${lantern(92, 48, 0.62)}`;

const floes = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => `<rect x="${27 + (at % 4) * 17}" y="${22 + Math.floor(at / 4) * 17}" width="14" height="14" rx="4" fill="${at === 2 ? '#0a1d29' : '#8fc3d8'}"/>`).join('');
const crack = '<path d="M68 29l-4-5M68 29l5-4M68 29l4 5M68 29l-5 3" stroke="#f0968b" stroke-width="1.6"/>';
const pips = [[-7, -7], [7, 7], [0, 0], [7, -7], [-7, 7]].map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.6" fill="#16303f"/>`).join('');

function card(x: number, y: number, turn: number, mark: string, red = false): string {
  return `<g transform="translate(${x} ${y}) rotate(${turn})"><rect x="-12" y="-17" width="24" height="34" rx="4" fill="#f3eedf" stroke="#0006"/><text y="6" text-anchor="middle" font-size="17" font-family="serif" fill="${red ? '#a8272b' : '#15191a'}">${mark}</text></g>`;
}

const fan = ['10', 'J', 'Q', 'K', 'A'].map((mark, at) => card(32 + at * 14, 44 - (2 - Math.abs(at - 2)) * 3, (at - 2) * 10, mark, true)).join('');

const pins = Array.from({ length: 21 }, (_, at) => {
  const row = Math.floor((Math.sqrt(8 * at + 1) - 1) / 2);
  return `<circle cx="${60 + (at - (row * (row + 1)) / 2 - row / 2) * 13}" cy="${14 + row * 11}" r="2" fill="#b9a27a"/>`;
}).join('');

const arts: Record<string, Art> = {
  baccarat: { background: 'radial-gradient(circle at 50% 30%, #4a2030, #1d0d14)', svg: `${card(34, 40, -7, '9')}${card(86, 40, 7, '8', true)}<path d="M60 22V58" stroke="#d9b56c" stroke-width="1.6"/><circle cx="60" cy="40" r="6" fill="#d9b56c"/>`, line: 'game.baccarat' },
  blackjack: { background: 'radial-gradient(circle at 50% 30%, #1a4a40, #0b231e)', svg: `<path d="M10 66Q60 88 110 66" stroke="#d9b56c" fill="none" opacity=".6"/>${card(51, 38, -10, 'A')}${card(70, 40, 9, 'K', true)}`, line: 'game.blackjack' },
  dice: { background: 'linear-gradient(#1b3542, #101d25)', svg: `<g transform="translate(60 34) rotate(14)"><rect x="-15" y="-15" width="30" height="30" rx="6" fill="#ece5d0"/>${pips}</g><rect x="24" y="62" width="36" height="4" rx="2" fill="#3f9c71"/><rect x="60" y="62" width="36" height="4" rx="2" fill="#7e3a3d"/><circle cx="60" cy="64" r="4.5" fill="#d9b56c"/>`, line: 'game.dice' },
  hilo: { background: 'linear-gradient(#33293a, #17131c)', svg: `<path d="M12 70H34V58H56V46H78V34H108" stroke="#54465f" stroke-width="3" fill="none"/>${card(30, 40, 0, '4')}${card(60, 32, 0, '9', true)}${card(91, 22, 0, 'K')}`, line: 'game.hilo' },
  limbo: { background: 'linear-gradient(#1d3557, #12232f)', svg: '<path d="M64 12L82 32 62 56 46 28Z" fill="#d9b56c" stroke="#6b4f22"/><path d="M64 12L62 56M46 28L82 32" stroke="#6b4f22"/><path d="M62 56Q70 64 56 70T48 80" stroke="#e8eeec" fill="none"/><path d="M10 30H30M90 62H112" stroke="#ffffff33" stroke-width="3" stroke-linecap="round"/>', line: 'game.limbo' },
  mines: { background: 'linear-gradient(#123345, #0a1d29)', svg: floes + crack, line: 'game.mines' },
  plinko: { background: 'radial-gradient(circle at 50% 20%, #22402f, #0e1c15)', svg: `${pins}<ellipse cx="66" cy="25" rx="5" ry="6" fill="#8a5a2b" stroke="#d9b56c"/>`, line: 'game.plinko' },
  roulette: { background: 'radial-gradient(circle at 50% 40%, #17463d, #0c211d)', svg: wheel(), line: 'game.roulette' },
  'slot-lines': { background: '#16303f', svg: pond, line: 'game.slot-lines' },
  'video-poker': { background: 'linear-gradient(#2b2440, #14111f)', svg: fan, line: 'game.video-poker' },
};

const unknown: Art = {
  background: 'linear-gradient(135deg, #22313a, #131d1f)',
  svg: '<circle cx="60" cy="40" r="16" fill="none" stroke="#d9b56c" stroke-width="2"/><circle cx="60" cy="40" r="5" fill="#d9b56c"/>',
  line: 'game.other',
};

export const artOf = (game: string): Art => arts[game] ?? unknown;
