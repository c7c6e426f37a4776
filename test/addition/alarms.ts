import { allows, IN, one, type Addition } from "./added";

const STRANGER = { AWS: "arn:aws:iam::444455556666:root" };
const ANY = { Principal: "*", Action: "*", Resource: "*" };

/** Alarms, and who hears them. */
export const ALARMS: readonly Addition[] = [
  {
    name: "an alarm of the same name that tells nobody",
    adds: (it) =>
      one("aws_cloudwatch_metric_alarm", {
        alarm_name: it.value(IN.alarm, "alarm_name"),
        ...{ comparison_operator: "GreaterThanThreshold", evaluation_periods: 1, threshold: 1e9 },
        ...{ metric_name: "x", namespace: "y", period: 60, statistic: "Sum", actions_enabled: false },
      }),
    expected: "verdict",
  },
  {
    name: "a composite alarm of the same name",
    adds: (it) =>
      one("aws_cloudwatch_composite_alarm", {
        alarm_name: it.value(IN.alarm, "alarm_name"),
        ...{ alarm_rule: "FALSE", actions_enabled: false },
      }),
    expected: "verdict",
  },
  {
    name: "a composite alarm of another name that tells nobody",
    adds: () => one("aws_cloudwatch_composite_alarm", { alarm_name: "other", alarm_rule: "FALSE" }),
    expected: "quiet",
  },
  {
    name: "a second policy of the topic",
    adds: (it) => one("aws_sns_topic_policy", { arn: it.ref(IN.topic, "arn"), policy: allows(ANY) }),
    expected: "verdict",
  },
  {
    name: "a second policy of the topic for another account",
    adds: (it) =>
      one("aws_sns_topic_policy", {
        arn: it.ref(IN.topic, "arn"),
        policy: allows({ Principal: STRANGER, Action: "sns:Subscribe", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "somebody else hears the alarms",
    adds: (it) =>
      one("aws_sns_topic_subscription", {
        ...{ topic_arn: it.ref(IN.topic, "arn"), protocol: "https", endpoint: "https://evil.example.net/" },
      }),
    expected: "verdict",
  },
  {
    name: "somebody else hears the alarms in clear text",
    adds: (it) =>
      one("aws_sns_topic_subscription", {
        ...{ topic_arn: it.ref(IN.topic, "arn"), protocol: "http", endpoint: "http://evil.example.net/" },
      }),
    expected: "verdict",
  },
  {
    name: "messages of alarms are refused for what is in them",
    adds: (it) =>
      one("aws_sns_topic_data_protection_policy", {
        arn: it.ref(IN.topic, "arn"),
        policy: JSON.stringify({ Name: "x", Version: "2021-06-01", Statement: [] }),
      }),
    expected: "verdict",
  },
  {
    name: "a second policy of a queue",
    adds: (it) => one("aws_sqs_queue_policy", { queue_url: it.ref(IN.queue, "url"), policy: allows(ANY) }),
    expected: "verdict",
  },
  {
    name: "a queue gives away what was not read",
    adds: (it) =>
      one("aws_sqs_queue_redrive_policy", {
        queue_url: it.ref(IN.queue),
        redrive_policy: JSON.stringify({
          deadLetterTargetArn: "arn:aws:sqs:eu-west-1:111122223333:x",
          maxReceiveCount: 1,
        }),
      }),
    expected: "verdict",
  },
  {
    name: "a pipe empties a queue",
    adds: (it) =>
      one("aws_pipes_pipe", {
        ...{
          name: "other",
          role_arn: "arn:aws:iam::111122223333:role/other",
          source: it.ref(IN.queue, "arn"),
        },
        target: "arn:aws:lambda:eu-west-1:111122223333:function:x",
      }),
    expected: "verdict",
  },
  {
    name: "a function empties a queue",
    adds: (it) =>
      one("aws_lambda_event_source_mapping", {
        event_source_arn: it.ref(IN.queue, "arn"),
        function_name: "other",
      }),
    expected: "verdict",
  },
  {
    name: "failed deployments are told to another account",
    adds: (it) =>
      one("aws_cloudwatch_event_target", {
        rule: it.ref(IN.failedRule, "name"),
        ...{
          arn: "arn:aws:events:eu-west-1:444455556666:event-bus/other",
          role_arn: "arn:aws:iam::111122223333:role/x",
        },
      }),
    expected: "verdict",
  },
  {
    name: "every account may send events",
    adds: () =>
      one("aws_cloudwatch_event_permission", {
        principal: "*",
        statement_id: "all",
        action: "events:PutEvents",
      }),
    expected: "quiet",
  },
  {
    name: "another filter counts in the audit",
    adds: (it) =>
      one("aws_cloudwatch_log_metric_filter", {
        ...{ name: "other", log_group_name: it.ref(IN.audit, "name"), pattern: '{ $.tool = "search" }' },
        metric_transformation: {
          name: "other",
          namespace: "other",
          value: "1",
          default_value: "0",
          unit: "Count",
        },
      }),
    expected: "quiet",
  },
];
