import { words, type ServiceRights } from "./rights";

/** What is asked of EC2: for groups by every file of ours, for a network and its parts by those that make them. */
export const EC2: readonly ServiceRights[] = [
  {
    service: "ec2",
    types:
      /^aws_(vpc|subnet|route|internet_gateway|network_acl|security_group|flow_log|nat_gateway|eip|ec2_|prefix_list|default_security_group)/,
    on: [],
    named: [],
    anywhere: words(
      "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags DeleteSecurityGroup DescribeFlowLogs DescribeInternetGateways DescribeNetworkAcls DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
    ),
    documented: {
      anywhere: words(
        "DeleteTags DescribeAddresses DescribeAddressesAttribute DescribeManagedPrefixLists DescribeNatGateways DescribeVpcEndpointServices GetManagedPrefixListEntries GetSecurityGroupsForVpc ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress",
      ),
    },
  },
  {
    // IAM cannot name what has no name: who may delete our VPC may delete any. So not where the network is somebody else's.
    ...{ service: "ec2", part: "Network" },
    types:
      /^aws_(vpc|vpc_ipv4_cidr_block_association|subnet|route|route_table|(main_)?route_table_association|internet_gateway|network_acl|network_acl_rule|network_acl_association|flow_log|nat_gateway|eip|eip_association)$/,
    on: [],
    named: [],
    anywhere: words(
      "AssociateRouteTable AttachInternetGateway CreateFlowLogs CreateInternetGateway CreateNetworkAcl CreateNetworkAclEntry CreateRoute CreateRouteTable CreateSubnet CreateVpc DeleteFlowLogs DeleteInternetGateway DeleteNetworkAcl DeleteNetworkAclEntry DeleteRoute DeleteRouteTable DeleteSubnet DeleteVpc DetachInternetGateway DisassociateRouteTable ModifyVpcAttribute ReplaceNetworkAclAssociation",
    ),
    documented: {
      anywhere: words(
        "AllocateAddress AssociateVpcCidrBlock CreateNatGateway DeleteNatGateway DisassociateAddress ModifySubnetAttribute ReleaseAddress ReplaceNetworkAclEntry ReplaceRoute",
      ),
    },
  },
  {
    ...{ service: "ec2", part: "Endpoints" },
    types: /^aws_vpc_endpoint/,
    on: [],
    named: [],
    anywhere: words("CreateVpcEndpoint DeleteVpcEndpoints"),
    documented: {
      anywhere: words(
        "CreateVpcEndpointServiceConfiguration DeleteVpcEndpointServiceConfigurations ModifyVpcEndpoint",
      ),
    },
  },
  {
    ...{ service: "ec2", part: "PrefixLists" },
    types: /^aws_ec2_managed_prefix_list/,
    on: [],
    named: [],
    anywhere: [],
    documented: {
      anywhere: words("CreateManagedPrefixList DeleteManagedPrefixList ModifyManagedPrefixList"),
    },
  },
];
