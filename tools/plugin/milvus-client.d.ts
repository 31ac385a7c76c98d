/** The Milvus client as one piece of text: tools/plugin/client.ts makes it. */
declare module "milvus-client.cjs" {
  const text: string;
  export default text;
}
