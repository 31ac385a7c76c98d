/**
 * The floor: a provider that the state calls by a literal line, as ours, and that does nothing. What the engine takes
 * for it is what it takes for anything.
 */
let made = 0;

module.exports = {
  check: async (_olds, news) => ({ inputs: news, failures: [] }),
  diff: async (_id, olds, news) => {
    const replaces = ["version", "parentId"].filter((input) => olds[input] !== news[input]);
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: true };
  },
  create: async (inputs) => {
    const objectId = `${process.pid}-${++made}`;
    return { id: objectId, outs: { ...inputs, objectId } };
  },
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => undefined,
};
