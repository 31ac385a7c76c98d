// Written by `npm run generate` from provider/resources; do not edit.

export * from "./database";
export * from "./collection";
export * from "./partition";
export * from "./partition-set";
export * from "./field-index";
export * from "./collection-load";
export * from "./alias";
export * from "./user";
export * from "./role";
export * from "./role-membership";
export * from "./grant";
export * from "./privilege-group";
export * from "./resource-group";
export * from "./collection-behind-alias";
export { Provider, ProviderArgs, TlsArgs } from "./provider";
export * from "./lookups";
export * from "./shared";
