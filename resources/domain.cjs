"use strict";

/**
 * A host name of one's own: the URL that is entered in the platform's console outlives the stack then,
 * and its region.
 */
module.exports = {
	async resources({ resolveVariable }) {
		const { domain } = await resolveVariable("self:custom.settings");
		if (domain === undefined) return {};
		return {
			Domain: {
				Type: "AWS::ApiGatewayV2::DomainName",
				Properties: {
					DomainName: domain.name,
					DomainNameConfigurations: [
						{
							CertificateArn: domain.certificateArn,
							EndpointType: "REGIONAL",
							SecurityPolicy: "TLS_1_2",
						},
					],
				},
			},
			DomainMapping: {
				Type: "AWS::ApiGatewayV2::ApiMapping",
				Properties: {
					DomainName: { Ref: "Domain" },
					ApiId: { Ref: "HttpApi" },
					Stage: { Ref: "HttpApiStage" },
				},
			},
		};
	},

	async outputs({ resolveVariable }) {
		const { domain } = await resolveVariable("self:custom.settings");
		const host = domain?.name ?? "${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}";
		return {
			CallbackUrl: {
				Description: "The base URL to enter in the platform's console is this without /message",
				Value: { "Fn::Sub": `https://${host}/message` },
			},
			...(domain && {
				DomainTarget: {
					Description: "The DNS record of the domain is a CNAME, or an alias, to this",
					Value: { "Fn::GetAtt": ["Domain", "RegionalDomainName"] },
				},
				DomainTargetZone: {
					Description: "The hosted zone of DomainTarget, for an alias in Route 53",
					Value: { "Fn::GetAtt": ["Domain", "RegionalHostedZoneId"] },
				},
			}),
		};
	},
};
