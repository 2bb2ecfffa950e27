import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { loadConfig } from './lib/config';
import { words } from './lib/i18n.svelte';
import { session } from './lib/session/session.svelte';

await words.start();
const target = document.getElementById('app');
if (target) mount(App, { target });
void loadConfig().then(() => session.begin());
