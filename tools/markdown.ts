/** What tests and the site have to know of the Markdown of README.md and docs/. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { filesBelow } from "./files";

const ROOT = join(__dirname, "..");

export interface Page {
  /** In the repository: `docs/ci.md`. */
  readonly path: string;
  readonly text: string;
}

export function pages(): Page[] {
  const below = filesBelow(join(ROOT, "docs")).map((file) => relative(ROOT, file));
  return ["README.md", ...below.filter((file) => file.endsWith(".md"))].map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), "utf8"),
  }));
}

export interface Block {
  /** Such as `ts`; empty where none is named. */
  readonly language: string;
  /** Without the indentation of the list that it stands in. */
  readonly text: string;
  /** Of its fence, from 1. */
  readonly line: number;
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

export function blocksIn(text: string): Block[] {
  return [...text.matchAll(FENCED)].map(({ 1: indent = "", 2: language = "", 3: inner = "", index }) => ({
    language,
    text: inner.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    line: text.slice(0, index).split("\n").length,
  }));
}

/** With the lines of blocks empty, so that numbers of lines stay. */
export function withoutBlocks(text: string): string {
  return text.replaceAll(FENCED, (block) => block.replaceAll(/[^\n]/g, ""));
}

/** Where links lead to, those to other sites included. */
export function linksIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** What stands behind `#` in a link to a heading. */
export function anchorsIn(text: string): Set<string> {
  return new Set([...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slug(heading)));
}

/** As GitHub does it. */
export function slug(heading: string): string {
  return heading
    .replaceAll(/\[(.*?)\]\(.*?\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}
