/** One mistake that somebody could make, and the tests that have to notice it. */
export interface Mistake {
	readonly file: string;
	/** What stands there, once (or first after `after`), and what stands there instead; one or several. */
	readonly changes: readonly (readonly [from: string, to: string])[];
	readonly after?: string;
	/** Why it would hurt. */
	readonly harm: string;
	/** A file of tests, and the name of the test when not all of them have to run. */
	readonly test: readonly [file: string, name?: string];
}

const unit = (room: string) => `test/unit/${room}.test.ts`;
const stack = (name: string) => `test/stack/${name}.test.ts`;
const packaged = (name: string) => `test/package/${name}.test.ts`;

/**
 * Mistakes that went unnoticed once, and faults that were there once. Mutation testing makes others, but
 * no number, no order of steps, no template.
 */
export const mistakes: readonly Mistake[] = [
	// What is kept.
	{
		file: "lib/storage/table.ts",
		changes: [
			["...parts.map((part) => putLasting(part, signal)),", ""],
			[
				"// The row is written: what only",
				"await Promise.all(parts.map((part) => putLasting(part, signal)));\n// The row is written: what only",
			],
		],
		harm: "a row is seen, and acknowledged as kept, whose text is not there",
		test: [unit("storage/table")],
	},
	{
		file: "lib/storage/table.ts",
		changes: [[".catch(() => false)", ""]],
		harm: "a failing count makes a message that is stored come back for 14 days",
		test: [unit("storage/table")],
	},
	{
		file: "lib/storage/table.ts",
		changes: [
			["return Items.map((item) => unmarshall(item)).some(", "return Items.length > 0 || [].some("],
		],
		harm: "every message counts as a revision",
		test: [unit("storage/table")],
	},
	{
		file: "lib/storage/record.ts",
		changes: [["Math.ceil(Date.parse(row.receivedAt) / 1_000)", "Date.parse(row.receivedAt)"]],
		harm: "what the owner wanted deleted after some days stays for 50,000 years",
		test: [unit("storage/record")],
	},
	{
		file: "lib/storage/record.ts",
		changes: [
			[
				"parts: expiresAt ? parts.map((part) => ({ ...part, expiresAt: expiresAt + outlive })) : parts,",
				"parts,",
			],
		],
		harm: "pieces of texts whose row is gone stay for ever",
		test: [unit("storage/record")],
	},
	{
		file: "lib/storage/table.ts",
		changes: [["...entries.map((entry) => enter(entry, signal)),", ""]],
		harm: "what a contact wrote, or was written in a room, is not found by it",
		test: [unit("storage/table")],
	},
	{
		file: "lib/storage/table.ts",
		changes: [
			["...entries.map((entry) => enter(entry, signal)),", ""],
			[
				"// The row is written: what only",
				"await Promise.all(entries.map((entry) => enter(entry, signal)));\n// The row is written: what only",
			],
		],
		harm: "a row whose process dies too early, and which comes again as a duplicate, is never found by its contact",
		test: [unit("storage/table")],
	},
	{
		file: "lib/storage/directory.ts",
		changes: [["entered.catch(() => known.delete(name));", "entered.catch(() => {});"]],
		harm: "an entry that the table refused once is taken for refused until the process ends",
		test: [unit("storage/table")],
	},
	{
		file: "lib/storage/row.ts",
		changes: [["storingShard(messageIdOf(row) ?? digestOf(row))", "storingShard(digestOf(row))"]],
		harm: "a message is looked for by its id where its rows are not",
		test: [unit("storage/record")],
	},
	{
		file: "lib/storage/record.ts",
		changes: [["if (row.conformance !== USUAL_CONFORMANCE)", "if (row.violations)"]],
		harm: "what the published schema accepts is shown as corrected",
		test: [unit("storage/record")],
	},
	{
		file: "serverless.yml",
		changes: [["applicationLogLevel: INFO", "applicationLogLevel: WARN"]],
		harm: "Lambda drops all metrics, which are lines without a level, and every alarm is silent",
		test: [packaged("template"), "functions"],
	},
	{
		file: "lib/storage/record.ts",
		changes: [["body: isWorth ? body : plain", "body: plain"]],
		harm: "each KB of a long text is paid for as a write, and one of 399 KiB fits into no item",
		test: [unit("storage/record")],
	},
	{
		file: "lib/config.ts",
		changes: [['if (value === "forever") return undefined;', "return undefined;"]],
		harm: "RETENTION_DAYS is ignored",
		test: [unit("config")],
	},
	{
		file: "functions/store.ts",
		changes: [
			["putWithNet(put, envelope, config.retentionDays,", "putWithNet(put, envelope, undefined,"],
		],
		harm: "RETENTION_DAYS is ignored by store",
		test: [unit("functions/functions")],
	},
	{
		file: "lib/storage/keep.ts",
		changes: [["itemsOf(envelope, places.retentionDays)", "itemsOf(envelope)"]],
		harm: "what receive writes itself never expires",
		test: [unit("storage/keep")],
	},
	{
		file: "lib/storage/row.ts",
		changes: [["SHARDS[(hash[0] ?? 0) % SHARDS.length]", "SHARDS[0]"]],
		harm: "all that is unrecognized goes to one partition, which throttles store when the format changes",
		test: [unit("storage/record")],
	},
	{
		file: "lib/archive/reader.ts",
		changes: [["...(UnprocessedKeys?.[tableName]?.Keys ?? []), ", ""]],
		harm: "messages are missing from what is shown, without a word",
		test: [unit("archive/reader")],
	},
	{
		file: "lib/archive/dead-letters.ts",
		changes: [
			["\t\tawait remove(source, message);\n", ""],
			[
				"\t\tawait client.send(\n\t\t\tnew SendMessageCommand({\n\t\t\t\tQueueUrl: target,",
				"\t\tawait remove(source, message);\n\t\tawait client.send(\n\t\t\tnew SendMessageCommand({\n\t\t\t\tQueueUrl: target,",
			],
		],
		harm: "a redrive that dies loses an acknowledged message",
		test: [unit("archive/dead-letters"), "nothing is lost"],
	},
	// What is found.
	{
		file: "lib/archive/selection.ts",
		changes: [["return since <= time", "return since < time"]],
		harm: "--since leaves out the moment it names",
		test: [unit("archive/selection")],
	},
	{
		file: "lib/archive/selection.ts",
		changes: [["time <= until", "time < until"]],
		harm: "--until leaves out the moment it names",
		test: [unit("archive/selection")],
	},
	{
		file: "lib/archive/selection.ts",
		changes: [["if (groups.size > limit) break;", "if (rows.length > limit) break;"]],
		harm: "with a limit and revisions fewer messages are shown than there are",
		test: [unit("archive/selection")],
	},
	// What is counted and logged.
	{
		file: "lib/metrics.ts",
		changes: [
			['corrected: "Corrected"', 'corrected: "Unrecognized"'],
			['unrecognized: "Unrecognized"', 'unrecognized: "Corrected"'],
		],
		harm: "the alarm on a new format is on all day, and off when it comes",
		test: [stack("telemetry")],
	},
	{
		file: "functions/store.ts",
		changes: [['? "Duplicates" : "Stored"', '? "Stored" : "Duplicates"']],
		harm: "nobody sees whether rows come",
		test: [stack("telemetry")],
	},
	{
		file: "lib/metrics.ts",
		changes: [
			['if (outcome === "written") count("WrittenDirectly");', 'count("WrittenDirectly");'],
		],
		harm: "an alarm that is always on is not heard when it is right",
		test: [stack("telemetry")],
	},
	{
		file: "functions/store.ts",
		changes: [["Math.max(0, Date.now() - Date.parse(row.receivedAt))", "0"]],
		harm: "the dashboard says that all is a row at once",
		test: [stack("telemetry")],
	},
	{
		file: "functions/receive.ts",
		changes: [
			[
				"{ requestId, reason: refused, violations }",
				"{ requestId, reason: refused, violations, body }",
			],
		],
		harm: "what a stranger sends, and the words of a chat, stand in the log",
		test: [stack("telemetry")],
	},
	{
		file: "lib/log.ts",
		changes: [['error instanceof SyntaxError ? "" : error.message', "error.message"]],
		harm: "a parser's error quotes a message's text into the log",
		test: [unit("log")],
	},
	// Who is let in.
	{
		file: "lib/intake/request.ts",
		changes: [
			[
				'if (typeof holder.token === "string") return holder.token;',
				'if (typeof holder.token === "string") return holder.token.slice(0, 32);',
			],
		],
		harm: "of a longer token only the beginning counts, or none is accepted",
		test: [unit("intake/request")],
	},
	{
		file: "lib/intake/request.ts",
		changes: [
			[
				'if (typeof holder.token === "string") return holder.token;',
				'if (typeof holder.token === "string") return holder.token.slice(0, 24);',
			],
		],
		harm: "of a longer token only the beginning counts, or none is accepted",
		test: [unit("intake/request")],
	},
	{
		file: "lib/intake/secret.ts",
		changes: [
			[
				"if (timingSafeEqual(secret.digest, digest)) found = true;",
				"if (timingSafeEqual(secret.digest.subarray(0, 1), digest.subarray(0, 1))) found = true;",
			],
		],
		harm: "one of 256 wrong tokens is let in",
		test: [unit("intake/secret")],
	},
	// What is waited for.
	{
		file: "serverless.yml",
		changes: [["timeout: 6", "timeout: 2"]],
		harm: "with the queue away receive is killed before the table is tried: lost, and the URL is switched off",
		test: [packaged("template"), "time-outs"],
	},
	{
		file: "serverless.yml",
		changes: [["timeout: 10", "timeout: 3"]],
		harm: "with a slow table all of a batch comes back, again and again",
		test: [packaged("template"), "time-outs"],
	},
	{
		file: "lib/storage/budgets.ts",
		changes: [["table: 1_000", "table: 12_000"]],
		harm: "the platform gives up before the answer comes, and switches the URL off",
		test: [packaged("template"), "time-outs"],
	},
	{
		file: "functions/store.ts",
		changes: [["throwOnFullBatchFailure: false", "throwOnFullBatchFailure: true"]],
		harm: "a table that is away looks like a crash of store, and the pauses are not set",
		test: [stack("telemetry")],
	},
	// What is deployed.
	...alarm("silent", '["<", 1]', '["<", 0]', "nobody is told that no callback comes any more"),
	...alarm("begun", '[">=", 1]', '[">=", 100]', "silence is not told on a quiet stage"),
	...alarm("failing", '[">=", 1]', '["<", 1]', "it is on while all is well"),
	...alarm(
		"authentication",
		'[">=", 3]',
		'[">=", 3_000]',
		"a changed token loses every message, untold",
	),
	...alarm("turned-away", '[">=", 3]', '[">=", 300]', "API Gateway throttles, untold"),
	...alarm("slow", '[">", 2_000]', '[">", 20_000]', "the platform switches the URL off first"),
	...alarm("written-directly", '[">=", 1]', '[">", 1]', "the queue refuses a message, untold"),
	...alarm("unrecognized", '[">", 5]', '[">", 500]', "a new format is not told"),
	...alarm("unexpected", '[">=", 1]', '[">", 1]', "a mistake of ours is not told"),
	...alarm("store-errors", '[">=", 1]', '[">=", 10]', "store dies, untold"),
	...alarm("failed-items", '[">=", 1]', '["<", 1]', "it is on while all is well"),
	...alarm(
		"waiting",
		'[">", 0]',
		'["<", 0]',
		"it is on while all is well, and off when nothing is stored",
	),
	...alarm("dead-letters", '[">=", 1]', '["<", 1]', "dead letters lie for 14 days and go, untold"),
	...alarm("dead-letters-old", '[">=", 1]', '[">=", 100]', "dead letters go, untold"),
	{
		file: "resources/alarms.ts",
		after: 'title: "receive-errors"',
		changes: [['[">=", 1]', '[">=", 100]']],
		harm: "a deployment that breaks receive is kept",
		test: [packaged("template"), "the alarm that is watched"],
	},
	{
		file: "resources/queues.yml",
		changes: [["VisibilityTimeout: 60", "VisibilityTimeout: 10"]],
		harm: "a slow batch is handed out a second time while it runs",
		test: [packaged("template")],
	},
	{
		file: "resources/queues.yml",
		after: "DeadLetterQueue:\n",
		changes: [["MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600"]],
		harm: "dead letters are gone after four days",
		test: [packaged("template")],
	},
	{
		file: "resources/queues.yml",
		changes: [["maxReceiveCount: 1000", "maxReceiveCount: 5"]],
		harm: "an outage of the table turns all that waits into dead letters",
		test: [packaged("template")],
	},
	{
		file: "serverless.yml",
		changes: [["            functionResponseType: ReportBatchItemFailures\n", ""]],
		harm: "what could not be stored is deleted with its batch: lost",
		test: [packaged("template")],
	},
	{
		file: "resources/table.yml",
		changes: [
			[
				"DeletionProtectionEnabled: ${self:custom.settings.tableDeletionProtection}",
				"DeletionProtectionEnabled: false",
			],
		],
		harm: "a removal takes every message along",
		test: [packaged("template")],
	},
	{
		file: "resources/roles.yml",
		after: "# For what the queue does not take",
		changes: [["dynamodb:PutItem, ", ""]],
		harm: "with the queue away nothing is kept",
		test: [packaged("template")],
	},
	// Faults of the commands and the local stack that were there once.
	{
		file: "local/stack.ts",
		changes: [
			[
				"\tconst stops = [await lockDirectory(directory)];\n",
				"\tif (options.isFresh) await empty(directory);\n\tconst stops = [await lockDirectory(directory)];\n",
			],
		],
		harm: "npm start -- --fresh deletes the rows of the stack that runs",
		test: [stack("start"), "newcomer"],
	},
	{
		file: "local/stack.ts",
		changes: [
			[
				"\t\tawait assertPortIsFree(port);\n\t\tif (options.isFresh) await empty(directory);\n",
				"\t\tif (options.isFresh) await empty(directory);\n\t\tawait assertPortIsFree(port);\n",
			],
		],
		harm: "a start that cannot come to anything deletes what is there",
		test: [stack("start"), "taken port"],
	},
	{
		file: "local/lock.ts",
		changes: [["if (await isLocked(directory)) {", "if (process.ppid === 1) {"]],
		harm: "two stacks write into the same files",
		test: [stack("start"), "newcomer"],
	},
	{
		file: "lib/archive/revisions.ts",
		changes: [
			[
				"for (const inner of Object.values(value)) open.push(inner);",
				"open.push(...Object.values(value));",
			],
		],
		harm: "one message of 440,000 numbers keeps every row from being shown",
		test: [unit("archive/revisions")],
	},
	{
		file: "lib/message/preview.ts",
		changes: [
			["outlineOf(payload, { longest: LONGEST })", "JSON.stringify(payload).slice(0, LONGEST)"],
		],
		harm: "one message of 50,000 nested arrays keeps every row from being shown",
		test: [unit("message/preview")],
	},
	{
		file: "lib/message/printable.ts",
		changes: [["\\p{Cc}", "\\u0000-\\u001f"]],
		harm: "a sender moves the cursor of whoever reads with U+009B",
		test: [unit("message/printable")],
	},
	{
		file: "cli/preview.ts",
		changes: [["return columns.map(printable).join", "return columns.join"]],
		harm: "what a sender writes reaches the terminal raw",
		test: [stack("reading")],
	},
	{
		file: "cli/dead-letters.ts",
		changes: [["if (hidden > 0) {", "if (hidden < 0) {"]],
		harm: "there are dead letters, and the command says that there are none",
		test: [stack("reading"), "none is called none"],
	},
	{
		file: "local/loopback.ts",
		changes: [['{ ...first, host: "127.0.0.1" }', "first"]],
		harm: "a neighbour on the network queues what no token has let in",
		test: [stack("reading"), "from this machine only"],
	},
	{
		file: "local/table-emulator.ts",
		changes: [['server.listen(port, "127.0.0.1");', "server.listen(port);"]],
		harm: "a neighbour on the network reads the table",
		test: [stack("reading"), "from this machine only"],
	},
	{
		file: "cli/messages.ts",
		changes: [
			['path === "all" ? undefined : path, selection)', 'path === "all" ? undefined : path, {})'],
		],
		harm: "--callback ignores --limit, --since and --until",
		test: [stack("reading"), "are limited like messages"],
	},
	{
		file: "cli/time.ts",
		changes: [["/^(?<day>", "/(?<day>"]],
		harm: "--since=+275760-01-01 is of the year 5760",
		test: [stack("commands"), "is told in words"],
	},
	{
		file: "cli/command.ts",
		changes: [["[/Region is missing/,", "[/Region is absent/,"]],
		harm: "without a region nobody knows what to do",
		test: [stack("commands"), "without a region"],
	},
	{
		file: "cli/command.ts",
		changes: [
			[
				'if (options.includes("--help") || options.includes("-h")) {',
				'if (options.includes("-h")) {',
			],
		],
		harm: "--help ends in an error",
		test: [stack("commands"), "--help is a help"],
	},
	{
		file: "cli/stage.ts",
		changes: [
			["(await isLocked(localDirectory)) ? await readState() : undefined", "await readState()"],
		],
		harm: "after a crash of the stack a command says that something does not answer, and not what to do",
		test: [stack("start"), "newcomer"],
	},
	{
		file: "cli/start.ts",
		changes: [["GIVEN_BY_THE_STACK, ON_UNRECOGNIZED })", "GIVEN_BY_THE_STACK })"]],
		harm: "each callback gets HTTP 500 instead of one line at the start",
		test: [stack("commands"), "a start with"],
	},
	{
		file: "cli/start.ts",
		changes: [['isOpen ? "any" : "$TOKEN"', '"any"']],
		harm: "the curl that is printed is refused",
		test: [stack("start"), "printed"],
	},
	{
		file: "cli/start.ts",
		changes: [['LOCAL_DIR === undefined ? "" : `LOCAL_DIR=${quoted(LOCAL_DIR)} `', '""']],
		harm: "the look-up that is printed reads another directory",
		test: [stack("start"), "printed"],
	},
	{
		file: "cli/messages.ts",
		changes: [["if (shown === 0) console.error(nothing(values));", ""]],
		harm: "nothing is printed, and nobody knows whether that is right",
		test: [stack("start"), "newcomer"],
	},
	{
		file: "cli/preview.ts",
		changes: [['row.messageId?.slice(0, SHORT_ID) ?? "-"', '"-"']],
		harm: "--message wants an id that nothing shows",
		test: [stack("reading"), "what a line shows"],
	},
	{
		file: "cli/preview.ts",
		changes: [['.replace("Z", " UTC")', '.replace("Z", "")']],
		harm: "times are of a zone that nobody knows",
		test: [stack("start"), "newcomer"],
	},
	{
		file: "package.json",
		changes: [
			['"default": "./dist/message/package.js"', '"default": "./dist/message/package.d.ts"'],
		],
		harm: "a consumer gets types and no code",
		test: [packaged("consumer")],
	},
	// Faults of the console that were there once.
	{
		file: "console/server.ts",
		changes: [["if (readers.size > MOST_READERS)", "if (readers.size > 1_000)"]],
		harm: "pages that read nothing any more are never let go",
		test: [unit("console/server")],
	},
	{
		file: "console/watch/catalog.ts",
		changes: [
			[
				"const isAfter = before === undefined || place < before;",
				"const isAfter = before === undefined;",
			],
		],
		harm: "of 5,911 messages some hundred can be reached",
		test: [unit("console/watch"), "oldest message"],
	},
	{
		file: "console/watch/catalog.ts",
		changes: [
			[
				"return [messageId, chatId, botId, bot, contactId, contact, roomId, room, ...words]",
				"return words",
			],
		],
		harm: "the search does not find a name that stands in the list",
		test: [unit("console/watch"), "search looks"],
	},
	{
		file: "console/page/place.ts",
		changes: [
			[
				'for (const name of filterNames) if (filter[name] !== "") words.set(name, filter[name]);',
				"",
			],
		],
		harm: "filters are gone after a reload",
		test: [unit("console/page"), "an address says"],
	},
	{
		file: "console/watch/letters.ts",
		changes: [["return [...found, ...others.slice(0, room)]", "return [...found]"]],
		harm: "dead letters are not listed while another look hides them",
		test: [unit("console/watch"), "dead letters a second apart"],
	},
	{
		file: "console/watch/state.ts",
		changes: [["isQueueUp: queue !== undefined", "isQueueUp: true"]],
		harm: "a part that does not answer is said to work",
		test: [unit("console/watch"), "nothing is known"],
	},
	{
		file: "console/page/state.ts",
		changes: [['connection: "gone"', 'connection: "open"']],
		harm: "with the server gone the page says that all works",
		test: [unit("console/page"), "server is gone"],
	},
	{
		file: "console/watch/watch.ts",
		changes: [
			[
				"openRequest: (id) => state.requests.find((request) => request.id === id)",
				"openRequest: () => undefined",
			],
		],
		harm: "a refused request cannot be opened",
		test: [unit("console/watch"), "can be opened"],
	},
	{
		file: "console/watch/metrics.ts",
		changes: [["?? 60;", "?? SHORTEST_PERIOD;"]],
		harm: "after five minutes the dashboard says that there is nothing to draw",
		test: [unit("console/dashboard"), "last hour"],
	},
	{
		file: "console/watch/alarms.ts",
		changes: [["model.run(evaluated, minute);", ""]],
		harm: "alarms are drawn without their state",
		test: [unit("console/dashboard"), "threshold and its state"],
	},
	{
		file: "lib/words/violation.ts",
		changes: [["return Object.hasOwn(words.types, detail)", "return words.types === undefined"]],
		harm: "a type that has a name is called unknown",
		test: [unit("console/page"), "not called unknown"],
	},
	{
		file: "console/page/seen.tsx",
		changes: [
			[
				'piece.isEscape ? <span class="escape">{piece.text}</span> : piece.text,',
				"<span dangerouslySetInnerHTML={{ __html: piece.text }} />,",
			],
		],
		harm: "a sender's text runs as a script in the owner's browser",
		test: [unit("sources/markup")],
	},
];

/** A threshold of an alarm. */
function alarm(title: string, from: string, to: string, harm: string): Mistake[] {
	return [
		{
			file: "resources/alarms.ts",
			after: `title: "${title}"`,
			changes: [[from, to]],
			harm,
			test: [packaged("alarms")],
		},
	];
}
