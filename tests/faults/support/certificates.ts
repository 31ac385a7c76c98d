/** Certificates for a test, made when it runs: authorities, and what they sign for servers and clients. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { generate } from "selfsigned";

import { removeTemporary, temporaryFolder } from "../../../tools/processes";

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends CertificateFiles {
  /** What signs, as texts. */
  readonly ca: { readonly cert: string; readonly key: string };
}

const DAY = 24 * 60 * 60 * 1000;
const KEYS = { keyType: "ec", algorithm: "sha256" } as const;

export class Certificates {
  private readonly folder = temporaryFolder("pulumi-milvus-certificates-");

  async authority(name: string): Promise<Authority> {
    const made = await generate([{ name: "commonName", value: name }], {
      ...KEYS,
      ...validity(),
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return { ...this.write(name, made), ca: { cert: made.cert, key: made.private } };
  }

  /** Good for both sides of a connection, under these names. */
  async signedBy(
    { ca }: Authority,
    name: string,
    { names, expired = false }: { readonly names: readonly string[]; readonly expired?: boolean },
  ): Promise<CertificateFiles> {
    const made = await generate([{ name: "commonName", value: name }], {
      ...KEYS,
      ...validity(expired),
      ca,
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", serverAuth: true, clientAuth: true },
        { name: "subjectAltName", altNames: names.map((value) => ({ type: 2 as const, value })) },
      ],
    });
    return this.write(name, made);
  }

  /** A file that is something else. */
  file(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  remove(): void {
    removeTemporary(this.folder);
  }

  private write(name: string, { cert, private: key }: { cert: string; private: string }): CertificateFiles {
    return { certificate: this.file(`${name}.pem`, cert), key: this.file(`${name}.key`, key) };
  }
}

function validity(expired = false): { notBeforeDate: Date; notAfterDate: Date } {
  const now = Date.now();
  const notAfter = now + (expired ? -DAY : 30 * DAY);
  return { notBeforeDate: new Date(now - 30 * DAY), notAfterDate: new Date(notAfter) };
}
