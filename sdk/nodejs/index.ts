// Written by `npm run generate` from provider/resources; do not edit.

export * from "./collection";
export * from "./partition";
export * from "./vector-index";
export * from "./provider";
export * from "./shared";
