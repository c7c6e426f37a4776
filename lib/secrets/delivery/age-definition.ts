/** A secret whose newest value may not be older. */
export interface WatchedSecret {
  /** As people know it. */
  readonly name: string;
  readonly arn: string;
  readonly lateAfterDays: number;
}

const DAY_MS = 86_400_000;

/**
 * Looks at every secret's newest version, which says when it came, never what it holds; fails by the name of one that is
 * late, or that has no value at all. In JSONata: the older language of state machines cannot reckon with times.
 */
export function ageDefinition(partition: string, secrets: readonly WatchedSecret[]): object {
  return {
    Comment: "Fails while a secret is older than its schedule allows",
    QueryLanguage: "JSONata",
    StartAt: "Each",
    TimeoutSeconds: 900,
    States: {
      Each: {
        Type: "Map",
        Items: secrets.map(({ name, arn, lateAfterDays }) => ({ name, arn, days: lateAfterDays })),
        MaxConcurrency: 5,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Look",
          States: {
            Look: {
              Type: "Task",
              Resource: `arn:${partition}:states:::aws-sdk:secretsmanager:listSecretVersionIds`,
              Arguments: { SecretId: "{% $states.input.arn %}" },
              Output:
                "{% $merge([$states.input, {'born': $states.result.Versions['AWSCURRENT' in VersionStages].CreatedDate}]) %}",
              Retry: [
                {
                  ErrorEquals: ["States.ALL"],
                  MaxAttempts: 3,
                  IntervalSeconds: 10,
                  BackoffRate: 2,
                  JitterStrategy: "FULL",
                },
              ],
              Next: "Judge",
            },
            Judge: {
              Type: "Choice",
              Choices: [
                {
                  Condition: `{% $exists($states.input.born) and $millis() - $toMillis($states.input.born) < $states.input.days * ${DAY_MS} %}`,
                  Next: "Young",
                },
              ],
              Default: "Late",
            },
            Young: { Type: "Succeed" },
            Late: {
              Type: "Fail",
              Error: "SecretIsLate",
              Cause:
                "{% $states.input.name & ' has had no new value for more than ' & $states.input.days & ' days' %}",
            },
          },
        },
        // Results would only stand in the history.
        Output: {},
        End: true,
      },
    },
  };
}
