/**
 * Commands of this till, one after another in the order they were made, so that scans that come faster than
 * answers keep their order and none is lost.
 */
import { command, commandId, NoAnswer, Problem } from '../api/client';
import type { Approval, CommandAnswer, TillCommand } from '../api/types';

export interface Job {
  id: string;
  command: TillCommand;
  approval?: Approval;
  /** When the key that made it was pressed (scan). */
  scannedAt?: number;
  /** What its sender looked at then. */
  seen?: unknown;
  done: (answer: CommandAnswer | null) => void;
}

export interface QueueEvents {
  answered: (job: Job, answer: CommandAnswer) => void;
  /** A rule said no; `true` puts the job back, and the queue stands until `resume`. */
  refused: (job: Job, problem: Problem) => boolean;
  /** Commands waiting, and whether the answer of the first is late. */
  changed: (state: { waiting: number; late: boolean; stuck: boolean }) => void;
}

export class CommandQueue {
  private jobs: Job[] = [];
  private running = false;
  private late = false;
  private stuck = false;
  private awaited: ((settled: boolean) => void)[] = [];

  constructor(private readonly path: string, private readonly events: QueueEvents) {}

  /** Sends a command after all before it; the answer, or null when it was refused. */
  add(what: TillCommand, more: { id?: string; approval?: Approval; scannedAt?: number; seen?: unknown } = {}): Promise<CommandAnswer | null> {
    return new Promise((done) => {
      this.jobs.push({ command: what, ...more, id: more.id ?? commandId(), done });
      this.tell();
      void this.run();
    });
  }

  /** Goes on after a stop: a new sign-in, or "send again". The same ids are sent, nothing happens twice. */
  resume(): void {
    this.stuck = false;
    this.tell();
    void this.run();
  }

  /** Waits until nothing waits any more: true; false when the queue stands, and what is on the screen is not the last word. */
  settled(): Promise<boolean> {
    if (this.stuck || !this.jobs.length) return Promise.resolve(!this.stuck);
    return new Promise((done) => this.awaited.push(done));
  }

  private tell(): void {
    if (this.stuck || !this.jobs.length) {
      for (const done of this.awaited.splice(0)) done(!this.stuck);
    }
    this.events.changed({ waiting: this.jobs.length, late: this.late, stuck: this.stuck });
  }

  private async run(): Promise<void> {
    if (this.running || this.stuck) return;
    this.running = true;
    for (let job = this.jobs[0]; job; job = this.jobs[0]) {
      if (!(await this.send(job))) break;
    }
    this.running = false;
    this.tell();
  }

  /** True when the job is dealt with and the next may go. */
  private async send(job: Job): Promise<boolean> {
    try {
      const answer = await command(this.path, job.command, {
        id: job.id,
        ...(job.approval ? { approval: job.approval } : {}),
        onWaiting: () => {
          this.late = true;
          this.tell();
        },
      });
      this.late = false;
      this.jobs.shift();
      this.events.answered(job, answer);
      job.done(answer);
      return true;
    } catch (error) {
      this.late = false;
      if (error instanceof NoAnswer) {
        this.stuck = true;
        return false;
      }
      const problem = error instanceof Problem ? error : null;
      if (problem && this.events.refused(job, problem)) {
        // Refused before it was looked at: sent again under a new id after signing in.
        job.id = commandId();
        this.stuck = true;
        return false;
      }
      this.jobs.shift();
      job.done(null);
      if (!problem) throw error;
      return true;
    } finally {
      this.tell();
    }
  }
}
