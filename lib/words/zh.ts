import type { Words } from "./en.ts";

/** Every word in Chinese that is not the page's. */
export const zh: Words = {
	gap: "",

	alarms: ({ stage, silence, pause }) => ({
		silent: {
			name: "没有回调",
			fires: `${silence} 分钟内没有任何回调。`,
			firesNot: "它自己不通知任何人，由 `silence` 通知。",
			toDo: "见告警 silence。",
		},
		begun: {
			name: "已启用",
			fires: "这个环境收到了第一个回调。",
			firesNot: "它不通知任何人，并且一直保持：`silence` 靠它来避免新环境误报。",
			toDo: "无需处理：它只表示回调地址已在使用。",
		},
		"quiet-hours": {
			name: "安静时段",
			fires: `正处于安静时段，或安静时段结束后还不到 ${silence} 分钟。`,
			firesNot: "它不通知任何人：`silence` 等它结束。",
			toDo: "无需处理：它只是一个时钟。",
		},
		silence: {
			name: "回调中断",
			fires: `之前一直有回调，但最近 ${silence} 分钟一个也没有。`,
			firesNot: "从未有过回调时；`quietHours` 之内，以及其后的 `silenceMinutes` 分钟内。",
			toDo: `回调地址很可能已被平台禁用（3 分钟内有 10 个回调失败，平台就会禁用回调地址 30 分钟）：先看监控面板的“回调地址还活着吗？”和“有请求被拒绝吗？”两行，排除原因，再到小组控制台 → API 接入检查回调地址，最后从平台的消息历史补齐缺口：npm run --silent gaps -- --stage ${stage} 会给出命令。`,
		},
		failing: {
			name: "应答失败",
			fires: "有回调得到了 5xx 应答，无论由谁给出。",
			firesNot: "被拒绝的请求（4xx）。",
			toDo: "平台会把它记为回调地址的失败。请看监控面板：拒绝原因为 unavailable，说明队列和数据表都没有收下消息（查看 SQS 和 DynamoDB 的服务健康状态、receive 角色的权限）；receive 有错误，说明它崩溃或超时（查看它的日志；如果从某次部署开始，先回退那次部署）；有限流，说明账号的并发额度用尽（新账号只有 10：申请提高，或设置 receiveConcurrency）；以上都没有，就是 API Gateway 自身的问题。",
		},
		authentication: {
			name: "token 不符",
			fires: "5 分钟内有 3 个回调缺少 token 或 token 不被接受。",
			firesNot: "只有一两个：有人在试探地址。",
			toDo: "被拒绝的消息会丢失。如果在平台控制台更换了 token，请同时带上新旧两个部署：tokens=新,旧。否则就是有别人知道了这个回调地址。",
		},
		"turned-away": {
			name: "请求被拒绝",
			fires: "5 分钟内有 3 个回调因 token 以外的原因得到 4xx，由 receive 或 API Gateway 给出。",
			firesNot: "token 不符（`authentication`）和 5xx（`failing`）。",
			toDo: "被拒绝的消息会丢失。如果是 receive 拒绝的，监控面板的“有请求被拒绝吗？”一行会给出原因（empty、notJson、tooLarge、unrecognized）；如果没有，就是 API Gateway 拒绝的：超过 throttleRate 为 429（调高它），超过 10 MB 为 413。",
		},
		slow: {
			name: "应答过慢",
			fires: "最慢的百分之一应答超过 2 秒，持续 10 分钟。",
			firesNot: "单次冷启动。",
			toDo: "平台会对应答过慢的回调做补偿重推，随后禁用回调地址。请看监控面板的入队耗时，以及本区域 SQS 的服务健康状态。",
		},
		"written-directly": {
			name: "绕过队列",
			fires: "队列没有收下消息，receive 已直接写入数据表。",
			firesNot: "队列只是应答慢。",
			toDo: "没有丢失，但应答变慢。请查看本区域 SQS 的服务健康状态和 receive 角色的权限。",
		},
		unrecognized: {
			name: "无法识别",
			fires: "15 分钟内超过 5 % 的回调不符合任何已知结构。",
			firesNot: "大量消息中的个别未知消息。",
			toDo: `消息都已保留。请运行：npm run --silent review -- --stage ${stage}。平台很可能改了格式：补一条修正，部署，再运行 review -- --revalidate。`,
		},
		unexpected: {
			name: "意外错误",
			fires: "发生了没有预料到的错误；消息已按原样保留。",
			firesNot: "约定中列出的任何情况。",
			toDo: `没有丢失。这是本程序的缺陷：npm run --silent review -- --stage ${stage} 会列出这条消息和错误名称，其余见日志。修复，部署，再运行 review -- --revalidate。`,
		},
		"store-errors": {
			name: "入库函数出错",
			fires: "最近 3 分钟内 store 崩溃、超时，或没能运行。",
			firesNot: "个别消息写不进表（`failed-items`）。",
			toDo: "没有丢失：消息会等待 14 天。请查看该函数的日志；有限流，说明账号的并发额度用尽。如果从某次部署开始，请回退那次部署。",
		},
		"failed-items": {
			name: "写表失败",
			fires: `最近 ${pause} 分钟内数据表没有收下某条消息。`,
			firesNot: "重试一次就成功的调用。",
			toDo: "没有丢失；如果只是数据表暂时不可用，则无需处理：消息会等待 14 天，并自动入库。原因见 store 函数的日志。请查看 DynamoDB 的服务健康状态、数据表是否被限流、store 角色的权限和表名。",
		},
		waiting: {
			name: "消息积压",
			fires: "等待中的消息多于 3 分钟内能入库的数量，5 分钟里有 3 分钟如此。",
			firesNot: "store 正在消化的短时高峰。",
			toDo: "没有丢失：队列会保留 14 天。如果同时有 failed-items 或 store-errors，请看那两个告警。如果只有它：store 没有被调用（事件源是否启用？它的角色还能读队列吗？），或者 storeConcurrency 太小。",
		},
		"dead-letters": {
			name: "死信",
			fires: "有消息永远无法入库，已进入死信队列。",
			firesNot: "数据表不可用：那样的消息会等待。",
			toDo: `它会在那里保留 14 天。npm run --silent dead-letters -- --stage ${stage} 会列出它和原因；排除原因，部署，然后运行：npm run redrive -- --stage ${stage}。`,
		},
		"dead-letters-old": {
			name: "死信未处理",
			fires: "死信已存在 3 天。",
			firesNot: "已及时送回的死信。",
			toDo: `死信到达 14 天后会被删除。npm run --silent dead-letters -- --stage ${stage} 会列出它们；排除原因后送回队列，或另存一份：npm run redrive -- --stage ${stage}。`,
		},
		missed: {
			name: "漏收消息",
			fires: "平台的消息历史中有回调没有送达的消息，或者无法核对。",
			firesNot: "没有设置 `historyBase` 时；在队列中等待的消息。",
			toDo: "回调有丢失：缺少的已经补入，但原因还在。请查看相应时段的 failing、authentication、turned-away 和 silence，以及平台控制台中的回调地址。如果是 compare 函数出错，它的日志会说明原因：SSM 参数中的 token、历史接口的地址，或平台本身。",
		},
		"receive-errors": {
			name: "接收函数出错",
			fires: "receive 崩溃或超时。",
			firesNot: "它不通知任何人：由 `failing` 通知。部署会因它而回退。",
			toDo: "见告警 failing。",
		},
	}),
	alarmHeads: ["告警", "触发条件", "不触发的情况", "怎么处理"],

	robot: {
		alarm: (alarm) => `告警：${alarm}`,
		over: (alarm) => `已恢复：${alarm}`,
		since: (time) => `开始时间：${time}（UTC）`,
		fromTo: (from, to) => `持续时间：${from} 至 ${to}（UTC）`,
		dashboard: (url) => `监控面板：${url}`,
		test: (stage) => `miaohui-receiver 测试消息，环境 ${stage}：告警会发到这里。`,
	},
	nobodyIsTold:
		"出了问题不会通知任何人：请在部署时加上 --param alarmEmail=邮箱，或 ALARM_ROBOT=群机器人的地址。",

	parameters: {
		unknown: (name, names) => `没有参数 ${name}；可用的有 ${names}`,
		isWrong: (name, value, must) => `${name} 是 "${value}"，应为${must}`,
		email: "邮箱地址",
		hours: '时段和时区，例如 "22:00-08:00 Asia/Shanghai"',
		tableName: " 3 到 255 个字母、数字或 . _ -",
		wholeNumber: (least, most) => ` ${least} 到 ${most} 的整数`,
		numberOr: (least, most, other) => ` ${least} 到 ${most} 的整数，或 "${other}"`,
		oneOf: (names) => ` ${names.join("、")} 之一`,
		keepOrRefuse: ' "keep" 或 "refuse"',
		daysOrForever: '天数，或 "forever"',
		host: "主机名，例如 callbacks.example.com",
		certificate: "环境所在区域的 ACM 证书的 ARN",
		historyBase: " message/history 所在的地址，以 https:// 开头",
		ssmParameter: " SSM 参数名，例如 /miaohui/token",
		howOften: "间隔，例如 30 minutes 或 2 hours",
		needEachOther: (one, other) => `${one} 和 ${other} 必须同时给出`,
		closedNeedsDomain: "defaultEndpoint=closed 需要 domain，否则没有人能调用",
		noTimeLeft: "quietHours 加上 silenceMinutes，一天里没有留给告警的时间",
		badSecret: (place, name) => `${name} 的第 ${place} 个应为 16 到 128 个字母、数字或 . _ ~ -`,
		badRobot:
			"alarmRobot 应为企业微信、飞书或钉钉群机器人的 https 地址，或任何接受 JSON 的地址，带上密钥，不含用户名、密码或 *",
		needsTokens:
			"环境需要平台发送的 token，这样别人进不来：CALLBACK_TOKENS=一,二 或 --param tokens=一,二",
	},
	questions: {
		alive: "回调地址还活着吗？",
		refused: "有请求被拒绝吗？",
		unknown: "有看不懂的消息吗？",
		soon: "消息多久入库？",
		stuck: "有卡住的消息吗？",
		missed: "有缺失的消息吗？",
		cost: "花费多少？",
	},
	graphs: {
		taken: "已接收的回调",
		api: "API 的请求与错误",
		acknowledgement: "应答耗时（毫秒）",
		refused: "被拒绝",
		reasons: "被拒绝（按原因）",
		receive: "receive：错误与限流",
		conformance: "符合程度",
		unrecognized: "无法识别（按消息类型）",
		toRow: "从回调到入库（毫秒）",
		delay: "从平台时间到回调（毫秒）",
		rows: "新行、版本与重复",
		age: "最早一条消息已等待（秒）",
		waiting: "等待中与死信",
		store: "store：失败、错误与限流",
		missed: "回调没有送达的消息与失败的核对",
		lambda: "Lambda 时长（毫秒）与冷启动",
		writes: "写表次数与入队消息数",
		bytes: "消息体与日志的字节数",
	},
	labels: {
		...{ messages: "队列", "dead-letters": "死信队列", Sum: "合计" },
		...{ Received: "消息", OtherCallbacks: "其他回调", Refused: "被拒绝" },
		...{ Documented: "符合文档", Corrected: "修正后符合", Unrecognized: "无法识别" },
		...{ EnqueueLatency: "入队耗时", Stored: "新行", Revisions: "版本", Duplicates: "重复" },
		...{ FailedItems: "写表失败", DeadLetters: "死信", Unexpected: "意外错误" },
		...{ Missed: "没有送达", compare: "核对" },
		...{ WrittenDirectly: "绕过队列", BodyBytes: "消息体字节", LogBytes: "日志字节" },
		...{ ColdStart: "冷启动", Errors: "错误", Throttles: "限流", Duration: "时长" },
		...{ Count: "请求", Latency: "延迟", WriteThrottleEvents: "写入限流" },
		...{ ConsumedWriteCapacityUnits: "写入容量单位", NumberOfMessagesSent: "入队消息" },
		ApproximateAgeOfOldestMessage: "最早一条的等待时间",
		ApproximateNumberOfMessagesVisible: "等待中",
		ApproximateNumberOfMessagesNotVisible: "处理中",
		...{ empty: "请求体为空", notJson: "不是 JSON", tooLarge: "过大", token: "token 不符" },
		...{ unrecognized: "无法识别", unavailable: "都没有收下" },
	},
	corrections: {
		T03: {
			wrong: "不允许 null",
			fix: "每个描述性字段都允许 null",
			evidence:
				'cake-agent@fdb76813 中有 roomWecomChatId:null、externalUserId:""；其 zod schema 为 nullish',
			confidence: "高（roomWecomChatId、externalUserId），预防（其余）",
		},
		K01: {
			wrong: "键名以制表符结尾",
			fix: "改名为 roomWecomChatId",
			evidence:
				"平台的另一份文档 188326781 中 roomWecomChatId 没有制表符；所有接收程序读的都是不带制表符的键",
		},
		K02: {
			wrong: "键名以制表符结尾；又有 additionalProperties:false，真正的键 size 反而被拒绝",
			fix: "改名为 size",
			evidence: "mh-chatgpt-bot FilePayload、cake-agent",
		},
		K03: {
			wrong: "制表符（required/1 也有）",
			fix: "改名为 coworker",
			evidence: "mh-chatgpt-bot ContactCardPayload",
		},
		K04: { wrong: "制表符（required/3 也有）", fix: "改名为 type", evidence: "同上" },
		K05: {
			wrong: "制表符（required/0 也有）",
			fix: "改名为 imageUrl",
			evidence: "mh-chatgpt-bot EmoticonPayload、cake-agent",
		},
		K06: {
			wrong: "制表符（required/0 也有）：每条文字消息都不通过",
			fix: "改名为 text",
			evidence: "所读过的每一份完整消息体和每一个接收程序",
		},
		K07: {
			wrong: "制表符（required/4 也有）",
			fix: "改名为 url",
			evidence: "这个键本属于视频号（标题为“视频号地址”），见 S05",
		},
		K08: {
			wrong: "制表符",
			fix: "改名为 thumbKey",
			evidence: "mh-chatgpt-bot MiniProgramPayload.thumbKey",
		},
		K09: {
			wrong: "制表符（required/2 也有）",
			fix: "改名为 avatarUrl",
			evidence: "mh-chatgpt-bot RoomInvitationPayload.avatarUrl",
		},
		K10: {
			wrong: "制表符，拼写错误 Sysem，类型为字符串",
			fix: "改名为 ContactInRoomSystemMessage.isSelf，布尔值或字符串；成员自己的 isSelf 见 F03",
			evidence: "2328939361 中为 isSelf:false（布尔值）",
		},
		F01: {
			wrong:
				"artwork.height、artwork.width 被写成带点的同级键，而且必填；width 为字符串，height 为数字",
			fix: "嵌套为 artwork:{url?,height?,width?}，数字或字符串，可选",
			evidence: "mh-chatgpt-bot ImagePayload {url,height:number,width:number}",
		},
		F02: {
			wrong: "RecallFailedPayload.*、RoomJoinMemberPayload.* 是 subPayload 两种结构的类名",
			fix: "type=5 时为 subPayload:{messageId}；type=6 时为 {memberNames[],inviterName}",
			evidence: "命名方式，以及 2328939361 对 10001 证实的同一规律",
		},
		F03: {
			wrong:
				"RoomJoinPayload.*、RoomLeavePayload.*、RoomTopicPayload.*、ContactInRoomSystemMessage.* 是类名；列表写成了 string[]",
			fix: "subPayload:{inviteeList,inviter,timestamp} | {leaverList,remover,timestamp} | {oldTopic,newTopic,changer,timestamp}；列表项为 {displayName|nickname,wxid,isSelf}",
			evidence: "2328939361 真实的入群事件",
			confidence: "高（入群），中（退群、改群名）",
		},
		F04: {
			wrong: "同时要求入群、退群和改名的字段：没有真实事件能满足",
			fix: "只要求 wechatSystemPayloadType 和 subPayload",
			evidence: "2328939361",
		},
		T01: {
			wrong: "类型为字符串",
			fix: "数字（毫秒），或由数字组成的字符串",
			evidence:
				"找到的 4 份完整消息体（2019、2020、2021、2025）、平台的 TS 接口（2023）以及 agcbl、bester、cake-agent 中都是数字；只有平台的文字说明写字符串",
		},
		T02: {
			wrong: "mentionSelf 必填",
			fix: "可选",
			evidence: "2019–2021 年没有；cake-agent 的 zod 中可选",
		},
		T04: {
			wrong: "封闭的列表，没有 14、17、10002",
			fix: "不封闭；14 是视频号；有 payload 规则的类型即为已知",
			evidence:
				"mh-chatgpt-bot MsgType.Channel=14；企业级文档列出 14；cake-agent DTO 注释 0-17、10000-10002",
			confidence: "确定（14），低（17、10002）",
		},
		T05: {
			wrong: "0-7",
			fix: "不封闭的整数；8 api群发，9 标签sop，11 多群转播，12 多群重播，13 自动结束会话，14 定时消息，15 ai回复；小组级常常没有这个字段",
			evidence: "cake-agent MessageSource；平台的企业级文档",
		},
		T06: {
			wrong: "封闭的 0-3",
			fix: "不封闭的整数（平台现在也托管其他 IM）",
			evidence: "平台的最佳实践页列出飞书、钉钉、Instagram、小红书",
		},
		T07: {
			wrong: "只能是字符串",
			fix: "字符串；如果数字取自原始字节，也容许数字",
			evidence: "预防：早期的 ID 是十进制",
		},
		S01: {
			wrong:
				"anyOf 没有与 data.type 对应：{content} 对任何类型都通过，{type:7,payload:{content}} 也通过",
			fix: "采用描述中写明 data.type 的那一支（当type为N时）；该支没有必填项时，可以没有 payload",
			evidence: "ajv：x-type-content-mismatch 原样通过",
		},
		S02: {
			wrong: "不允许其他键（additionalProperties 为 false）",
			fix: "去掉",
			evidence: "与其余 15 支对比",
		},
		S03: { wrong: "不允许其他键（additionalProperties 为 false）", fix: "去掉", evidence: "同上" },
		S04: {
			wrong: "没有 14、15、16 的分支",
			fix: "14：{avatarUrl,coverUrl,description,feedType,nickname,thumbUrl,url,extras}；15 和 16 在见到消息体之前没有规则",
			evidence: "mh-chatgpt-bot ChannelPayload；公开的 schema 说 16 没有内容",
			confidence: "高（14），无（15、16）",
		},
		S05: {
			wrong:
				"视频号的字段（nickname 为“封面图url”，url 为“视频号地址”）混入了小程序，标题错了一位；小程序的 url 成了必填",
			fix: "nickname、url 可选；加上别名 appId 和 thumbUrl；没有必填项",
			evidence:
				"公开 schema 自己的标题；mh-chatgpt-bot MiniProgramPayload 全部可选；cake-agent 的 appId、thumbUrl",
		},
		S06: {
			wrong: "只有 {content}",
			fix: "加上 name、address、latitude、longitude（数字|字符串）、accuracy；content 可选",
			evidence: "mh-chatgpt-bot LocationPayload（数字）；cake-agent（字符串）",
		},
		S07: {
			wrong: "只有 {content}",
			fix: "加上 title、description、url、thumbnailUrl；content 可选",
			evidence: "mh-chatgpt-bot UrlPayload；16506413168；agcbl",
		},
		S08: {
			wrong: "没有 pureText、quoteMessage、wecomMention",
			fix: "加为可选（对象内容不限）",
			evidence: "cake-agent、AI-HR 的消息体；mh-chatgpt-bot quoteMessage",
			confidence: "确定（pureText），高（quoteMessage）",
		},
		S09: {
			wrong: "imageUrl 必填",
			fix: "可选；别名 url；加上 width、height",
			evidence: "平台页面 7063100m0：首次推送没有媒体数据",
		},
		S10: {
			wrong: "voiceUrl 和 duration 必填",
			fix: "可选；别名 url；wxVoiceUrl、text、md5",
			evidence: "7063100m0；cake-agent",
		},
		S11: {
			wrong: "videoUrl 和 thumbnailUrl 必填",
			fix: "可选",
			evidence: "mh-chatgpt-bot {videoUrl}；7063100m0",
		},
		S12: { wrong: "fileUrl 必填", fix: "可选（首次推送）；name 可选", evidence: "7063100m0" },
		S13: {
			wrong: "imageUrl 必填",
			fix: "可选",
			evidence: "mh-chatgpt-bot EmoticonPayload.imageUrl?",
		},
		S14: {
			wrong: "八个字段必填",
			fix: "没有必填项；加上 alias、nickname、content",
			evidence: "cake-agent ContactCardPayload",
		},
		S15: {
			wrong: "roomTopic、invitaterName、avatarUrl 必填",
			fix: "全部可选",
			evidence: "cake-agent 还会尝试 roomName、groupName、title、name",
		},
		S16: {
			wrong: "只有 5、6",
			fix: "不封闭（编号从 5 开始，可见 0-4 存在或曾存在）",
			evidence: "编号有缺口",
		},
		S17: { wrong: "只有 0-2", fix: "不封闭", evidence: "预防" },
		R01: {
			wrong: "只有 timestamp 和 mentionSelf 必填：仅有 {timestamp,mentionSelf} 也算通过",
			fix: "我们自己的规则：非空的 messageId 和 chatId、一个 type、一个可用的 timestamp",
			evidence: "找到的完整消息体都有这四项；接收程序以它们为键",
		},
		C01: { wrong: "企业级token", fix: "小组级token", evidence: "平台的另一份文档 188326781" },
		C02: { wrong: "消息的payload（写反了）", fix: "消息类型", evidence: "平台的企业级文档" },
		C03: { wrong: "文件名（复制粘贴）", fix: "消息内容转成字符串", evidence: "它自己的描述" },
		C04: { wrong: "标题开头有制表符", fix: "类型", evidence: "可见" },
	},
	confidences: { certain: "确定", high: "高", medium: "中", low: "低" },

	command: {
		helpTells: "（用法见 --help）",
		langUsage: "  --lang CODE      en 或 zh（默认：按 LC_ALL、LC_MESSAGES 或 LANG）\n",
		noLanguage: (code) => `--lang "${code}" 应为 en 或 zh`,
		unknownOption: (option) => `没有 ${option} 这个选项`,
		unknownWord: (word) => `"${word}" 不是选项`,
		valueMissing: (option) => `${option} 需要一个值`,
		valueUnwanted: (option) => `${option} 不带值`,
		wholeNumber: (option, value) => `${option} "${value}" 应为从 1 起的整数`,
		noTimeOf: (option, value, zone) =>
			`${option} "${value}" 不是 ${zone} 的时间；例如 2026-01-31 或 2026-01-31T08:00`,
		untilBefore: "--until 早于 --since",
		goesOn: (why) => `${why}；继续`,
		noRegion: "没有设置区域：请加 --region，例如 --region cn-north-1",
		noCredentials: "没有 AWS 凭证：请加 --profile，或像使用 AWS 命令行那样登录",
		badCredentials: "AWS 不接受这份凭证：请加 --profile，或重新登录",
		noStage: "这个账号和区域里没有这个环境：请检查 --stage、--region 和 --profile",
		noAnswer: "没有应答；如果是本地环境，npm start 在运行吗？",
		noNetwork: "无法连接 AWS：--region 正确吗？网络通吗？",
	},
	stage: {
		usage: `  --stage NAME     已部署的环境，使用平常的 AWS 凭证（默认：local）
  --region NAME    部署在哪个区域（默认：AWS_REGION，或配置文件中的区域）
  --profile NAME   使用谁的凭证（默认：AWS_PROFILE，或与 AWS 命令行相同）
`,
		regionIsOfDeployed: "--region 和 --profile 用于已部署的环境：请加 --stage",
		localDoesNotRun: "本地环境没有运行；请启动：npm start",
	},
	line: {
		unreadable: "（无法显示；--json 可能显示更多）",
		incomplete: "（不完整：缺了一部分）",
		empty: "（没有内容）",
		recallFailed: "（撤回失败）",
		revisions: (n) => `（${n} 个版本）`,
		fromHistory: "（来自平台的消息历史）",
		oddRow: (pk, sk) => `另一种行：${pk} ${sk}`,
	},
	messagesCommand: {
		usage: `npm run --silent messages -- [--chat|--contact|--room|--message ID] [选项]

  --message ID     消息 ID，或列表中显示的 ID 开头（会查找整张表）
  --callback NAME  不看消息，看发往该路径的请求，例如 room/joined；all 表示全部
  --review         只看无法识别的
  --since TIME     从这个时间起，例如 2026-01-31 或 2026-01-31T08:00:00+08:00；不写时区即为 UTC
  --until TIME     到这个时间为止
  --limit N        只看最新 N 条；查整张表时：最后入库的 N 条
  --revisions      一条消息的每个版本，而不只是内容最全的
  --follow         逐条显示新入库的版本，从现在或 --since 起；Ctrl-C 结束。对已部署的环境，
                   一小时约 0.7 美分
  --explain        为什么符合文档、修正后符合或无法识别
  --json           每行一个 JSON 对象，含全部属性
`,
		wantsId: (option) => `${option} 需要一个 ID`,
		oneAtATime: "--chat、--contact、--room 和 --message 一次只能用一个",
		followAlone: "--follow 不能与 --callback、--until、--limit 同用",
		callbackAlone: "--callback 只能与 --since、--until、--limit 和 --json 一起用",
		noMatch: "messages：没有符合条件的消息；不带选项会列出全部",
		noneLocal: "messages：还没有消息；npm start 会给出一条可以发送消息的 curl",
		none: "messages：这个环境里还没有消息",
		accepted: "公开的 schema 直接接受",
		partMissing: "它的原文缺了一部分",
	},
	reviewCommand: {
		usage: `npm run --silent review -- [选项]

列出两份 schema 都无法识别的消息，按不符合之处归类，每类一个样例。

  --show           样例按原样显示（默认：文字和数字都抹去）
  --revalidate     用现在的 schema 重新判定已入库的消息，并更新判定
`,
		newest: (time) => `最新 ${time}`,
		noViolation: "不符合之处未知",
		nothing: "没有需要查看的",
		judged: (all, changed) => `重新判定 ${all} 条，改变 ${changed} 条`,
	},
	deadLettersCommand: {
		usage: `npm run --silent dead-letters -- [选项]   哪些消息无法入库，以及原因
npm run --silent redrive -- [选项]        送回队列，再试一次

`,
		moved: (n) => `已送回 ${n} 条`,
		hidden: (n, seconds) =>
			`另有 ${n} 条暂时看不到，因为别处正在查看，例如控制台；${seconds} 秒内会恢复，请稍后再看`,
		none: "没有死信",
		storeDied: "store 因它崩溃了一千次",
		of: (chat, message) => `会话 ${chat} 消息 ${message}`,
	},
	checks: {
		titles: {
			robot: "群机器人能收到消息",
			rights: "凭证有部署所需的权限",
			region: "该区域有全部服务",
			concurrency: "账号可同时运行足够多的函数",
			names: "数据表和队列可以使用各自的名字",
			public: "API 可以公开",
			knock: "没有 token 的会被拒绝",
			probe: "探测回调能够入库",
			dead: "没有死信",
			stack: "环境已部署",
			functions: "函数在运行",
			waiting: "没有消息久等",
			table: "数据表完整",
			recovery: "数据表可以恢复",
			alarms: "告警齐全",
			state: "没有正在响的告警",
			told: "告警有人接收",
			dashboard: "监控面板存在",
			logs: "日志保留一段时间",
			credentials: "凭证有效",
			parameters: "参数正确",
		},
		and: "；",
		colon: "：",
		mayNot: "请换用有权读取它的凭证再试",
		askAgain: "请稍后再试，或到 AWS 控制台查看",
		filing: "在中国区域，公开的 HTTP API 需要 ICP 备案，只有你自己知道有没有",
		getFiling: "请先向该区域的运营商（光环新网、西云数据）办理，再使用回调地址",
		raise: "请在 Service Quotas 申请提高 Lambda 的“并发执行”额度",
		raiseOrShare:
			"请在 Service Quotas 申请提高 Lambda 的“并发执行”额度，或设 receiveConcurrency=shared",
		raiseOrLess: "请在 Service Quotas 申请提高 Lambda 的“并发执行”额度，或减小 storeConcurrency",
		reserved: (n, left) => `预留 ${n} 个，还剩 ${left} 个未预留`,
		tooManyReserved: (n, left, least) =>
			`预留 ${n} 个，只剩 ${left} 个未预留，而至少要有 ${least} 个`,
		atOnce: (all, store, left) =>
			`可同时运行 ${all} 个；除去 store 的 ${store} 个，留给 receive ${left} 个`,
		few: (all, store, left) =>
			`可同时运行 ${all} 个；除去 store 的 ${store} 个，留给 receive ${left} 个：约每秒 50 个回调`,
		queuesLeft: (names) => `队列仍然存在：${names}`,
		emptyQueues: "里面是已应答的消息：等它们清空，再运行 npm run remove -- --stage NAME",
		noTable: (table) => `没有数据表 ${table}`,
		otherTable: "请换一个 tableName，或不写",
		takenUp: (table, rows) => `将继续使用数据表 ${table}，约 ${rows} 行`,
		free: "名字都未被占用",
		tableThere: (table) => `已有数据表 ${table}`,
		takeUp: (table) => `要继续使用它：--param tableName=${table}`,
		noType: (type) => `没有 ${type}`,
		allTypes: (n) => `${n} 种资源都有`,
		otherRegion: "请部署到别的区域",
		root: "这是账号的根凭证",
		allowed: "与 docs/deploy-policy.json 所列一致（IAM 模拟的结果）",
		denied: (actions, more) => `没有权限：${actions}${more > 0 ? `，以及另外 ${more} 项` : ""}`,
		attach: "请为它附加 docs/deploy-policy.json",
		tokenRefused: "环境不接受这个 token",
		deployWithIt: "请带上它部署：CALLBACK_TOKENS=新,旧 npm run deploy",
		noRow: (answered, seconds) => `${answered} 毫秒后应答，但 ${seconds} 秒后仍未入库`,
		notLost: "没有丢失：它在队列中等待，或在死信里。见告警 waiting、store-errors 和 failed-items",
		isRow: (answered, stored, name) =>
			`${answered} 毫秒后应答，${stored} 毫秒后入库；可用 --callback ${name} 查看`,
		failing: "见 docs/operations.zh-CN.md 中的告警 failing，以及 receive 的日志",
		everyone: "无论什么 token 都放行",
		toStranger: (told) => `对错误的 token 应答 ${told}`,
		toEmpty: (told) => `对空消息应答 ${told}`,
		refuses: (url, told) => `${url} 对错误的 token 应答 ${told}`,
		deployWithTokens: "请带上 CALLBACK_TOKENS 部署",
		noToken: "没有可用来发送的 token",
		giveToken: "请写在 CHECK_TOKEN、CALLBACK_TOKENS 或文件 .env 里；在终端里会询问",
		redeploy: "请用同样的参数重新部署",
		since: (status, time) => `${status}，自 ${time}`,
		takenBack: (status, time) => `${status}，自 ${time}：最近一次部署已回退，运行的是之前那次`,
		stackEvents: "原因见 AWS 控制台中该 stack 的事件；排除后重新部署",
		askWhenDone: "请等它完成后再查",
		isIn: (name, state) => `${name} 处于 ${state}`,
		lastUpdate: (state) => `最近一次更新为 ${state}`,
		runsOn: (name, runtime, wanted) => `${name} 运行在 ${runtime}，而不是 ${wanted}`,
		writesTo: (name, table, wanted) => `${name} 写入 ${table}，而不是 ${wanted}`,
		storeNotCalled: (state) => `store 没有被调用：${state}`,
		noDeadLetterQueue: "没有死信队列",
		none: "没有",
		thereAre: (n) => `有 ${n} 条`,
		showsWhy: "npm run --silent dead-letters -- --stage NAME 会列出原因",
		noQueue: "没有队列",
		wait: (n, age) => `等待中 ${n} 条${age === undefined ? "" : `，最早的已等 ${age} 秒`}`,
		seeWaiting: "见 docs/operations.zh-CN.md 中的告警 waiting 和 failed-items",
		seeWaitingAgain: "请稍后再查；见 docs/operations.zh-CN.md 中的告警 waiting 和 failed-items",
		tableIs: (state) => `数据表处于 ${state}`,
		indexIs: (name, state) => `索引 ${name}：${state}`,
		missing: "缺失",
		noStream: "没有供消费者使用的流",
		noExpiry: "不会删除到期的行",
		wholeTable: (table, n) => `${table}，含 ${n} 个索引、流和到期删除`,
		seeRestore: "正在建立的索引需要时间；否则见 docs/operations.zh-CN.md 的“恢复”",
		noRecovery: "时间点恢复没有开启",
		seeRestoreStep: "见 docs/operations.zh-CN.md 的“恢复”第 2 步",
		restorable: (since) => `可恢复到 ${since ?? "建表"} 之后的任意一秒，且受删除保护`,
		restorableOpen: (since) => `可恢复到 ${since ?? "建表"} 之后的任意一秒，但没有删除保护`,
		protect: "请带上 tableDeletionProtection=true 部署",
		noAlarm: (title) => `没有告警 ${title}`,
		muteAlarm: (title) => `告警 ${title} 不通知任何人`,
		all: (n) => `${n} 个都在`,
		noLog: (name) => `没有 ${name}`,
		keptForEver: (name) => `${name} 永久保留，持续计费`,
		days: (days) => `${days} 天`,
		unconfirmed: (who) => `${who} 尚未确认`,
		followLink: "请点开 SNS 邮件里的链接",
		nobody: "没有人",
		deployWithEmail: "请带上 alarmEmail=… 或 ALARM_ROBOT=… 部署，或订阅该 SNS 主题",
		noRobot: "没有群机器人的地址",
		giveRobot: "请写在 ALARM_ROBOT 或文件 .env 里",
		seeRobot: "见 docs/operations.zh-CN.md 的“群里的告警”",
		asGiven: "就是这里给出的",
		seeParameters: "见 docs/operations.zh-CN.md 的“参数”",
	},
	checkCommand: {
		usage: `npm run --silent check -- --stage NAME [选项]

首次部署之前：能否部署。部署之后：整个环境是否一切正常。
有不正常时以 1 结束。它不改变任何东西，只发送一次探测：一个会成为 callback#probe 下一行的回调，
它不是消息。

  CHECK_TOKEN      发送探测用的 token（默认：CALLBACK_TOKENS 的第一个，来自环境变量或文件 .env；
                   在终端里会询问）
  --param NAME=…   与 npm run deploy 相同，用于首次部署之前
  --url URL        回调发往哪里，包含 /message（默认：堆栈的 CallbackUrl）
  --tell           同时给 ALARM_ROBOT（或文件 .env 中）的群机器人发一条测试消息
  --json           每行一个 JSON 对象
`,
		wantsUrl: "--url 需要一个网址",
		askToken: (callbackUrl) => `${callbackUrl} 接受的 token：`,
	},
	forwardCommand: {
		usage: `npm run --silent forward -- --to URL [选项]

把每条消息发给正在开发的程序：JSON，形式同 miaohui-receiver/message 的 readRow，同一会话内按时间顺序。
不是 2xx 就一直重试，只让这个会话等待。每次重复的请求头 Idempotency-Key 都相同。
重新启动后从上次的位置继续；正在途中的会再来一次。Ctrl-C 结束。

  --to URL         https，或本机的 http，例如 http://localhost:8080/hook
  --once           现有的全部送达后结束
  --since TIME     从那时入库的开始（默认：现在）；与上次不同则重新开始
`,
		wantsUrl: "--to 需要一个网址",
		wantsHttps: "--to 需要 https（在本机除外），其中也不能有用户名或密码：消息不给别人看",
		waits: (chat, why) => `${chat} 在等待，${why}`,
	},
	exportCommand: {
		usage: `npm run --silent export -- [--since DAY] [--until DAY] [选项]

写出某些天的消息，每个版本一行，按入库顺序：JSON 含全部属性，或用于电子表格。
中断后用相同的选项再次运行，会接着写。

  --since DAY      从这一天起，例如 2026-01-31；或从某个时间起，例如 2026-01-31T08:00
  --until DAY      到这一天结束，或到某个时间
  --zone NAME      哪个时区的日子，例如 Asia/Shanghai（默认：本机的）
  --format FORMAT  json 或 csv（默认：json）
  --out FILE       写到哪里（默认：终端，中断后不能接着写）
`,
		badFormat: "--format 是 json 或 csv",
		badZone: (zone) => `--zone "${zone}" 不是时区；例如 Asia/Shanghai`,
		otherOptions: (out, file) => `${out} 是用别的选项开始的：请删除它和 ${file}，或换一个文件名`,
		isThere: (out) => `${out} 已存在，或无法写入`,
		written: (rows, upTo) => `已写 ${rows} 条，入库时间到 ${upTo}`,
		done: (rows, out) => `已写 ${rows} 条${out === undefined ? "" : `，在 ${out}`}`,
	},
	consoleCommand: {
		usage: `npm run console -- --stage NAME [选项]

在浏览器中查看部署环境：消息、其他回调、死信、队列和监控面板。只读取；死信在你确认后才送回。

  --port N         页面的端口，只在本机（默认：3001，或空闲端口）
`,
		wantsStage: "请说明哪个环境：--stage NAME；本机环境的页面由 npm start 打开",
		noTable: (table) => `这个账号和区域里没有表 ${table}`,
		opened: (stage, url) => `环境 ${stage}：${url} （Ctrl-C 结束）`,
	},
	removeCommand: {
		usage: `npm run remove -- --stage NAME [--region NAME] [--profile NAME] [--lose-messages]

说明删除什么、保留什么，要求输入环境名，然后删除整个环境和空的队列。
如果用的是另一张表（tableName），请在前面加上 TABLE_NAME=…。

`,
		wantsStage: "--stage 应为已部署的环境名",
		goes: (stage, region) => `将删除 ${region} 的环境 ${stage}：
  删除    API 及其回调地址（自有域名可转给另一个环境）、两个函数、
          告警、监控面板、日志和队列`,
		inQueues: (waiting, dead) => `等待中 ${waiting} 条，死信 ${dead} 条`,
		isLost: (inQueues) => `  丢失    ${inQueues}，都是已应答的`,
		tableStays: (table, rows, stage) => `  保留    数据表 ${table}，约 ${rows} 行，继续计费
          再次使用：npm run deploy -- --stage ${stage} --param tableName=${table}`,
		tableIsLost: (table, rows) => `  丢失    数据表 ${table}，约 ${rows} 行：它没有删除保护`,
		refusal: (inQueues, stage) =>
			`队列里还有消息（${inQueues}）。请等前者入库，用 npm run redrive -- --stage ${stage} 送回后者；或加上 --lose-messages`,
		ask: "请输入环境名以确认删除：",
		otherName: "与环境名不符；没有删除任何东西",
		waits: (minutes) =>
			`队列空了 ${minutes} 分钟后才删除：SQS 的计数只是近似值。不等的话，队列原样保留。`,
		queueStays: (name) => `队列 ${name} 里还有消息，予以保留。`,
	},
	schemaCommand: {
		usage: `npm run --silent schema            修正后的 schema
npm run --silent schema -- --diff  与公开的 schema 相比修正了什么，依据是什么

`,
		wrong: "问题  ",
		fix: "修正  ",
		evidence: "依据  ",
	},
	startCommand: {
		usage: `npm start -- [--fresh]

在本机启动从回调地址到数据表的完整链路，并给出试用方法。

  --fresh          从头开始：删除本地环境保存的数据
  PORT             回调地址的端口（默认：3000）
  CALLBACK_TOKENS  接受的 token，用逗号分隔（默认：接受任意 token）
  CALLBACK_KEYS    可以放在路径最前面的密钥
  ON_UNRECOGNIZED  keep 或 refuse（默认：keep）
  DYNAMODB         dynalite，或 amazon（即 Amazon 的 DynamoDB Local，需要 JDK；默认：dynalite）
  LOCAL_DIR        数据放在哪里（默认：.local）
`,
		badPort: (value, last) => `PORT 是 "${value}"，应为 1 到 ${last} 的数字`,
		badEngine: (value) => `DYNAMODB 是 "${value}"，应为 "dynalite" 或 "amazon"`,
		heads: {
			url: "回调地址",
			console: "控制台",
			tokens: "token",
			try: "试一试",
			look: "查看",
			log: "日志",
		},
		seeIt: "（看它工作）",
		anyToken: "接受任意 token",
		listedTokens: "CALLBACK_TOKENS 中列出的；下面这行命令的终端里也要有它",
		ends: (directory) => `按 Ctrl-C 结束；数据保留在 ${directory}（npm start -- --fresh 会清空）。`,
		stopping: "正在停止……",
		wouldAlarm: (name, description) => `告警    ${name}：${description}`,
		isOver: (name) => `已恢复  ${name}`,
	},
	local: {
		runsAlready: (directory) =>
			`${directory} 里已有一个本地环境在运行；请先结束它，或用 LOCAL_DIR=… npm start 换一个目录`,
		portTaken: (port) => `端口 ${port} 已被其他程序占用；请用 PORT=… npm start 换一个`,
		needsJava: "DYNAMODB=amazon 需要 PATH 中有 17 或更新的 JDK",
		oldTable: (directory) =>
			`${directory} 里的数据表是旧版本的，主键不同；npm start -- --fresh 会从头开始`,
	},
	ledgerCommand: {
		usage: `npm run ledger -- [选项]

向一个独立的本地环境发送各种回调，再把应答过的与表中的逐一核对。有任何差异则以 1 结束。

  --messages N   多少条（默认：2000）
  --faults       期间队列和数据表时好时坏
  --off          期间回调地址时而禁用，由 backfill 补回
  --seed N       哪一种组合与故障（默认：1）
  DYNAMODB=amazon 使用 Amazon 的 DynamoDB Local
`,
		kept: "全部承诺都已兑现",
		differences: (n) => `${n} 处差异`,
	},
	history: {
		circle: "分页绕成了圈",
		tooManyPages: (n) => `一天超过 ${n} 页`,
		tooManyCalls: (n) => `需要超过 ${n} 次查询`,
		odd: "应答的结构无法识别",
		answers: (said) => `应答为 ${said}`,
		unreadable: (reason) => `无法读取：${reason}`,
		tooLong: (bytes) => `应答超过 ${bytes} 字节`,
	},
	backfillCommand: {
		usage: `npm run --silent backfill -- --since TIME [--until TIME] [选项]

查询平台的消息历史，把表里缺少的放入队列：无论运行多少次，都只补一次。
没有缺少则以 0 结束，有缺少则以 3 结束。

  --since TIME     例如 2026-01-31T08:00:00+08:00；不写时区即为 UTC
  --until TIME     （默认：10 分钟前；之后的可能还在途中）
  --bot ID         只查一个托管账号，按 botId
  --dry-run        只说明缺少什么
  --base URL       消息历史所在的地址，例如 https://…/stream-api（默认：HISTORY_BASE）
  --dialect NAME   用哪种方式查询：published 或 resold（默认：published）
  --rate N         每秒查询次数（默认：2）
  --from DAY[:SEQ] 从上次失败时给出的位置继续
  --json           一个 JSON 对象
  HISTORY_TOKEN    小组级 token；没有设置则会询问
`,
		askToken: "小组级 token：",
		noToken: "缺少 token：请设置 HISTORY_TOKEN",
		noSince: "缺少 --since：从什么时间起？",
		badDialect: (value) => `--dialect "${value}" 应为 published 或 resold`,
		noBase: "消息历史在哪里？请加 --base，或设置 HISTORY_BASE",
		badBase: (value) => `--base "${value}" 应以 https:// 开头，并止于 message/history 之前`,
		badFrom: (value) => `--from "${value}" 应为日期，或 日期:游标`,
		progress: (day, pages, records) => `${day}  第 ${pages} 页  ${records} 条记录`,
		columns: ["小时", "托管账号", "平台", "已有", "缺少", "补入"],
		noTime: "没有时间",
		unusable: (n) => `${n} 条记录没有 ID：无从判断`,
		notAll: (day, reason, place) =>
			`backfill：${day} 没有全部查清：${reason}；可用 --from ${place} 继续`,
		nothing: "没有缺少",
		nothingRead: "能读到的部分没有缺少",
		missed: (n, done) => `缺少 ${n} 条，${done}`,
		notFilled: "没有补入（--dry-run）",
		filledWith: (n) => `已将 ${n} 条放入队列`,
	},
	gapsCommand: {
		usage: `npm run --silent gaps -- [选项]

只凭数据表判断回调地址何时可能被禁用：通常会有回调、却一条也没有的时段，或某个托管账号没有的时段；
并给出从平台的消息历史补回每一段的命令。

  --since TIME     （默认：一周前）
  --until TIME     （默认：现在）
  --minutes N      全部回调至少缺多少分钟才算（默认：30）
  --json           每行一个 JSON 对象
`,
		none: "没有缺口",
		all: "没有任何回调",
		ofBot: (bot) => `托管账号 ${bot} 没有回调`,
		usual: (n) => `通常有 ${n} 条`,
		noWeek: "之前没有可以比较的一周",
		gap: (since, until, minutes, who, usual) =>
			`${since} 至 ${until}，${minutes} 分钟：${who}；${usual}`,
	},
	rehearseCommand: {
		usage: `npm run rehearse

在本机的 AWS（ministack）上真正部署一次，逐项验证承诺，然后再删除整个环境。
需要 3.10 或更新的 python3，带 venv 和 pip；没有则以 2 结束。引擎安装在 .rehearsal/，日志也在那里。

`,
		lacks: (what) => `没有演练：${what}`,
		failed: (n, log) => `${n} 步失败；引擎做了什么，见 ${log}`,
	},
	outageCommand: {
		usage: `npm run outage -- [--messages N] [--cycles N] [--engine dynalite|amazon]

在有消息等待时拿走本地环境的数据表，时长为首次重试间隔（这里 1 秒，部署后 30 秒）的若干倍，
然后说明这些消息的去向。

`,
		deadLetter: (reason) => `死信：${reason}`,
		isWell: "每条消息都是一行",
		isNot: "并非每条消息都是一行",
	},
};
