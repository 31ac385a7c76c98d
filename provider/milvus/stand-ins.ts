/**
 * What the Milvus SDK requires while it loads, and what it gets in place of each: most of the time that it takes, for
 * what this package's calls do not use. Facts behind it (SDK 3.0.6): while it loads it takes a logger and no more from
 * these, and of what it takes afterwards nothing but properties.
 */
import { whenLookedInto } from "./when-looked-into";

/** `load` gives what the SDK asked for. */
type StandIn = (load: () => object) => object;

/** Whoever looks into it finds the real one. */
const later: StandIn = (load) => whenLookedInto(load);

/** The same for a module in ECMAScript's form, whose default is handed on before anybody looks into that. */
const defaultLater: StandIn = (load) => ({
  __esModule: true,
  default: whenLookedInto(() => (load() as { readonly default: object }).default),
});

const PROTOCOLS = "@zilliz/milvus2-sdk-node/dist/milvus/proto-json";

/** By what the SDK requires. */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  // The bulk writer's, with the AWS client behind it.
  "@shanghaikid/parquetjs": later,
  // For those who trace their calls.
  "@opentelemetry/api": later,
  // For vectors of two bytes for each dimension.
  "@petamoriken/float16": later,
  // The protocol once more, for what a collection and a search are made of.
  [`${PROTOCOLS}/milvus.base`]: defaultLater,
  [`${PROTOCOLS}/schema.base`]: defaultLater,
  // What is left to it when calls are not read by this package: provider/milvus/protocol.ts.
  "@grpc/proto-loader": (load) => ({
    fromJSON: (...args: unknown[]) =>
      (load() as { fromJSON: (...args: unknown[]) => unknown }).fromJSON(...args),
  }),
  // Its log, which nobody is to see: it would have every message.
  winston: () => NO_LOG,
};

const nothing = (): void => undefined;

const NO_LOG = {
  createLogger: () => ({ silent: true, debug: nothing, info: nothing, warn: nothing, error: nothing }),
  transports: { Console: class {} },
  format: { combine: nothing, colorize: nothing, timestamp: nothing, printf: nothing },
};
