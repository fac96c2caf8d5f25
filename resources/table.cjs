"use strict";

module.exports = {
	/** Without `tableName` the stack makes its table; with it, one is there, such as a restored one. */
	async resources({ resolveVariable }) {
		const { makesTable } = await resolveVariable("self:custom.settings");
		return makesTable ? { Table: await resolveVariable("file(resources/table.yml)") } : {};
	},

	/** Built from the name: a reference to the resource would force an order, and the table comes last. */
	async arn({ resolveVariable }) {
		const { tableName } = await resolveVariable("self:custom.settings");
		const path = `\${AWS::Region}:\${AWS::AccountId}:table/${tableName}`;
		return { "Fn::Sub": `arn:\${AWS::Partition}:dynamodb:${path}` };
	},

	/** A table of another making has a stream of its own, or none. */
	async outputs({ resolveVariable }) {
		const { makesTable } = await resolveVariable("self:custom.settings");
		if (!makesTable) return {};
		return {
			StreamArn: {
				Description: "New rows, for consumers of the table",
				Value: { "Fn::GetAtt": ["Table", "StreamArn"] },
			},
		};
	},

	/**
	 * The first deployment may fail after the table was made: then it goes again, or the next one would
	 * find its name taken.
	 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
	 */
	async deletionPolicy({ resolveVariable }) {
		const { tableDeletionProtection } = await resolveVariable("self:custom.settings");
		return tableDeletionProtection ? "RetainExceptOnCreate" : "Delete";
	},
};
