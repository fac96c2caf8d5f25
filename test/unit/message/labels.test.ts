import { expect, test } from "vitest";
import { hasLabel, labelOf } from "../../../lib/message/labels.ts";

test("labels come from the schema, and what it does not list has none", () => {
	const types = [7, 10_001, 42, Number.NaN];
	expect(types.map(labelOf)).toEqual(["文字", "企业微信系统消息", "类型42", "类型NaN"]);
	expect(types.map(hasLabel)).toEqual([true, true, false, false]);
	expect(labelOf(undefined)).toBe("无类型");
});
