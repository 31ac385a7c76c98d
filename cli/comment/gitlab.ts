import { carries, type Comments, loaded } from "./comments";
import type { GitLabPlace } from "./place";

/** For one request. */
const SECONDS = 60;

export async function gitLabComments(place: GitLabPlace): Promise<Comments> {
  const { MergeRequestNotes } = await loaded("@gitbeaker/rest", () => import("@gitbeaker/rest"));
  const notes = new MergeRequestNotes({
    // The client adds /api/v4 itself.
    host: place.apiUrl.replace(/\/api\/v4$/, ""),
    token: place.token,
    queryTimeout: SECONDS * 1_000,
  });
  const { project, number } = place;
  const where = (id: number): string => `note ${id} on merge request !${number}`;
  return {
    async find(marker) {
      const all = await notes.all(project, number, { perPage: 100, sort: "asc", orderBy: "created_at" });
      return all.find(({ body }) => carries(body, marker))?.id;
    },
    create: async (body) => where((await notes.create(project, number, body)).id),
    update: async (id, body) => where((await notes.edit(project, number, id, { body })).id),
    advice: (error) => advice(error, place),
  };
}

function advice(error: unknown, place: GitLabPlace): string | undefined {
  const { cause } = error as { cause?: { response?: { status?: number } } };
  switch (cause?.response?.status ?? 0) {
    case 401:
      return `GITLAB_TOKEN was refused: it is expired, or of another server than ${place.apiUrl}.`;
    case 403:
      return "The token may not comment: it needs scope api and the role Developer, or Maintainer to update a note that another user wrote.";
    case 404:
      return `Is there a merge request !${place.number} in project ${place.project}, and may the token see it?`;
    default:
      return undefined;
  }
}
