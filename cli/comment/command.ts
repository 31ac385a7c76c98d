import { readFileSync } from "node:fs";

import { MARKER } from "../preview/markdown";
import type { Comments } from "./comments";
import { gitHubComments } from "./github";
import { gitLabComments } from "./gitlab";
import { type Place, placeFrom } from "./place";

export interface CommentOptions {
  readonly file: string;
  readonly pullRequest?: string;
  /** One comment for each stack that is named; without a name, one for the pull request. */
  readonly stack?: string;
}

export async function comment({ file, pullRequest, stack }: CommentOptions): Promise<void> {
  const report = readFileSync(file, "utf8").replace(MARKER, "").trim();
  if (report === "") throw new Error(`${file} is empty: there is nothing to post`);
  const place = placeFrom(process.env, pullRequest);
  const marker = markerOf(stack);
  const body = [marker, ...(stack === undefined ? [] : [`Stack \`${stack}\``]), report].join("\n\n");
  const comments = await connect(place);
  try {
    const id = await comments.find(marker);
    if (id === undefined) console.log(`posted ${await comments.create(body)}`);
    else console.log(`updated ${await comments.update(id, body)}`);
  } catch (error) {
    throw failure(error, place, comments.advice(error, body));
  }
}

/** Encoded, a name cannot end the HTML comment that it is in. */
function markerOf(stack: string | undefined): string {
  return stack === undefined ? MARKER : MARKER.replace(" -->", `: ${encodeURIComponent(stack)} -->`);
}

function connect(place: Place): Promise<Comments> {
  return place.host === "GitHub" ? gitHubComments(place) : gitLabComments(place);
}

function failure(error: unknown, place: Place, advice: string | undefined): Error {
  const message = wordsOf(error);
  const what = `could not comment on ${place.host === "GitHub" ? "pull" : "merge"} request ${place.number}`;
  const text = `${what} at ${place.apiUrl}: ${message}${advice === undefined ? "" : `\n${advice}`}`;
  // Whatever an error quotes, such as a header that is not valid, the token is not shown.
  return new Error(text.replaceAll(place.token, "***"));
}

/** Of a connection that failed, fetch says why in the cause alone. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && !message.includes(cause.message)
    ? `${message}: ${cause.message}`
    : message;
}
