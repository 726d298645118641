import { start } from '../kit/start';
import './office.css';
import Office from './Office.svelte';

document.body.classList.add('dense');
start(Office);
