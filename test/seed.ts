import fc from "fast-check";

// One seed for all properties: a red run can be repeated, and CI is no lottery.
fc.configureGlobal({ seed: 20_260_101 });

// Commands speak the language of the locale; that of the tests is English, wherever they run.
process.env.LC_ALL = "C";
