"use strict";
/** Stands in for the Parquet library of the SDK's bulk writer, which nothing here uses. */
module.exports = {};
