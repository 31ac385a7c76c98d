import {
  CONFIG_KEYS,
  identityOf,
  type Lookup,
  readSettings,
  refuseUnknownKeys,
  type Settings,
} from "../../provider/milvus/settings";
import { KNOWN_KEYS } from "../../sdk/nodejs/config-keys";

/** Of settings that say nothing of data. */
const DEFAULT_POLICY = {
  protectData: "replacements",
  acknowledgedDataLoss: [],
  policyIsCurrent: false,
  isExplicit: false,
};
const PASSWORD = "s3cret-pass";
const TOKEN = "t0ken-value";

const lookup =
  (values: Readonly<Record<string, string>>): Lookup =>
  (name) =>
    values[name];

function settings(
  configured: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Settings {
  return readSettings(lookup(configured), lookup(environment));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe("a credential", () => {
  test.each<[string, string, string | undefined]>([
    ["as it is", PASSWORD, PASSWORD],
    ["with the line end of a file", `${PASSWORD}\n`, PASSWORD],
    ["with that of a file from Windows", `${PASSWORD}\r\n`, PASSWORD],
    ["with blanks around it, which may be part of it", ` ${PASSWORD}\t`, ` ${PASSWORD}\t`],
    ["that is nothing but a line end", "\n", undefined],
  ])("%s", (_, given, used) => {
    expect(settings({ address: "localhost", token: given }).token).toBe(used);
    expect(settings({ address: "localhost" }, { MILVUS_TOKEN: given }).token).toBe(used);
    if (used === undefined) return;
    const user = { address: "localhost", username: "root", password: given };
    expect(settings(user).password).toBe(used);
  });
});

describe("an address", () => {
  test.each<[string, string, boolean]>([
    ["milvus.example.com", "milvus.example.com:19530", false],
    ["milvus.example.com:19531", "milvus.example.com:19531", false],
    ["http://milvus.example.com", "milvus.example.com:19530", false],
    ["http://milvus.example.com:80", "milvus.example.com:80", false],
    ["http://milvus.example.com/", "milvus.example.com:19530", false],
    ["https://milvus.example.com", "milvus.example.com:443", true],
    ["https://milvus.example.com:19530/", "milvus.example.com:19530", true],
    ["127.0.0.1", "127.0.0.1:19530", false],
    ["[::1]", "[::1]:19530", false],
    ["[2001:db8::7]:19531", "[2001:db8::7]:19531", false],
    ["https://[::1]", "[::1]:443", true],
    ["  localhost:1  ", "localhost:1", false],
    ["localhost:65535", "localhost:65535", false],
  ])("%s is %s, secure: %p", (address, hostAndPort, secure) => {
    const read = settings({ address });
    expect(read.address).toBe(hostAndPort);
    expect(read.tls).toEqual(secure ? {} : undefined);
  });

  test("without a port gets 443 when tls is asked for by itself", () => {
    expect(settings({ address: "milvus.example.com", tls: "true" }).address).toBe("milvus.example.com:443");
    expect(settings({ address: "http://milvus.example.com", tls: '{"serverName":"m"}' }).address).toBe(
      "milvus.example.com:443",
    );
  });

  test.each([
    `https://root:${PASSWORD}@milvus.example.com`,
    `root:${PASSWORD}@milvus.example.com:19530`,
    `https://milvus.example.com/${PASSWORD}`,
    `milvus.example.com:19530/${PASSWORD}`,
    `milvus.example.com?token=${PASSWORD}`,
    `milvus.example.com#${PASSWORD}`,
    `tcp://${PASSWORD}`,
    "localhost:0",
    "localhost:65536",
    "localhost:port",
    "::1",
    "http://",
  ])("%s is refused without being repeated", (address) => {
    const message = messageOf(() => settings({ address }));
    expect(message).toBe(
      "the Milvus address must be HOST, HOST:PORT, http://HOST:PORT or https://HOST:PORT, without credentials or a " +
        "path (use `token` and `database` for those)",
    );
    expect(message).not.toContain(PASSWORD);
  });

  test.each<Record<string, string>>([{}, { address: "" }, { address: "  " }])(
    "that is missing (%p) says every way to set it",
    (configured) => {
      expect(messageOf(() => settings(configured))).toMatch(
        /pulumi config set milvus:address.*MILVUS_ADDRESS.*new milvus\.Provider/s,
      );
    },
  );
});

describe("where settings come from", () => {
  const environment = {
    MILVUS_ADDRESS: "env.example.com",
    MILVUS_USERNAME: "env_user",
    MILVUS_PASSWORD: PASSWORD,
    MILVUS_DATABASE: "env_db",
  };

  test("the environment counts where stack config says nothing", () => {
    expect(settings({}, environment)).toEqual({
      address: "env.example.com:19530",
      tls: undefined,
      username: "env_user",
      password: PASSWORD,
      token: undefined,
      database: "env_db",
      ...DEFAULT_POLICY,
    });
  });

  test("stack config counts before the environment, each setting for itself", () => {
    const read = settings({ address: "config.example.com", database: "config_db" }, environment);
    expect(read).toMatchObject({
      address: "config.example.com:19530",
      database: "config_db",
      username: "env_user",
    });
  });

  test("an empty setting is none", () => {
    expect(settings({ address: "", database: " " }, environment)).toMatchObject({
      address: "env.example.com:19530",
      database: "env_db",
    });
  });

  test("an explicit Provider counts alone: credentials of the environment are not sent to its server", () => {
    const read = settings(
      { explicit: "true", address: "provider.example.com" },
      { ...environment, MILVUS_TOKEN: TOKEN },
    );
    expect(read).toEqual({
      address: "provider.example.com:19530",
      tls: undefined,
      username: undefined,
      password: undefined,
      token: undefined,
      database: "default",
      ...DEFAULT_POLICY,
      isExplicit: true,
    });
  });

  test("an explicit Provider without an address does not fall back on the environment's", () => {
    expect(messageOf(() => settings({ explicit: "true" }, environment))).toMatch(/no Milvus address/);
  });

  test("the database is Milvus's default one when nobody names one", () => {
    expect(settings({ address: "localhost" }).database).toBe("default");
  });
});

describe("credentials", () => {
  test.each<[string, Record<string, string>]>([
    ["a username without a password", { username: "root" }],
    ["a password without a username", { password: PASSWORD }],
  ])("%s is refused, without showing either", (_what, values) => {
    const message = messageOf(() => settings({ address: "localhost", token: TOKEN, ...values }));
    expect(message).toBe("Milvus username and password go together: one of them is missing");
  });

  test("tell two connections to one server apart", () => {
    const identities = [
      settings({ address: "localhost" }),
      settings({ address: "localhost", token: TOKEN }),
      settings({ address: "localhost", username: "a", password: PASSWORD }),
      settings({ address: "localhost", username: "a", password: "another" }),
      settings({ address: "localhost:1" }),
      settings({ address: "localhost:19530", tls: "true" }),
    ].map(identityOf);
    expect(new Set(identities).size).toBe(identities.length);
  });

  test("and so does the database, by which Milvus 2.3 judges what a user may do", () => {
    const [one, same, other] = [
      settings({ address: "localhost", database: "a" }),
      settings({ address: "http://localhost:19530", database: "a" }),
      settings({ address: "localhost", database: "b" }),
    ].map(identityOf);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });
});

describe("tls", () => {
  test.each<[string, object | undefined]>([
    ["true", {}],
    ["false", undefined],
    ['{"caCertPath":"ca.pem","serverName":"milvus"}', { caCertPath: "ca.pem", serverName: "milvus" }],
    ['{"insecureSkipVerify":"true"}', { insecureSkipVerify: true }],
    ['{"insecureSkipVerify":"false"}', { insecureSkipVerify: false }],
  ])("%s means %p", (tls, expected) => {
    expect(settings({ address: "localhost:1", tls }).tls).toEqual(expected);
  });

  test("stays on for an https address that says false", () => {
    expect(settings({ address: "https://localhost", tls: "false" }).tls).toEqual({});
  });

  test.each(["yes", "5", "null", '"ca.pem"', "{", '["ca.pem"]'])("%s is refused", (tls) => {
    expect(messageOf(() => settings({ address: "localhost", tls }))).toMatch(
      /milvus:tls must be true, false or an object/,
    );
  });

  test.each([
    ['{"caCertpath":"ca.pem"}', 'milvus:tls has no setting "caCertpath"; did you mean "caCertPath"?'],
    ['{"insecureSkipVerify":"no"}', "insecureSkipVerify of milvus:tls must be true or false"],
    ['{"insecureSkipVerify":1}', "insecureSkipVerify of milvus:tls must be true or false"],
    ['{"caCertPath":true}', "caCertPath of milvus:tls must be a string"],
    ['{"serverName":""}', "serverName of milvus:tls must be a string"],
    [
      '{"clientCertPath":"a.pem"}',
      "clientCertPath and clientKeyPath of milvus:tls go together: one of them is missing",
    ],
    [
      '{"clientKeyPath":"a.key"}',
      "clientCertPath and clientKeyPath of milvus:tls go together: one of them is missing",
    ],
  ])("%s is refused in the words of the rule", (tls, rule) => {
    expect(messageOf(() => settings({ address: "localhost", tls }))).toBe(rule);
  });
});

describe("protection of data", () => {
  const protection = (configured: Record<string, string>, environment: Record<string, string> = {}) => {
    const { protectData, acknowledgedDataLoss } = settings(
      { address: "localhost", ...configured },
      environment,
    );
    return { protectData, acknowledgedDataLoss };
  };

  test("is that of what replacements drop unless something else is asked for, in stack config or the environment", () => {
    expect(protection({}).protectData).toBe("replacements");
    expect(protection({ protectData: "replacements" }, { MILVUS_PROTECT_DATA: "false" }).protectData).toBe(
      "replacements",
    );
    expect(protection({}, { MILVUS_PROTECT_DATA: "false" }).protectData).toBe(false);
    expect(protection({ protectData: "false" }, { MILVUS_PROTECT_DATA: "true" }).protectData).toBe(false);
    expect(protection({ protectData: "true" }).protectData).toBe(true);
    expect(protection({}, { MILVUS_PROTECT_DATA: "true" }).protectData).toBe(true);
  });

  test("is never off by mistake", () => {
    expect(messageOf(() => protection({ protectData: "yes" }))).toBe(
      "milvus:protectData must be replacements, true or false",
    );
    for (const misspelt of ["replacement", "Replacements", "replacemnts"])
      expect(messageOf(() => protection({}, { MILVUS_PROTECT_DATA: misspelt }))).toBe(
        'milvus:protectData must be replacements, true or false; did you mean "replacements"?',
      );
  });

  test.each<[string, string[]]>([
    ['["default/documents","default/logs/y2023"]', ["default/documents", "default/logs/y2023"]],
    ["default/documents, default/logs/y2023,", ["default/documents", "default/logs/y2023"]],
    ["[]", []],
  ])("lets %s go", (acknowledgedDataLoss, ids) => {
    expect(protection({ acknowledgedDataLoss }).acknowledgedDataLoss).toEqual(ids);
  });

  test.each(["[1]", "[default/documents]", '["a"'])(
    "does not guess what %s means",
    (acknowledgedDataLoss) => {
      expect(messageOf(() => protection({ acknowledgedDataLoss }))).toMatch(
        /milvus:acknowledgedDataLoss must be a list of ids/,
      );
    },
  );
});

describe("a key of stack config", () => {
  const all = CONFIG_KEYS.map((key) => `milvus:${key}`);

  test("that is a setting is taken, by the SDK as well, and what is of others is left alone", () => {
    expect(KNOWN_KEYS).toEqual(all);
    refuseUnknownKeys([...all, "aws:region", "app:protectdata", "milvus-like:x"], "app");
  });

  test.each([
    [
      "milvus:protectdata",
      "app",
      'has "milvus:protectdata", and there is no such setting; did you mean "protectData"?',
    ],
    ["milvus:protect_data", "app", 'did you mean "protectData"?'],
    ["milvus:acknowledgeDataLoss", "app", 'did you mean "acknowledgedDataLoss"?'],
    ["milvus:pasword", "app", 'did you mean "password"?'],
    ["milvus:somethingElseEntirely", "app", "no such setting. Known are address, username,"],
    ["milvus:protectdata", "milvus", "Remove it with `pulumi config rm milvus:protectdata`"],
  ])("%s in project %s is refused", (key, project, expected) => {
    expect(messageOf(() => refuseUnknownKeys(["milvus:address", key], project))).toContain(expected);
  });

  test("of a project called milvus may be the program's own", () => {
    refuseUnknownKeys(["milvus:replicas", "milvus:pasword"], "milvus");
    expect(() => refuseUnknownKeys(["milvus:replicas"], "app")).toThrow("no such setting");
  });
});
