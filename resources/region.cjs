"use strict";
const { readRegion } = require("../lib/archive/caller.ts");

/** Where a stage is, when neither an option nor AWS_REGION says it: where the commands look for it, too. */
module.exports = ({ options }) => readRegion(options["aws-profile"]).catch(() => "us-east-1");
