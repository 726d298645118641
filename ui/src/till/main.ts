import { start } from '../kit/start';
import Till from './Till.svelte';

start(Till);
