/** The SDKs of other languages, as Pulumi's generators write them from the declarations. */
import { outdatedFiles } from "../../tools/sdks";

test("the schema and the SDKs are those of the declarations: npm run sdks", async () => {
  expect(await outdatedFiles()).toEqual([]);
});
