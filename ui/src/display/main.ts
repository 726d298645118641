import { start } from '../kit/start';
import Display from './Display.svelte';

start(Display);
