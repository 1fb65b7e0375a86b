/**
 * What AWS itself answered: values noted from snapshots that others recorded against AWS. `of` is where a snapshot is in
 * https://github.com/localstack/localstack (commit 8b9a79f05, Apache-2.0), below tests/aws/services; `on` when AWS was asked.
 */

export interface Recording<Value> {
  value: Value;
  of: string;
  on: string;
}

const sfn = 'stepfunctions/v2';

/** Error names of Step Functions' integrations: a task's error in the history, for which Retry and Catch look. */
export const integrationErrors = {
  sqsRefuses: {
    value: 'SQS.AmazonSQSException',
    of: `${sfn}/error_handling/test_task_service_sqs.snapshot.json test_send_message_empty_body`,
    on: '2023-06-22',
  },
  sqsUnreachable: {
    value: 'SQS.SdkClientException',
    of: `${sfn}/error_handling/test_task_service_sqs.snapshot.json test_send_message_no_such_queue`,
    on: '2023-06-22',
  },
  lambdaAbsent: {
    value: 'Lambda.ResourceNotFoundException',
    of: `${sfn}/error_handling/test_task_service_lambda.snapshot.json test_no_such_function`,
    on: '2025-11-25',
  },
  syncFailed: {
    value: 'States.TaskFailed',
    of: `${sfn}/services/test_ecs_task_service.snapshot.json test_run_task_sync_raise_failure`,
    on: '2024-02-25',
  },
  // Also of a heartbeat that did not come: so the history calls it, whatever Retry and Catch may call it.
  timedOut: {
    value: 'States.Timeout',
    of: `${sfn}/timeouts/test_heartbeats.snapshot.json test_heartbeat_timeout`,
    on: '2024-04-18',
  },
  itemsUnreadable: {
    value: 'States.ItemReaderFailed',
    of: `${sfn}/scenarios/test_base_scenarios.snapshot.json test_map_item_reader_csv_max_items_paths[-1]`,
    on: '2024-03-25',
  },
} satisfies Record<string, Recording<string>>;

/** An error of a service's own interface: its code, the status, and the beginning of what it says. */
export interface ServiceError {
  code: string;
  status: number;
  says: string;
}

export const serviceErrors = {
  queueAbsent: {
    value: {
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      status: 400,
      says: 'The specified queue does not exist',
    },
    of: 'sqs/test_sqs.snapshot.json test_non_existent_queue',
    on: '2024-04-30',
  },
  receiptExpired: {
    value: { code: 'InvalidParameterValue', status: 400, says: 'The receipt handle has expired.' },
    of: 'sqs/test_sqs.snapshot.json test_fifo_delete_after_visibility_timeout[sqs]',
    on: '2025-03-28',
  },
  queueOtherwise: {
    value: {
      code: 'QueueAlreadyExists',
      status: 400,
      says: 'A queue already exists with the same name and a different value for attribute',
    },
    of: 'sqs/test_sqs.snapshot.json test_create_queue_with_different_attributes_raises_exception[sqs]',
    on: '2024-04-30',
  },
  executionThere: {
    value: { code: 'ExecutionAlreadyExists', status: 400, says: 'Execution Already Exists' },
    of: `${sfn}/test_sfn_api.snapshot.json test_start_execution_idempotent`,
    on: '2024-08-21',
  },
  keyAbsent: {
    value: { code: 'NoSuchKey', status: 404, says: 'The specified key does not exist.' },
    of: 's3/test_s3_api.snapshot.json test_copy_object_if_match_versioned_bucket',
    on: '2026-02-21',
  },
  // To HEAD, which has no body.
  headAbsent: {
    value: { code: '404', status: 404, says: 'Not Found' },
    of: 's3/test_s3.snapshot.json test_head_object_fields',
    on: '2026-02-21',
  },
  bucketAbsent: {
    value: { code: 'NoSuchBucket', status: 404, says: 'The specified bucket does not exist' },
    of: 's3/test_s3_notifications_sns.snapshot.json test_bucket_not_exist',
    on: '2025-01-21',
  },
  alreadyThere: {
    value: {
      code: 'PreconditionFailed',
      status: 412,
      says: 'At least one of the pre-conditions you specified did not hold',
    },
    of: 's3/test_s3_preconditions.snapshot.json test_s3_copy_object_if_source_unmodified_since',
    on: '2026-02-23',
  },
  writtenRightNow: {
    value: {
      code: 'ConditionalRequestConflict',
      status: 409,
      says: 'The conditional request cannot succeed due to a conflicting operation against this resource.',
    },
    of: 's3/test_s3_api.snapshot.json test_multipart_if_none_match_with_delete',
    on: '2026-02-21',
  },
  refused: {
    value: { code: 'AccessDenied', status: 403, says: 'Access Denied' },
    of: 's3/test_s3.snapshot.json test_get_bucket_policy',
    on: '2026-02-21',
  },
  archived: {
    value: {
      code: 'InvalidObjectState',
      status: 403,
      says: "The operation is not valid for the object's storage class",
    },
    of: 's3/test_s3.snapshot.json test_put_object_storage_class[DEEP_ARCHIVE-False]',
    on: '2026-02-21',
  },
  partAbsent: {
    value: {
      code: 'InvalidPart',
      status: 400,
      says: 'One or more of the specified parts could not be found.',
    },
    of: 's3/test_s3.snapshot.json test_multipart_complete_multipart_wrong_part',
    on: '2026-02-21',
  },
  keyDisabled: {
    value: { code: 'KMS.DisabledException', status: 400, says: ' is disabled.' },
    of: 's3/test_s3.snapshot.json test_s3_sse_validate_kms_key_state',
    on: '2026-02-21',
  },
} satisfies Record<string, Recording<ServiceError>>;

/** An event of a history: [id, previousEventId, type, details]; the details by their name in the API. */
export type Step = [id: number, previous: number, type: string, details?: Record<string, object>];

const entered = (name: string) => ({ stateEnteredEventDetails: { name } });
const exited = (name: string, output = '{}') => ({ stateExitedEventDetails: { name, output } });
const sendMessage = { resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' };

/** How histories go. States have the names that the recordings have. */
export const histories = {
  heartbeatMissed: {
    value: [
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered', entered('SendMessageWithWait')],
      [3, 2, 'TaskScheduled', { taskScheduledEventDetails: sendMessage }],
      [4, 3, 'TaskStarted', { taskStartedEventDetails: sendMessage }],
      [5, 4, 'TaskSubmitted', { taskSubmittedEventDetails: sendMessage }],
      [6, 5, 'TaskTimedOut', { taskTimedOutEventDetails: { ...sendMessage, error: 'States.Timeout' } }],
      [7, 6, 'ExecutionFailed', { executionFailedEventDetails: { error: 'States.Timeout' } }],
    ],
    of: `${sfn}/timeouts/test_heartbeats.snapshot.json test_heartbeat_timeout`,
    on: '2024-04-18',
  },
  mapRunFailed: {
    value: [
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'MapStateEntered', entered('MapState')],
      [3, 2, 'MapStateStarted'],
      [4, 3, 'MapRunStarted'],
      [
        5,
        4,
        'MapRunFailed',
        {
          mapRunFailedEventDetails: {
            error: 'States.ItemReaderFailed',
            cause: 'field MaxItems must be positive',
          },
        },
      ],
      [6, 5, 'MapStateFailed'],
      [
        7,
        6,
        'ExecutionFailed',
        {
          executionFailedEventDetails: {
            error: 'States.ItemReaderFailed',
            cause: 'field MaxItems must be positive',
          },
        },
      ],
    ],
    of: `${sfn}/scenarios/test_base_scenarios.snapshot.json test_map_item_reader_csv_max_items_paths[-1]`,
    on: '2024-03-25',
  },
  lambdaRetried: {
    value: [
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered', entered('LambdaTask')],
      [3, 2, 'LambdaFunctionScheduled'],
      [4, 3, 'LambdaFunctionStarted'],
      [
        5,
        4,
        'LambdaFunctionFailed',
        {
          lambdaFunctionFailedEventDetails: {
            error: 'Exception',
            cause: '{"errorMessage":"Some exception was raised.","errorType":"Exception"}',
          },
        },
      ],
      [6, 5, 'LambdaFunctionScheduled'],
      [7, 6, 'LambdaFunctionStarted'],
      [8, 7, 'LambdaFunctionSucceeded'],
      [9, 8, 'TaskStateExited', exited('LambdaTask')],
      [10, 9, 'ExecutionSucceeded', { executionSucceededEventDetails: { output: '{}' } }],
    ],
    of: `${sfn}/scenarios/test_base_scenarios.snapshot.json test_retry_interval_features_jitter_none (its first six events)`,
    on: '2024-02-23',
  },
  // SendTaskFailure without an error: the event has neither error nor cause.
  branchCaught: {
    value: [
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'ParallelStateEntered', entered('ParallelJob')],
      [3, 2, 'ParallelStateStarted'],
      [4, 3, 'TaskStateEntered', entered('SendMessageWithWait')],
      [5, 4, 'TaskScheduled', { taskScheduledEventDetails: sendMessage }],
      [6, 5, 'TaskStarted', { taskStartedEventDetails: sendMessage }],
      [7, 6, 'TaskSubmitted', { taskSubmittedEventDetails: sendMessage }],
      [8, 7, 'TaskFailed', { taskFailedEventDetails: sendMessage }],
      [9, 8, 'TaskStateAborted'],
      [10, 8, 'ParallelStateFailed'],
      [11, 10, 'ParallelStateExited', exited('ParallelJob')],
      [12, 11, 'PassStateEntered', entered('CaughtStatesALL')],
      [13, 12, 'PassStateExited', exited('CaughtStatesALL')],
      [14, 13, 'ExecutionSucceeded', { executionSucceededEventDetails: { output: '{}' } }],
    ],
    of: `${sfn}/callback/test_callback.snapshot.json test_sqs_failure_in_wait_for_task_tok_no_error_field[SQS_PARALLEL_WAIT_FOR_TASK_TOKEN]`,
    on: '2024-04-29',
  },
} satisfies Record<string, Recording<Step[]>>;

/**
 * Names of errors that AWS documents and nobody has recorded, each with where. A name that a definition waits for is here
 * or above, or is one of our own.
 */
export const documentedErrors: Record<string, string> = {
  'States.ALL': 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  'States.HeartbeatTimeout':
    'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  'States.ExceedToleratedFailureThreshold':
    'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  'Lambda.ServiceException': 'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html',
  'Lambda.AWSLambdaException': 'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html',
  'Lambda.SdkClientException': 'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html',
  'Lambda.TooManyRequestsException':
    'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html',
  'Lambda.Unknown': 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  // What a function's error is called that took its whole time.
  'Sandbox.Timedout': 'https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html',
  // A function whose process ended.
  'Runtime.ExitError': 'https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html',
  'CodeBuild.CodeBuildException':
    'https://github.com/CloudSnorkel/cdk-github-runners/blob/main/src/providers/codebuild.ts',
  // As integrations of older SDKs are named: SQS.AmazonSQSException, Lambda.AWSLambdaException.
  'CodeBuild.AWSCodeBuildException':
    'https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/codebuild/model/AWSCodeBuildException.html',
  'CodeBuild.SdkClientException':
    'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
};
