/** A protocol as protobufjs describes it, and the part of it that some messages need. */
import type * as protobuf from "protobufjs";

export type Protocol = protobuf.INamespace;

/** What stands under a name: a namespace, a message, an enum or a service. */
type Described = Partial<protobuf.IType & protobuf.IEnum & protobuf.IService> & {
  readonly nested?: Readonly<Record<string, Described | undefined>>;
};

/** Names from the outermost: `["milvus", "proto", "common", "Status"]`. */
type Path = readonly string[];

export interface DescribedService {
  readonly path: Path;
  readonly methods: Readonly<Record<string, protobuf.IMethod>>;
}

export function servicesOf(protocol: Protocol): DescribedService[] {
  const within = (described: Described, path: Path): DescribedService[] => [
    ...(described.methods ? [{ path, methods: described.methods }] : []),
    ...Object.entries(described.nested ?? {}).flatMap(([name, inner]) =>
      inner ? within(inner, [...path, name]) : [],
    ),
  ];
  return within(protocol, []);
}

/** With those messages and enums, by their paths, whatever their fields are made of, and nothing else. */
export function partOf(protocol: Protocol, paths: readonly Path[]): Protocol {
  const root = protocol as Described;
  const part: Draft = withoutNested(root);
  const wanted = [...paths];
  const taken = new Set<string>();
  for (let path = wanted.pop(); path; path = wanted.pop()) {
    if (taken.has(path.join("."))) continue;
    taken.add(path.join("."));
    const { fields = {} } = take(root, part, path);
    for (const { type } of Object.values(fields))
      if (!SCALARS.has(type)) wanted.push(pathOf(root, type, path));
  }
  return part;
}

/** What a name means to what stands at `from`: of the innermost scope that has it. */
export function pathOf(protocol: Protocol, name: string, from: Path): Path {
  const parts = name.replace(/^\./, "").split(".");
  const innermost = name.startsWith(".") ? 0 : from.length;
  for (let length = innermost; length >= 0; length--) {
    const path = [...from.slice(0, length), ...parts];
    if (describedAt(protocol, path)) return path;
  }
  throw new Error(`${from.join(".")} needs ${name}, which is not described`);
}

/** https://protobuf.dev/programming-guides/proto3/#scalar */
const SCALARS: ReadonlySet<string> = new Set([
  ...["double", "float", "bool", "string", "bytes"],
  ...["int32", "uint32", "sint32", "fixed32", "sfixed32"],
  ...["int64", "uint64", "sint64", "fixed64", "sfixed64"],
]);

type Draft = Omit<Described, "nested"> & { nested?: Record<string, Draft> };

function withoutNested({ nested: _, ...rest }: Described): Draft {
  return rest;
}

/** Adds what stands at that path, and what it stands in, without all else in that. */
function take(root: Described, part: Draft, path: Path): Described {
  let [original, copy] = [root, part];
  for (const name of path) {
    const inner = inside(original, name);
    if (!inner) throw new Error(`${path.join(".")} is not described`);
    original = inner;
    copy = (copy.nested ??= {})[name] ??= withoutNested(inner);
  }
  return original;
}

function describedAt(root: Described, path: Path): Described | undefined {
  let found: Described | undefined = root;
  for (const name of path) found = found && inside(found, name);
  return found;
}

function inside({ nested = {} }: Described, name: string): Described | undefined {
  return Object.hasOwn(nested, name) ? nested[name] : undefined;
}
