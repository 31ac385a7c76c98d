/** What examples say of each other and of the package, and the one for Kubernetes under Pulumi's mocks. */
import * as fs from "node:fs";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { valueOf } from "../support/pulumi-mocks";

const ROOT = path.join(__dirname, "..", "..");
const EXAMPLES = path.join(ROOT, "examples");
const read = (...names: string[]): string => fs.readFileSync(path.join(ROOT, ...names), "utf8");

type Versions = Readonly<Record<string, string>>;
interface Package {
  readonly name: string;
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
}

const ours = JSON.parse(read("package.json")) as Package;
/** Those that are projects. */
const folders = fs
  .readdirSync(EXAMPLES)
  .filter((name) => fs.existsSync(path.join(EXAMPLES, name, "package.json")));

describe.each(folders)("examples/%s", (folder) => {
  const { name, dependencies } = JSON.parse(read("examples", folder, "package.json")) as Package;

  test("depends on what this package goes with", () => {
    const { "@pulumi/kubernetes": _kubernetes, ...others } = dependencies;
    const { "@pulumi/pulumi": pulumiRange, "pulumi-milvus": own, ...sdk } = others;
    expect([pulumiRange, own]).toEqual([ours.peerDependencies["@pulumi/pulumi"], "file:../.."]);
    expect(ours.dependencies).toMatchObject(sdk);
  });

  test("is called the same everywhere", () => {
    const inRoot = (parse(read("Pulumi.yaml")) as { main: string }).main === `examples/${folder}`;
    const project = parse(inRoot ? read("Pulumi.yaml") : read("examples", folder, "Pulumi.yaml")) as Package;
    expect([name, project.name]).toEqual([`milvus-${folder}`, `milvus-${folder}`]);
  });

  test("is in the docs", () => {
    const pages = ["getting-started", "milvus-in-the-stack", "zilliz-cloud"].map((page) =>
      read("docs", `${page}.md`),
    );
    expect(pages.join("\n")).toContain(`../examples/${folder}/index.ts`);
  });
});

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly environment: object }>>;
}

test("examples/compose starts what the tests' own compose file does", () => {
  const [example, own] = [read("examples", "compose", "compose.yaml"), read("compose.yaml")].map(
    (text) => (parse(text) as Compose).services,
  );
  const imagesOf = (services: Compose["services"] = {}): string[] =>
    Object.values(services).map(({ image }) => image.replace(/\$\{MILVUS_VERSION:-(.+)\}/, "$1"));
  expect(imagesOf(example)).toEqual(imagesOf(own));
  expect(example?.["standalone"]?.environment).toMatchObject(own?.["standalone"]?.environment ?? {});
});

/** Types of @pulumi/kubernetes as the engine has them. */
const RELEASE = "kubernetes:helm.sh/v3:Release";
const SERVICE = "kubernetes:core/v1:Service";

jest.mock(
  "@pulumi/kubernetes",
  () => {
    class Release extends pulumi.CustomResource {
      constructor(name: string, args: pulumi.Inputs) {
        super(RELEASE, name, { status: undefined, ...args });
      }
    }
    class Service extends pulumi.CustomResource {
      static get(name: string, id: pulumi.Input<string>): Service {
        return new Service(name, { status: undefined }, { id });
      }
      private constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
        super(SERVICE, name, props, opts);
      }
    }
    return { helm: { v3: { Release } }, core: { v1: { Service } } };
  },
  { virtual: true },
);
jest.mock("pulumi-milvus", () => jest.requireActual<object>("../../sdk/nodejs"), { virtual: true });

describe("examples/helm under mocks", () => {
  const registered = new Map<string, pulumi.runtime.MockResourceArgs>();
  let exported: { readonly address: pulumi.Output<string> };

  beforeAll(async () => {
    pulumi.runtime.setAllConfig(
      {
        "milvus-helm:namespace": "vectors",
        "milvus-helm:allowedFrom": "203.0.113.0/24",
        "milvus-helm:rootPassword": 's3cret "of" root',
      },
      ["milvus-helm:rootPassword"],
    );
    let tellLast: () => void;
    const last = new Promise<void>((resolve) => (tellLast = resolve));
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => {
          registered.set(`${args.type} ${args.name}`, args);
          if (args.name === "loaded") tellLast();
          const { name, namespace } = args.inputs as Record<string, string>;
          const status =
            args.type === SERVICE
              ? { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } }
              : { name, namespace };
          return { id: args.id ?? args.name, state: { ...(args.inputs as object), status } };
        },
        call: () => ({}),
      },
      "milvus-helm",
    );
    exported = jest.requireActual<typeof exported>("../../examples/helm");
    await last;
  });
  afterAll(() => pulumi.runtime.disconnect());

  const inputsOf = (type: string, name: string): Record<string, unknown> =>
    (registered.get(`${type} ${name}`)?.inputs ?? {}) as Record<string, unknown>;

  test("the chart is a standalone one with a password, reached from where it is allowed", () => {
    // Secret as a whole, for the password in it.
    const { values: secret } = inputsOf(RELEASE, "milvus") as { values: { value: Record<string, unknown> } };
    const values = secret.value;
    expect(values).toMatchObject({
      cluster: { enabled: false },
      service: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] },
    });
    const { "user.yaml": settings = "" } = values["extraConfigFiles"] as Record<string, string>;
    expect(parse(settings)).toEqual({
      common: { security: { authorizationEnabled: true, defaultRootPassword: 's3cret "of" root' } },
    });
  });

  test("the objects live on the Milvus that it starts", async () => {
    expect(registered.get(`${SERVICE} milvus`)?.id).toBe("vectors/milvus");
    expect(await valueOf(exported.address)).toBe("203.0.113.7:19530");
    expect(inputsOf("pulumi:providers:pulumi-nodejs", "in_cluster")).toMatchObject({
      "milvus:address": "203.0.113.7:19530",
      "milvus:madeByStack": "true",
      "milvus:username": "root",
    });
    for (const [kind, name] of [
      ["Collection", "documents"],
      ["Partition", "y2024"],
      ["Index", "by_meaning"],
      ["CollectionLoad", "loaded"],
    ] as const)
      expect(registered.get(`pulumi-nodejs:dynamic/milvus:${kind} ${name}`)?.provider).toContain(
        "in_cluster",
      );
  });
});
