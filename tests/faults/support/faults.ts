/** Lives that meet faults at calls that are given, in every stage, and have to converge by the next up. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Fault, GrpcProxy, Met } from "../../support/grpc-proxy";
import type { Driver } from "./drivers";
import { type LifeCycle, type Stage, STAGES, type Targets } from "./life-cycle";
import type { Program } from "./small-engine";
import { tried } from "./tally";

/** What becomes of a call. */
export const CALL_FAULTS = [
  "refuse",
  "lose the call",
  "swallow the call",
  "lose the answer",
  "stay silent",
  "delay",
  "unavailable for a while",
] as const;
/** Those of the short form: each of them once, in one of the two lives. */
export const SAMPLED = {
  data: ["refuse", "lose the answer", "stay silent"],
  serving: ["lose the call", "swallow the call", "delay", "unavailable for a while"],
} as const satisfies Readonly<Record<string, readonly (typeof CALL_FAULTS)[number][]>>;
/** What becomes of a process once a call was answered; before the next one would be the same. */
export const KILLS = ["kill the provider", "kill the engine"] as const;

export type FaultName = (typeof CALL_FAULTS)[number] | (typeof KILLS)[number];

/** In milliseconds. */
const DELAY = 3_000;
const BURST = 1_500;
const READING = 10_000;

/** Milvus's calls by stage, as a life without faults makes them. */
export type Calls = Readonly<Record<Stage, readonly Met[]>>;

/** Asked again and again until something is done: the first few stand for all. */
const POLLED = /^(GetLoadState|GetFlushState)$/;
const POLLS = 5;

/** Runs a life without faults and notes what it calls. */
export async function callsOfLife(driver: Driver, life: LifeCycle, proxy: GrpcProxy): Promise<Calls> {
  const calls: Partial<Record<Stage, Met[]>> = {};
  for (const stage of STAGES) {
    await life.prepare(stage);
    proxy.forget();
    const errors = await driver.up(life.program(stage));
    if (errors.length > 0) throw new Error(`"${stage}" fails without a fault: ${errors.join("\n")}`);
    calls[stage] = numbered(proxy.calls).filter(({ method, nth }) => !POLLED.test(method) || nth <= POLLS);
    await life.verify(stage);
  }
  return calls as Calls;
}

function numbered(methods: readonly string[]): Met[] {
  const counts = new Map<string, number>();
  return methods.map((method) => {
    const nth = (counts.get(method) ?? 0) + 1;
    counts.set(method, nth);
    return { method, nth };
  });
}

/** Which calls have yet to meet a fault. */
export class Plan {
  private readonly left: Map<Stage, Met[]>;
  private readonly takes = new Map<Met, number>();

  constructor(calls: Calls) {
    this.left = new Map(STAGES.map((stage) => [stage, [...calls[stage]]]));
  }

  get isDone(): boolean {
    return [...this.left.values()].every((calls) => calls.length === 0);
  }

  /** Up to so many calls of each stage, far apart: a run that gets through meets them all. */
  take(most: number): Targets {
    return Object.fromEntries(
      [...this.left].map(([stage, calls]) => {
        const step = Math.max(1, calls.length / most);
        const taken = [...new Set(calls.filter((_, index) => index % step < 1))].slice(0, most);
        this.left.set(
          stage,
          calls.filter((call) => !taken.includes(call)),
        );
        return [stage, taken];
      }),
    );
  }

  /** What a life did not come to is for another one; a call that is never made as often again is given up. */
  giveBack(stage: Stage, calls: readonly Met[]): void {
    for (const call of calls) {
      const takes = (this.takes.get(call) ?? 0) + 1;
      this.takes.set(call, takes);
      if (takes < 3) this.left.get(stage)?.push(call);
    }
  }
}

/** A life up to the last stage that has a target. Returns how many faults it met, and tells which it did not. */
export async function liveThrough(
  driver: Driver,
  life: LifeCycle,
  proxy: GrpcProxy,
  fault: FaultName,
  targets: Targets,
  unmet: (stage: Stage, calls: readonly Met[]) => void = () => undefined,
): Promise<number> {
  let count = 0;
  const last = STAGES.findLastIndex((stage) => (targets[stage] ?? []).length > 0);
  try {
    for (const stage of STAGES.slice(0, last + 1)) {
      await life.prepare(stage);
      const wanted = targets[stage] ?? [];
      const met = await meet(driver, life, proxy, stage, fault, wanted);
      for (const call of met) await tried(fault, nameOf(stage, call), () => Promise.resolve());
      count += met.length;
      unmet(
        stage,
        wanted.filter((call) => !met.includes(call)),
      );
    }
  } finally {
    await life.dropAll();
  }
  return count;
}

function nameOf(stage: Stage, { method, nth }: Met): string {
  return `${stage}, call ${nth} of ${method}`;
}

/**
 * One stage: an up that meets the faults, one more for each kill but the first, a last one if that did not get through,
 * and the server as declared. Returns what was met.
 */
async function meet(
  driver: Driver,
  life: LifeCycle,
  proxy: GrpcProxy,
  stage: Stage,
  fault: FaultName,
  wanted: readonly Met[],
): Promise<readonly Met[]> {
  proxy.forget();
  const met: Met[] = [];
  try {
    const first = await upThatMeets(driver, life.program(stage), proxy, fault, wanted, met);
    const said = driver.output;
    proxy.pass();
    // What a run that died left half done, the next one knows; what two in a row did, a refresh tells it.
    const diedTwice = isKill(fault) && met.length > 1;
    if (diedTwice) {
      // What was under way on the server is through by the time a user has read what happened.
      await sleep(READING);
      await driver.refresh();
    }
    const second = diedTwice || first.length > 0 ? await driver.up(life.program(stage)) : [];
    if (second.length > 0)
      throw new Error(
        `${first.join("\n")}\n${said}\n--- and the next up:\n${second.join("\n")}\n${driver.output}`,
      );
    await life.verify(stage);
  } catch (error) {
    const name = met.map((call) => nameOf(stage, call)).join(" and ") || `${stage}, no fault met`;
    const failed = error instanceof Error ? error : new Error(String(error));
    failed.message = `${fault} at ${name}: ${failed.message}`;
    await tried(fault, name, () => Promise.reject(failed));
  }
  return met;
}

/** A run that was killed is started again, and killed again, until it comes to none of the wanted calls any more. */
async function upThatMeets(
  driver: Driver,
  program: Program,
  proxy: GrpcProxy,
  fault: FaultName,
  wanted: readonly Met[],
  met: Met[],
): Promise<string[]> {
  for (;;) {
    const before = met.length;
    arm(driver, proxy, fault, wanted, met);
    const errors = await driver.up(program);
    if (!isKill(fault) || met.length === before || met.length === wanted.length) return errors;
  }
}

function isKill(fault: FaultName): fault is (typeof KILLS)[number] {
  return (KILLS as readonly FaultName[]).includes(fault);
}

/** Notes the faults that are met, as they are met. A process is killed once. */
function arm(driver: Driver, proxy: GrpcProxy, fault: FaultName, wanted: readonly Met[], met: Met[]): void {
  const isMet = ({ method, nth }: Met): boolean => {
    const target = wanted.find((one) => one.method === method && one.nth === nth);
    if (target) met.push(target);
    return target !== undefined;
  };
  if (isKill(fault)) {
    let isKilled = false;
    proxy.answered = (call) => {
      if (isKilled || !isMet(call)) return;
      isKilled = true;
      if (fault === "kill the engine") driver.killEngine();
      else driver.killProvider();
    };
    return;
  }
  let refuseUntil = 0;
  proxy.before = async (call): Promise<Fault | undefined> => {
    if (Date.now() < refuseUntil) return "refuse";
    if (!isMet(call)) return undefined;
    switch (fault) {
      case "delay":
        await sleep(DELAY);
        return undefined;
      case "unavailable for a while":
        refuseUntil = Date.now() + BURST;
        return "refuse";
      case "refuse":
      case "lose the call":
      case "swallow the call":
      case "lose the answer":
      case "stay silent":
        return fault;
    }
  };
}
