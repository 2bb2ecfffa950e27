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

const arts: Record<string, Art> = {
  dice: { background: 'linear-gradient(#1b3542, #101d25)', svg: `<g transform="translate(60 34) rotate(14)"><rect x="-15" y="-15" width="30" height="30" rx="6" fill="#ece5d0"/>${pips}</g><rect x="24" y="62" width="36" height="4" rx="2" fill="#3f9c71"/><rect x="60" y="62" width="36" height="4" rx="2" fill="#7e3a3d"/><circle cx="60" cy="64" r="4.5" fill="#d9b56c"/>`, line: 'game.dice' },
  mines: { background: 'linear-gradient(#123345, #0a1d29)', svg: floes + crack, line: 'game.mines' },
  roulette: { background: 'radial-gradient(circle at 50% 40%, #17463d, #0c211d)', svg: wheel(), line: 'game.roulette' },
  'slot-lines': { background: '#16303f', svg: pond, line: 'game.slot-lines' },
};

const unknown: Art = {
  background: 'linear-gradient(135deg, #22313a, #131d1f)',
  svg: '<circle cx="60" cy="40" r="16" fill="none" stroke="#d9b56c" stroke-width="2"/><circle cx="60" cy="40" r="5" fill="#d9b56c"/>',
  line: 'game.other',
};

export const artOf = (game: string): Art => arts[game] ?? unknown;
