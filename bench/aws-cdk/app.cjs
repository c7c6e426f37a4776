// An aws-cdk app with N low-level resources of types that such a deployment has. usage: aws-cdk.cjs N
require("../apps/report.cjs");
const {
  App,
  Stack,
  aws_cloudwatch: cloudwatch,
  aws_ec2: ec2,
  aws_iam: iam,
  aws_kms: kms,
  aws_logs: logs,
  aws_secretsmanager: secrets,
} = require("aws-cdk-lib");

const app = new App({ outdir: process.env.BENCH_OUT, analyticsReporting: false });
const stack = new Stack(app, "cdk");
const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};
const makers = [
  (id) => new iam.CfnRole(stack, id, { assumeRolePolicyDocument: trust }),
  (id) => new ec2.CfnSecurityGroup(stack, id, { groupDescription: id, vpcId: "vpc-1" }),
  (id) => new ec2.CfnSubnet(stack, id, { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" }),
  (id) => new logs.CfnLogGroup(stack, id, { retentionInDays: 400 }),
  (id) => new secrets.CfnSecret(stack, id, { name: id }),
  (id) => new kms.CfnKey(stack, id, { keyPolicy: trust, enableKeyRotation: true }),
  (id) =>
    new cloudwatch.CfnAlarm(stack, id, {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      metricName: id,
      namespace: "Bench",
      period: 60,
      statistic: "Sum",
      threshold: 1,
    }),
];
for (let i = 0; i < Number(process.argv[2]); i++) makers[i % makers.length](`R${i}`);
app.synth();
