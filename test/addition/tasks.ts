import { IN, one, several, type Addition } from "./added";

const OTHER_TARGETS =
  "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/other/0123456789abcdef";

/** Tasks beside ours, or ours run by somebody else. */
export const TASKS: readonly Addition[] = [
  {
    name: "a pipeline of somebody else deploys our service",
    adds: (it) =>
      one("aws_codedeploy_deployment_group", {
        ...{
          app_name: "a",
          deployment_group_name: "d",
          service_role_arn: "arn:aws:iam::111122223333:role/x",
        },
        ecs_service: [{ cluster_name: it.ref(IN.cluster, "name"), service_name: it.ref(IN.service, "name") }],
      }),
    expected: "verdict",
  },
  {
    name: "a service of the same task with a public address",
    adds: (it) =>
      one("aws_ecs_service", {
        ...{ name: "second", cluster: it.ref(IN.cluster, "arn"), desired_count: 1, launch_type: "FARGATE" },
        task_definition: it.ref(IN.definition, "arn"),
        network_configuration: {
          subnets: [it.ref(IN.publicSubnet)],
          security_groups: [it.ref(IN.taskGroup)],
          assign_public_ip: true,
        },
      }),
    expected: "verdict",
  },
  {
    name: "a service of somebody else in the group of our load balancer",
    adds: (it) =>
      one("aws_ecs_service", {
        ...{
          name: "other",
          cluster: "other",
          desired_count: 1,
          launch_type: "FARGATE",
          task_definition: "other:1",
        },
        network_configuration: {
          subnets: ["subnet-0123456789abcdef0"],
          security_groups: [it.ref(IN.balancerGroup)],
        },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "a set of tasks whose server is registered itself",
    adds: (it) =>
      one("aws_ecs_task_set", {
        ...{
          service: it.ref(IN.service),
          cluster: it.ref(IN.cluster, "arn"),
          task_definition: it.ref(IN.definition, "arn"),
        },
        load_balancer: [{ target_group_arn: OTHER_TARGETS, container_name: "server", container_port: 3000 }],
        network_configuration: { subnets: [it.ref(IN.publicSubnet)], assign_public_ip: true },
      }),
    expected: "verdict",
  },
  {
    name: "an event runs our task with other commands",
    adds: (it) =>
      several(
        one("aws_cloudwatch_event_rule", { name: "other", schedule_expression: "rate(1 day)" }),
        one("aws_cloudwatch_event_target", {
          ...{ rule: "${aws_cloudwatch_event_rule.added.name}", arn: it.ref(IN.cluster, "arn") },
          role_arn: "arn:aws:iam::111122223333:role/other",
          ecs_target: { task_definition_arn: it.ref(IN.definition, "arn"), enable_execute_command: true },
          input: JSON.stringify({ containerOverrides: [{ name: "server", command: ["sh"] }] }),
        }),
      ),
    expected: "verdict",
  },
  {
    name: "a schedule runs our task",
    adds: (it) =>
      one("aws_scheduler_schedule", {
        ...{ name: "other", schedule_expression: "rate(1 day)", flexible_time_window: { mode: "OFF" } },
        target: {
          ...{ arn: it.ref(IN.cluster, "arn"), role_arn: "arn:aws:iam::111122223333:role/other" },
          ecs_parameters: { task_definition_arn: it.ref(IN.definition, "arn"), enable_execute_command: true },
        },
      }),
    expected: "verdict",
  },
  {
    name: "a pipe runs our task",
    adds: (it) =>
      one("aws_pipes_pipe", {
        ...{
          name: "other",
          role_arn: "arn:aws:iam::111122223333:role/other",
          source: it.ref(IN.queue, "arn"),
        },
        target: it.ref(IN.cluster, "arn"),
        target_parameters: { ecs_task_parameters: { task_definition_arn: it.ref(IN.definition, "arn") } },
      }),
    expected: "verdict",
  },
  {
    name: "a task definition of somebody else with our role",
    adds: (it) =>
      one("aws_ecs_task_definition", {
        ...{
          family: "other",
          network_mode: "awsvpc",
          requires_compatibilities: ["FARGATE"],
          cpu: "256",
          memory: "512",
        },
        task_role_arn: it.ref(IN.taskRole, "arn"),
        container_definitions: JSON.stringify([{ name: "x", image: "alpine:3", essential: true }]),
      }),
    expected: "verdict",
  },
  {
    name: "a schedule takes all tasks away",
    adds: (it) =>
      one("aws_appautoscaling_scheduled_action", {
        ...{ name: "off", service_namespace: "ecs", scalable_dimension: "ecs:service:DesiredCount" },
        resource_id: it.value("server-orders/service/scaling", "resource_id"),
        schedule: "cron(0 20 * * ? *)",
        scalable_target_action: { min_capacity: 0, max_capacity: 0 },
      }),
    expected: "verdict",
  },
  {
    name: "another range of tasks for our service",
    adds: (it) =>
      one("aws_appautoscaling_target", {
        ...{ service_namespace: "ecs", scalable_dimension: "ecs:service:DesiredCount" },
        resource_id: it.value("server-orders/service/scaling", "resource_id"),
        ...{ min_capacity: 0, max_capacity: 100 },
      }),
    expected: "verdict",
  },
  {
    name: "the insights of all clusters are turned off",
    adds: () => one("aws_ecs_account_setting_default", { name: "containerInsights", value: "disabled" }),
    expected: "quiet",
  },
  {
    name: "anybody may call the function that rotates a key",
    adds: (it) =>
      one("aws_lambda_permission", {
        ...{ action: "lambda:InvokeFunction", principal: "*" },
        function_name: it.ref(IN.secretRotation, "function_name"),
      }),
    expected: "verdict",
  },
  {
    name: "another account may call the function that rotates a key",
    adds: (it) =>
      one("aws_lambda_permission", {
        ...{ action: "lambda:InvokeFunction", principal: "444455556666" },
        function_name: it.ref(IN.secretRotation, "arn"),
      }),
    expected: "verdict",
  },
  {
    name: "the function that rotates a key has an address",
    adds: (it) =>
      one("aws_lambda_function_url", {
        authorization_type: "NONE",
        function_name: it.ref(IN.secretRotation, "function_name"),
      }),
    expected: "verdict",
  },
  {
    name: "a queue calls the function that rotates a key",
    adds: (it) =>
      one("aws_lambda_event_source_mapping", {
        event_source_arn: "arn:aws:sqs:eu-west-1:444455556666:other",
        function_name: it.ref(IN.secretRotation, "arn"),
      }),
    expected: "verdict",
  },
  {
    name: "what the function that rotates a key says goes elsewhere",
    adds: (it) =>
      one("aws_lambda_function_event_invoke_config", {
        function_name: it.ref(IN.secretRotation, "function_name"),
        destination_config: { on_failure: { destination: "arn:aws:sqs:eu-west-1:444455556666:other" } },
      }),
    expected: "verdict",
  },
  {
    name: "the function that rotates a key is called at deployment with other words",
    adds: (it) =>
      one("aws_lambda_invocation", {
        function_name: it.ref(IN.secretRotation, "function_name"),
        input: JSON.stringify({ Step: "finishSecret" }),
      }),
    expected: "verdict",
  },
];
